"""What is taken from the environment, and what is not."""

from pathlib import Path

import pytest
from support.scenario import write_small_watch

from flows.runtime import settings
from queries.errors import SettingsError


def test_settings_hold_the_secrets_that_watches_use_and_nothing_else_of_the_environment(
    tmp_path: Path,
) -> None:
    write_small_watch(
        tmp_path, {"ann": "mailtos://${MAIL}&to=ann@example.org", "lab": "$HOOK/$ROOM", "log": "$UNSET"}
    )
    (tmp_path / "broken.toml").write_text('[[recipients]]\nurl = "$OTHER"', encoding="utf-8")
    environment = {
        "SEEDWATCH_WATCHES": str(tmp_path),
        "HOME": "/home/ann",
        "AWS_SECRET_ACCESS_KEY": "k",
        "OTHER": "o",
        "MAIL": "m",
        "HOOK": "h",
        "ROOM": "r",
        "SEEDWATCH_MAIL": "folder://out",  # of the shipped watch
    }
    read = settings.read(environment)
    assert read.secrets == {"MAIL": "m", "HOOK": "h", "ROOM": "r", "SEEDWATCH_MAIL": "folder://out"}
    assert not {"'m'", "'h'", "'r'"} & set(repr(read).split())


@pytest.mark.parametrize(
    ("variable", "place", "problem"),
    [
        ("SEEDWATCH_HOME", "file", "is not a folder"),
        ("SEEDWATCH_HOME", "x" * 300, "cannot be used (File name too long)"),
        ("SEEDWATCH_HOME", "\udcff", "is not UTF-8"),
        ("SEEDWATCH_DATABASE", "folder", "is a folder"),
        ("SEEDWATCH_DATABASE", "x" * 300, "cannot be used (File name too long)"),
        ("SEEDWATCH_DATABASE", "\udcff", "is not UTF-8"),
    ],
)
def test_a_place_that_cannot_be_is_named_with_its_variable(
    tmp_path: Path, variable: str, place: str, problem: str
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    with pytest.raises(SettingsError) as caught:
        settings.read({"SEEDWATCH_HOME": str(tmp_path), variable: str(tmp_path / place)})
    assert caught.value.subject == variable
    assert problem in caught.value.problem
    assert caught.value.remedy


def test_a_home_that_would_be_another_one_in_another_folder_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"is not absolute\. Write '/") as caught:
        settings.read({"SEEDWATCH_HOME": "state"})
    assert caught.value.subject == "SEEDWATCH_HOME"
    assert settings.read({"SEEDWATCH_HOME": "~/state"}).home.is_absolute()
