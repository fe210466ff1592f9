"""The standing of the watches for a script: every field by its name, and the schema that says so."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from reports.answers.status import Status

PLAIN: dict[object, dict[str, object]] = {
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    NoneType: {"type": "null"},
}


def as_json(stands: Sequence[Status]) -> str:
    """A list of the watches, as `schema` describes it."""
    return json.dumps([_named(status) for status in stands], indent=1)


def schema() -> str:
    """The JSON Schema (2020-12) of what `as_json` gives."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "seedwatch status --json"}
    return json.dumps({**head, "type": "array", "items": _described(Status)}, indent=1)


def _named(value: object) -> object:
    """Records as objects, times as ISO 8601, whatever holds several as a list."""
    if names := _names(type(value)):
        return {name: _named(getattr(value, name)) for name in names}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _named(each) for key, each in value.items()}
    if isinstance(value, tuple | list | frozenset):
        return [_named(each) for each in value]
    return value


def _described(hint: Any) -> dict[str, object]:  # noqa: ANN401 - type hints have no type
    """The schema of a type hint."""
    if hint in PLAIN:
        return PLAIN[hint]
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is UnionType:
        return {"anyOf": [_described(each) for each in arguments]}
    if origin is tuple:
        return {"type": "array", "items": _described(arguments[0])}
    if origin is dict:
        return {"type": "object", "additionalProperties": _described(arguments[1])}
    if issubclass(hint, StrEnum):
        return {"enum": [each.value for each in hint]}
    hints = get_type_hints(hint)
    return {
        "type": "object",
        "description": " ".join((hint.__doc__ or "").split()),
        "properties": {name: _described(hints[name]) for name in _names(hint)},
        "required": list(_names(hint)),
    }


def _names(kind: type) -> tuple[str, ...]:
    """The fields of a record; none of anything else."""
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else getattr(kind, "_fields", ())
