"""Facet drift in words: for Prefect's page of a sweep, and in one line for the operator."""

from datetime import date

from queries.drift import Drift, Rise
from reports.digest.wording import MONTHS
from reports.formats.markdown import escaped


def markdown(title: str, drift: Drift) -> str:
    """The page: a table of months by keyword, then what rises."""
    if not drift.months:
        return f"# Keywords of {escaped(title)}\n\nThe library holds no whole month of records yet.\n"
    rows = zip(drift.months, drift.every, *drift.facets.values(), strict=True)
    table = [
        _row("Month", "All", *map(escaped, drift.facets)),
        _row(":--", *["--:"] * (1 + len(drift.facets))),
        *(_row(month(first), *map(str, counts)) for first, *counts in rows),
    ]
    rising = [f"- **{escaped(rise.term)}**: {escaped(_why(rise, drift))}" for rise in drift.rises]
    return "\n".join(
        [
            f"# Keywords of {escaped(title)}",
            "",
            "Records by the month that PubMed created them, and how many hit each keyword.",
            "",
            *table,
            "",
            "## Rising words",
            "",
            *(rising or [_none(drift)]),
            "",
        ]
    )


def line(drift: Drift) -> str:
    """What rises, in a line; "" if nothing does."""
    if not drift.rises:
        return ""
    words = "; ".join(f"{rise.term}: {_why(rise, drift)}" for rise in drift.rises)
    return f"Words that rise, to add to the anchors or not: {words}"


def month(first: date) -> str:
    """A month, e.g. Nov 2026."""
    return f"{MONTHS[first.month - 1][:3]} {first.year}"


def _why(rise: Rise, drift: Drift) -> str:
    """E.g. "14 of 60 records since Sep 2026, 2 of 58 before, suggested for Tyrosine kinase inhibitor"."""
    of = "" if rise.beside == rise.keyword else f" on {rise.beside}"
    kind = f", whose drugs end in -{rise.ending} too" if rise.ending else ""
    return (
        f"{rise.recent} of {rise.of_recent} records{of} since {month(drift.months[-drift.recent])}, "
        f"{rise.before} of {rise.of_before} before, suggested for {rise.keyword}{kind}"
    )


def _none(drift: Drift) -> str:
    if drift.recent == len(drift.months):
        return "None can be told yet: all records are of the months that count as recent."
    return "None rises beyond chance that isn't a synonym or a trap already."


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
