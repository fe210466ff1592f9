"""The published JSON schema takes what the program takes."""

import json
import tomllib

import pytest
from conftest import Shell
from jsonschema import Draft202012Validator
from support.watch_files import SMALL

from queries.watch.file import SHIPPED
from queries.watch.schema import schema

VALIDATOR = Draft202012Validator(schema())


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("text", [(SHIPPED / "cml-stem-cells.toml").read_text(encoding="utf-8"), SMALL])
def test_a_watch_in_order_validates(text: str) -> None:
    assert list(VALIDATOR.iter_errors(tomllib.loads(text))) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title =", "tilte ="),
        ('words = ["niche"]', 'words = "niche"'),
        ("max = 40", 'max = "many"'),
        ('all   = ["drug", "niche"]', 'any = ["drug"]'),
        ('short = "TME"', ""),
    ],
)
def test_a_mistake_that_an_editor_could_mark_does_not(old: str, new: str) -> None:
    assert old in SMALL
    assert list(VALIDATOR.iter_errors(tomllib.loads(SMALL.replace(old, new, 1))))


def test_the_command_prints_it(seedwatch: Shell) -> None:
    assert json.loads(seedwatch("schema").stdout) == json.loads(json.dumps(schema()))
