"""`seedwatch check` tells a mistake from advice, and both from a message that did not arrive."""

from pathlib import Path

import pytest
from support.scenario import write_small_watch
from typer.testing import CliRunner, Result

from flows.cli import app


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of a person with a mirror that nobody asks."""
    (tmp_path / "state").mkdir(mode=0o700)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SEEDWATCH_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("SEEDWATCH_WATCHES", str(tmp_path / "watches"))
    monkeypatch.setenv("SEEDWATCH_EUTILS_URL", "http://127.0.0.1:9/")
    monkeypatch.setenv("SEEDWATCH_PATIENCE", "0.5")
    return tmp_path


def check(*options: str) -> Result:
    return CliRunner().invoke(app, ["check", "small", *options])


def test_advice_is_said_and_is_no_mistake(here: Path) -> None:
    """The topic means something, and the mail would arrive."""
    write_small_watch(here / "watches", {"ann": "mailto://me:pass@example.org?to=ann@example.org"})
    file = here / "watches" / "small.toml"
    file.write_text(file.read_text().replace("niche[tiab] OR", "niche OR", 1))
    run = check("--offline")
    assert run.exit_code == 0
    advice = [line for line in run.output.splitlines() if "advice: " in line]
    assert len(advice) == 2
    assert "topic TME, term at character 2: niche has no field" in advice[0]
    assert "recipient ann, url: an address stands in the file itself. Put it in the" in advice[1]
    assert "small: 2 topics, 0 anchors in order" in run.output


def test_a_mistake_beside_advice_is_a_mistake(here: Path) -> None:
    write_small_watch(here / "watches", {"ann": "json://127.0.0.1", "bob": "$UNSET"})
    run = check()
    assert run.exit_code == 2
    assert "recipient bob, url: $UNSET is not set" in run.output
    assert "in order" not in run.output


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        (
            "json://127.0.0.1:9/a, json://127.0.0.1:9/b",
            "recipient ann: its URL is several URLs. Make a recip",
        ),
        ("folder://out json://127.0.0.1:9/b", "recipient ann: its URL is several URLs. Make a recipient of"),
        (
            "mailto://127.0.0.1:9?from=w@example.org&to=a@example.org;b@example.org",
            "recipient ann: no channel",
        ),
    ],
)
def test_a_url_that_a_digest_would_refuse_or_cut_is_a_mistake(here: Path, url: str, problem: str) -> None:
    """Everybody behind the first URL would get nothing, and the digest would count as sent."""
    write_small_watch(here / "watches", {"ann": url})
    run = check("--offline")
    assert run.exit_code == 2
    assert problem in run.output


def test_two_recipients_in_one_folder_are_a_mistake(here: Path) -> None:
    """Their digests of one number would be in each other's way."""
    url = f"folder://{here}/out"
    write_small_watch(here / "watches", {"ann": url, "bob": url, "cat": f"{url}/cat"})
    run = check()
    assert run.exit_code == 2
    (line,) = [line for line in run.output.splitlines() if "too" in line]
    assert (
        line
        == "small: recipient bob, url: is the folder of recipient ann, too. Give each a folder of its own"
    )


def test_a_test_message_that_does_not_arrive_is_a_channel_that_failed(here: Path) -> None:
    write_small_watch(here / "watches", {"ann": "json://127.0.0.1:9", "bob": f"folder://{here}/out"})
    run = check("--send")
    assert run.exit_code == 3
    assert "recipient ann: " in run.output
    assert "test message not sent" in run.output
    assert "test message sent" in run.output
    assert list((here / "out").rglob("*.eml"))


@pytest.mark.parametrize("mode", [0o755, 0o750, 0o701])
def test_a_state_folder_that_others_may_look_into_is_said_with_the_remedy(here: Path, mode: int) -> None:
    """It is the person's own folder, perhaps with other things: nothing is changed unasked."""
    write_small_watch(here / "watches", {"bob": f"folder://{here}/out"})
    (here / "state").chmod(mode)
    run = check("--offline")
    assert run.exit_code == 0
    assert f"others may look into {here / 'state'}" in run.output
    assert f"chmod go= {here / 'state'}" in run.output
    (here / "state").chmod(mode & 0o700)
    assert "advice" not in check("--offline").output
