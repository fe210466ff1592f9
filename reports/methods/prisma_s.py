"""PRISMA-S, the reporting of searches, item by item: what the ledger fills, and what a person must fill.

Items: Rethlefsen ML et al., Syst Rev 2021;10:39. Filling them is no claim of compliance.
"""

from collections.abc import Iterator
from typing import NamedTuple

from queries.records.harvest import Lane
from reports.digest.wording import LANES, day, plural
from reports.methods.record import MethodsInputs, PrismaFlow


class PrismaItem(NamedTuple):
    """An item: `text` is what the ledger says; an `open` one says what a person has to add."""

    number: int
    name: str
    text: str
    open: bool = False


_ROUTES = {Lane.SIMILAR, Lane.CITED_BY}
_DEDUPLICATION = (
    "Records are joined into works by seedwatch: one DOI or one PMCID, a preprint and its article, and the "
    "agreement of title, authors, year, journal and pages, each join with its rule and evidence on record; "
    "what a person parted stays apart. "
)


def items(inputs: MethodsInputs, flow: PrismaFlow) -> list[PrismaItem]:
    """All sixteen, in order."""
    return list(_items(inputs, flow))


def counted(every: list[PrismaItem]) -> str:
    """E.g. 10 of 16 items filled from the ledger, 6 left open for a person."""
    left = sum(item.open for item in every)
    return f"{len(every) - left} of {len(every)} items filled from the ledger, {left} left open for a person"


def _items(inputs: MethodsInputs, flow: PrismaFlow) -> Iterator[PrismaItem]:
    searches = inputs.searches
    asked = bool(searches)
    routes = sorted({LANES[each.lane].searched for each in searches if each.lane in _ROUTES})
    fields = sorted({each.field.upper() for each in searches if each.field})
    yield PrismaItem(1, "Database name", "PubMed (NLM), asked through NCBI's E-utilities.")
    yield PrismaItem(
        2, "Multi-database searching", "None: PubMed is searched by itself, on its own platform."
    )
    yield PrismaItem(3, "Study registries", "Registries searched besides, with dates.", open=True)
    yield PrismaItem(
        4, "Online resources and browsing", "Web sites, tables of contents, print sources.", open=True
    )
    yield PrismaItem(
        5,
        "Citation searching",
        f"From the seed article, by NCBI's ELink: {', '.join(routes)}."
        if routes
        else "Citation searching, if any was done: seedwatch did none in this span.",
        open=not routes,
    )
    yield PrismaItem(6, "Contacts", "Authors, experts or makers who were asked for studies.", open=True)
    yield PrismaItem(7, "Other methods", "Any other way by which studies were found.", open=True)
    yield PrismaItem(
        8,
        "Full search strategies",
        f"{plural(len(inputs.strategies), 'search', 'searches')} as typed and as PubMed translated "
        f"{'it' if len(inputs.strategies) == 1 else 'them'}: below, word for word.",
        open=not asked,
    )
    yield PrismaItem(
        9,
        "Limits and restrictions",
        "No limit but those within the strategies themselves; each question was asked for a window of days "
        f"of PubMed's own dates ({', '.join(fields)})."
        if fields
        else "Limits of the searches.",
        open=not fields,
    )
    yield PrismaItem(10, "Search filters", "Published filters within the strategies, cited.", open=True)
    yield PrismaItem(11, "Prior work", "Strategies of other reviews that were adapted or reused.", open=True)
    harvests = [run for run in inputs.runs if run.flow in {"harvest", "sweep", "backfill"}]
    yield PrismaItem(
        12,
        "Updates",
        f"The searches ran {plural(len(harvests), 'time')} in this span, each from where the one before had "
        "read completely; back-sweeps ask for the last months once more.",
        open=not harvests,
    )
    dates = f"{day(min(s.first for s in searches))} to {day(max(s.last for s in searches))}" if asked else ""
    yield PrismaItem(
        13,
        "Dates of searches",
        f"Asked from {dates}; the days asked for stand with each question below."
        if asked
        else "When each search was last asked: never in this span.",
        open=not asked,
    )
    yield PrismaItem(14, "Peer review", "Who reviewed the strategies, and how (PRESS).", open=True)
    received = sum(each.received for each in searches)
    yield PrismaItem(
        15,
        "Total records",
        f"{received:,} records came back over all questions, the same one as often as it matched; "
        f"{flow.records:,} distinct records were decided about.",
        open=not asked,
    )
    yield PrismaItem(
        16, "Deduplication", f"{_DEDUPLICATION}{plural(flow.merged, 'record')} merged in this span."
    )
