"""What is wrong with a watch file, in one line: its table and key, what is wrong there, and what to do."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import get_args

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

_EVERY = "the README's 'The watch file' has every key"
_SEVERAL = {"tuple_type": "should be a list", "dict_type": 'should be a table such as { TME = ["tumor"] }'}


class WatchTable(BaseModel):
    """A table of the file: unknown keys are mistakes, and nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Mistake(ValueError):
    """A value that cannot be, with the remedy; `key` is where it stands, if the check knows that better."""

    def __init__(self, problem: str, remedy: str = "", key: str = "") -> None:
        """Keep the parts."""
        super().__init__(problem)
        self.remedy, self.key = remedy, key


def near(word: str, known: Sequence[str], kind: str) -> str:
    """The remedy for a name that is not known: the nearest one that is, else all of them.

    >>> near("nich", ("niche", "cml"), "facets")
    "Write 'niche'; the facets are niche, cml"
    """
    close = get_close_matches(word, known, n=1)
    every = f"the {kind} are {', '.join(known)}" if known else f"there are no {kind}"
    return f"Write {close[0]!r}; {every}" if close else f"{every[0].upper()}{every[1:]}"


def first(error: ValidationError, whole: type[WatchTable]) -> tuple[str, str]:
    """The first mistake of several as `key: what`, how many more there are, and the remedy."""
    found = error.errors(include_url=False)
    # a list whose only item is wrong is also reported as empty: that is no second mistake
    within = {mistake["loc"][:depth] for mistake in found for depth in range(len(mistake["loc"]))}
    own = [mistake for mistake in found if mistake["loc"] not in within]
    mistake, *others = sorted(own, key=lambda mistake: mistake["type"] != "extra_forbidden")
    key, what, remedy = _read(mistake, whole)
    more = f" (and {len(others)} more)" if others else ""
    return f"{key}: {what}{more}".removeprefix(": "), remedy


def _read(mistake: ErrorDetails, whole: type[WatchTable]) -> tuple[str, str, str]:
    """Key, problem and remedy of one of pydantic's errors."""
    steps = [step for step in mistake["loc"] if step != "[key]"]
    key = "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in steps).lstrip(".")
    own = mistake.get("ctx", {}).get("error")
    if mistake["type"] == "extra_forbidden":
        close = get_close_matches(str(steps[-1]), sorted(_keys_at(whole, steps[:-1])), n=1)
        anywhere = get_close_matches(str(steps[-1]), sorted(_keys(whole)), n=1)
        remedy = f"Write {(close or anywhere)[0]}" if close or anywhere else f"Remove it; {_EVERY}"
        return key, "is not a key of a watch", remedy
    if mistake["type"] == "missing":
        return key, "is missing", f"Write {key}; the README's 'The watch file' shows how"
    if steps == ["name"]:
        return "the file's name", str(own), "Rename the file"
    what = _SEVERAL.get(mistake["type"], mistake["msg"])
    what = what.removeprefix("Value error, ").removeprefix("Input ").replace("Tuple should", "should")
    remedy = getattr(own, "remedy", "") or f"Mend {key or 'it'}; {_EVERY}"
    return getattr(own, "key", "") or key, what, remedy


def _keys(table: type[WatchTable]) -> set[str]:
    """Every key that may stand in a watch file, at any depth."""
    return set(table.model_fields).union(*(_keys(inner) for inner in _inner(table).values()))


def _keys_at(whole: type[WatchTable], steps: Sequence[int | str]) -> set[str]:
    """The keys of the table at this place."""
    table = whole
    for step in steps:
        table = _inner(table).get(str(step), table)
    return set(table.model_fields)


def _inner(table: type[WatchTable]) -> dict[str, type[WatchTable]]:
    """The tables within a table, by their keys."""
    return {name: inner for name, field in table.model_fields.items() for inner in _tables(field.annotation)}


def _tables(annotation: object) -> Iterator[type[WatchTable]]:
    if isinstance(annotation, type) and issubclass(annotation, WatchTable):
        yield annotation
    for each in get_args(annotation):
        yield from _tables(each)
