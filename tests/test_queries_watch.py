"""A watch file: what it says, and what is said of each mistake in it."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from support.watch_files import SMALL, written

from queries.errors import SettingsError, WatchError
from queries.watch.check import problems, resolve
from queries.watch.file import SHIPPED, Watch, load, watch_files


@pytest.fixture
def small(tmp_path: Path) -> Watch:
    return load(written(tmp_path, SMALL))


def test_a_file_becomes_a_watch_with_defaults(small: Watch) -> None:
    """The name is the file's, the DOI loses its resolver, the term stands on one line."""
    assert (small.name, small.seed.doi) == ("niche", "10.5555/seed.1")
    assert small.topics[0].term == '(niche[tiab] OR "Stem Cell Niche"[mh]) AND imatinib[tiab]'
    assert (small.schedule.zone, small.schedule.first_days) == (ZoneInfo("Europe/Oslo"), 14)
    assert (small.digest.cap, small.routes.similar, small.recipients[0].format) == (20, True, "html")


def test_a_file_that_cannot_be_read_or_is_badly_named_is_said(tmp_path: Path) -> None:
    """Absent, in another encoding, with a name that no command could take."""
    with pytest.raises(WatchError, match="cannot be read"):
        load(tmp_path / "absent.toml")
    (tmp_path / "latin.toml").write_bytes(SMALL.replace("Niche watch", "Nísche").encode("latin-1"))
    with pytest.raises(WatchError, match="UTF-8"):
        load(tmp_path / "latin.toml")
    with pytest.raises(WatchError, match=r"the file's name: .*Rename the file"):
        load(written(tmp_path, SMALL, "My Watch"))


def test_a_later_folder_replaces_a_watch_of_the_same_name(tmp_path: Path) -> None:
    """So that a group can change the shipped watch without touching the installation."""
    own = written(tmp_path, SMALL, "cml-stem-cells")
    assert list(watch_files((SHIPPED, tmp_path))) == [own]


def test_names_in_an_address_come_from_the_environment(small: Watch) -> None:
    """$NAME and ${NAME}; a missing one names watch, recipient and variable, and no value."""
    group = small.recipients[0]
    environment = {"MAIL_USER": "ann", "MAIL_PASS": "secret"}
    assert resolve(group, small.name, environment) == "mailtos://ann:secret@example.org"
    with pytest.raises(SettingsError) as caught:
        resolve(group, small.name, {"MAIL_PASS": "secret", "MAIL_USER": " "})
    assert str(caught.value).startswith("watch niche, recipient group: $MAIL_USER is not set. Set MAIL_USER")
    assert "secret" not in str(caught.value)


def test_a_watch_in_order_has_no_problems(small: Watch) -> None:
    """Nothing is invented."""
    assert problems(small, {"MAIL_USER": "ann", "MAIL_PASS": "secret"}) == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("AND imatinib[tiab]", "AND imatinib", "topic TME, term at character 44: imatinib has no field"),
        ("AND imatinib[tiab]", "AND leukemia[tiab]", "leukemia is also spelled leukaemia"),
        (
            "$MAIL_USER:${MAIL_PASS}",
            "ann:secret",
            "recipient group, url: an address stands in the file itself",
        ),
        (
            "mailtos://$MAIL_USER:${MAIL_PASS}@example.org",
            "$MAIL_USER",
            "recipient group, url: is not an apprise URL",
        ),
        ("$MAIL_USER", "$MAILER", "recipient group, url: $MAILER is not set. Set MAILER"),
    ],
)
def test_what_loads_and_still_is_wrong_is_a_problem(tmp_path: Path, old: str, new: str, said: str) -> None:
    """The lint of each term, secrets in the file, names that are not set."""
    watch = load(written(tmp_path, SMALL.replace(old, new)))
    found = problems(watch, {"MAIL_USER": "ann", "MAIL_PASS": "secret"})
    assert len(found) == 1
    assert said in str(found[0])


def test_a_folder_is_no_secret(tmp_path: Path) -> None:
    """The demo's own channel may stand in the file."""
    watch = load(
        written(tmp_path, SMALL.replace("mailtos://$MAIL_USER:${MAIL_PASS}@example.org", "folder://out"))
    )
    assert problems(watch, {}) == ()
