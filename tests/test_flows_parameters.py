"""One model says what a flow takes: its signature, Prefect's form and the command line agree with it."""

import inspect
from importlib import import_module

import jsonschema
import pytest
from typer.main import get_command

from flows.cli import app
from flows.runtime.parameters import MODELS, schema


@pytest.mark.parametrize("name", MODELS)
def test_the_model_is_the_flows_signature_and_its_defaults(name: str) -> None:
    flow = getattr(import_module(f"flows.{name}"), name)
    signature = inspect.signature(flow.fn).parameters
    fields = MODELS[name].model_fields
    assert set(signature) == set(fields)
    for parameter, field in fields.items():
        default = signature[parameter].default
        assert default is (inspect.Parameter.empty if field.is_required() else field.default)


@pytest.mark.parametrize("name", MODELS)
def test_the_command_takes_what_the_model_takes(name: str) -> None:
    command = get_command(app).commands[name]  # type: ignore[attr-defined]
    taken = {parameter.name for parameter in command.params} - {"as_json", "help"}
    assert taken == set(MODELS[name].model_fields)


@pytest.mark.parametrize("name", MODELS)
def test_everything_in_the_form_has_a_title_and_words(name: str) -> None:
    for each in schema(name, ["a"])["properties"].values():
        assert each["title"]
        assert each["description"]


@pytest.mark.parametrize(
    ("parameters", "valid"),
    [
        ({"watch": "a"}, True),
        ({"watch": "b", "since": "2026-02-01", "until": None}, True),
        ({"watch": "a", "now": "2026-11-25T07:00:00+01:00", "preview": True}, True),
        ({}, False),
        ({"watch": "c"}, False),
        ({"watch": ["a"]}, False),
        ({"watch": "a", "sinec": "2026-02-01"}, False),
        ({"watch": "a", "since": "2026-2-1"}, False),
        ({"watch": "a", "since": "2026-02-32"}, False),
        ({"watch": "a", "since": "2026-02-01\n"}, False),
        ({"watch": "a", "now": "soon"}, False),
        ({"watch": "a", "now": "2026-11-25T25:00"}, False),
        ({"watch": "a", "anyway": "yes"}, False),
        ({"watch": "a", "again": 1}, False),
    ],
)
def test_what_is_unknown_or_malformed_is_refused(parameters: dict[str, object], valid: bool) -> None:
    errors = list(jsonschema.Draft202012Validator(schema("run", ["a", "b"])).iter_errors(parameters))
    assert not errors if valid else errors
