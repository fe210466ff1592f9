"""What NLM changed in a record, field by field, and when we saw it: an indexing changelog. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date, datetime
from functools import singledispatch
from itertools import pairwise
from typing import NamedTuple

import msgspec

from queries.records.article import (
    Accession,
    Article,
    Author,
    Chemical,
    Grant,
    Heading,
    Issn,
    Journal,
    Keyword,
    Link,
    Milestone,
    Note,
    OtherAbstract,
    OtherId,
    Passage,
    Reference,
    Term,
)
from queries.records.library import Fetched, Revision, Tombstone
from reports.digest.entry import clean
from reports.digest.wording import day

SILENT = frozenset({"pmid", "title_html", "revised"})  # what every change brings with it
CONTEXT = 3  # words shown around what differs in a text
WIDTH = 160  # characters shown of a value
_NAMES = {"mesh": "MeSH", "doi": "DOI", "pmcid": "PMCID", "pii": "PII", "coi": "conflict of interest"}


class FieldChange(NamedTuple):
    """A field of two versions of a record: what only the later has, what only the earlier."""

    field: str
    added: tuple[str, ...]
    removed: tuple[str, ...]


def field_changes(before: Article, after: Article) -> list[FieldChange]:
    """What differs between two versions, in the record's order; lists by their members, texts whole."""
    found = []
    for field in fields(Article):
        old, new = getattr(before, field.name), getattr(after, field.name)
        if old == new or field.name in SILENT:
            continue
        was, now = _members(old), _members(new)
        added, removed = [each for each in now if each not in was], [each for each in was if each not in now]
        if not added and not removed:  # the same members in another order, or more often
            added, removed = ["; ".join(now)], ["; ".join(was)]
        found.append(FieldChange(field.name, tuple(added), tuple(removed)))
    return found


def versions(article: Article, revisions: Sequence[Revision]) -> list[tuple[datetime | None, Article]]:
    """The record as it was, oldest first, each with when it was seen first (None: when it came)."""
    newest_first: list[tuple[datetime | None, Article]] = []
    now = article
    for revision in sorted(revisions, key=lambda revision: revision.at, reverse=True):
        newest_first.append((revision.at, now))
        known = msgspec.to_builtins(now)
        now = msgspec.convert(known | dict(revision.before), Article)
    return [(None, now), *reversed(newest_first)]


def tell(
    pmid: int,
    article: Article | None,
    fetched: Fetched | None,
    revisions: Sequence[Revision],
    tombstone: Tombstone | None,
) -> Iterator[str]:
    """The changelog in words, a line a field."""
    if article is None or fetched is None:
        yield f"PMID {pmid} is not in the library: nothing is known of its past."
        return
    yield f"PMID {pmid}: {clean(article.title)}"
    yield f"{day(fetched.first)}: fetched for the first time"
    every = versions(article, revisions)
    for (_, before), (at, after) in pairwise(every):
        for change in field_changes(before, after):
            yield f"{day(at) if at else ''}: {said(change)}"
    if tombstone:
        after_it = f"; PMID {tombstone.successor} took its place" if tombstone.successor else ""
        yield f"{day(tombstone.found)}: PubMed deleted it ({tombstone.reason}){after_it}"
    if not revisions:
        yield f"Nothing has changed in it up to {day(fetched.last)}."


def said(change: FieldChange) -> str:
    """E.g. MeSH: added Humans, Imatinib Mesylate*; removed Animals."""
    name = _NAMES.get(change.field, change.field.replace("_", " "))
    match change:
        case FieldChange(added=(new,), removed=(old,)):
            old, new = _differing(old, new)
            return f'{name}: was "{old}", now "{new}"'
        case _:
            parts = [f"added {_cut('; '.join(change.added))}"] if change.added else []
            parts += [f"removed {_cut('; '.join(change.removed))}"] if change.removed else []
            return f"{name}: {', '.join(parts)}"


def _differing(old: str, new: str) -> tuple[str, str]:
    """Two texts from where they part to where they meet again, with some words around it."""
    was, now = old.split(), new.split()
    same = 0
    while same < min(len(was), len(now)) and was[same] == now[same]:
        same += 1
    ends = 0
    while ends < min(len(was), len(now)) - same and was[-1 - ends] == now[-1 - ends]:
        ends += 1
    first, last = max(same - CONTEXT, 0), max(ends - CONTEXT, 0)
    shown = []
    for words in (was, now):
        middle = words[first : len(words) - last]
        shown.append(_cut(("… " * bool(first)) + " ".join(middle) + (" …" * bool(last))))
    return shown[0], shown[1]


def _cut(text: str) -> str:
    return text if len(text) <= WIDTH else text[: WIDTH - 1].rsplit(" ", 1)[0] + "…"


def _members(value: object) -> list[str]:
    """A field's value as texts: a list's members, a journal's parts, else the value itself; nothing is []."""
    if isinstance(value, Journal):
        parts = zip(Journal._fields, value, strict=True)
        return [f"{name.replace('_', ' ')} {part}" for name, part in parts if part]
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        return [clean(member(each)) for each in value]
    return [clean(member(value))] if value not in {None, "", False} else []


@singledispatch
def member(value: object) -> str:
    """One member of a field in words."""
    return str(value)


@member.register
def _(value: datetime) -> str:
    return f"{value:%Y-%m-%d %H:%M}"


@member.register
def _(value: date) -> str:
    return value.isoformat()


@member.register
def _(value: Heading) -> str:
    qualifiers = "".join(f"/{each.name}{'*' * each.major}" for each in value.qualifiers)
    return f"{value.name}{'*' * value.major}{qualifiers}"


@member.register(Term)
@member.register(Chemical)
def _(value: Term | Chemical) -> str:
    return value.name


@member.register(Keyword)
@member.register(Note)
@member.register(Passage)
def _(value: Keyword | Note | Passage) -> str:
    return value.text


@member.register
def _(value: Author) -> str:
    return (
        value.collective
        or f"{value.last} {value.fore or value.initials}{value.suffix and ' ' + value.suffix}"
    )


@member.register
def _(value: OtherAbstract) -> str:
    return f"{value.kind} {value.language}: {' '.join(each.text for each in value.passages)}"


@member.register
def _(value: Accession) -> str:
    return f"{value.bank} {value.number}"


@member.register(Issn)
def _(value: Issn) -> str:
    return f"{value.kind} {value.number}"


@member.register(OtherId)
def _(value: OtherId) -> str:
    return f"{value.source} {value.number}"


@member.register
def _(value: Grant) -> str:
    return f"{value.number} {value.agency}"


@member.register
def _(value: Link) -> str:
    return f"{value.kind} {f'PMID {value.pmid}' if value.pmid else value.source}"


@member.register
def _(value: Reference) -> str:
    return value.citation or f"PMID {value.pmid}"


@member.register
def _(value: Milestone) -> str:
    return f"{value.status} {value.at:%Y-%m-%d}"
