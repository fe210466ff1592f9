"""What is taken from the environment, and what is not."""

from pathlib import Path

from support.scenario import write_small_watch

from flows.runtime import settings


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
