"""How a digest says things, the same in every format: titles, headline, flow line, dates."""

from calendar import month_name
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from queries.records.digest import Band, Kind
from queries.records.harvest import Lane
from reports.digest.record import NAMED, Asked, Change, DaysRead, Digest, Entry, Miss

MONTHS: Final = tuple(month_name)[1:]


class SectionTitle(StrEnum):
    """The sections of a digest, in its order."""

    INCOMPLETE = "This digest is incomplete"
    CHANGES = "Changed since we told you"
    FIRST = "Read first"
    MORE = "More in this digest"
    TRENDS = "Week by week"
    HELD = "Held over"
    NEAR = "Nearly told"
    ASKED = "What was searched, and when"
    QUERIES = "The queries"


class KindWords(NamedTuple):
    """How a kind is said: its label, one and many of it, and what a digest told, after "told"."""

    label: str
    one: str = ""
    many: str = ""
    told: str = ""


class LaneWords(NamedTuple):
    """How a lane is said: what was searched, and how it found a paper."""

    searched: str
    found: str


KINDS: Final = {
    Kind.RETRACTION: KindWords("Retracted", "retraction", "retractions", "its retraction"),
    Kind.CONCERN: KindWords(
        "Expression of concern",
        "expression of concern",
        "expressions of concern",
        "an expression of concern about it",
    ),
    Kind.CORRECTION: KindWords("Corrected", "correction", "corrections", "a correction of it"),
    Kind.DELETED: KindWords(
        "Removed from PubMed", "record removed", "records removed", "that PubMed removed it"
    ),
    Kind.PUBLISHED: KindWords(
        "Now published",
        "preprint now published",
        "preprints now published",
        "that its preprint is now published",
    ),
    Kind.LATE: KindWords("Late arrival"),
    Kind.REINDEXED: KindWords(
        "Newly relevant after indexing", told="that it is newly relevant after indexing"
    ),
}
LANES: Final = {
    Lane.NEW: LaneWords("new records", "as a new record"),
    Lane.INDEXED: LaneWords("newly indexed", "when its MeSH terms arrived"),
    Lane.REVISED: LaneWords("revised", "when it was revised"),
    Lane.SWEEP: LaneWords("back-sweep", "in a back-sweep"),
    Lane.REREAD: LaneWords("told papers, read again", ""),  # it finds nothing
    Lane.SIMILAR: LaneWords("similar to the seed", "as a neighbour of the seed"),
    Lane.CITED_BY: LaneWords("citing the seed", "as citing the seed"),
}
SAMPLE: Final = "The articles below are invented; none of their PMIDs exists."
NOT_ASKED: Final = "not asked in this round"
CREDIT: Final = (
    "Quotations are from the abstracts and no medical advice; check the paper. Records from PubMed, "
    "U.S. National Library of Medicine."
)
_WORDS: Final = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")


def plural(count: int, one: str, many: str = "") -> str:
    """A count with its noun, e.g. 2 articles."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def subject(digest: Digest) -> str:
    """The subject line: what counts first, since a phone shows forty characters."""
    counts = ", ".join(_counts(digest))
    top = f": {_short(digest.entries[0].title, 60)}" if digest.entries else ""
    flags = "[sample] " * digest.sample + "Incomplete, " * incomplete(digest)
    return f"{flags}{counts}{top} · {digest.title}, digest {digest.number}"


def headline(digest: Digest) -> str:
    """The first sentence of the digest; never "nothing new" when something could not be read."""
    told, whole = len(digest.entries), digest.flow.told
    parts = [plural(told, "new article")] if told else []
    if digest.only and whole:
        number, are = _number(told).lower() if told else "none", "is" if told == 1 else "are"
        topics = ", ".join(digest.only)
        parts = [f"of {plural(whole, 'article')} told, {number} {are} on your topics ({topics})"]
    parts += _counts(digest)[1:]
    if parts:
        text = ("so far " if incomplete(digest) else "") + ", ".join(parts) + "."
        return text[:1].upper() + text[1:]
    return "Part of PubMed could not be read." if incomplete(digest) else "Nothing new."


def elaboration(digest: Digest) -> str:
    """The sentence after the headline: what a haematologist opens the mail for."""
    if incomplete(digest):
        return "What is missing will be in a later digest, once it can be read."
    if tfr := sum(entry.tfr for entry in digest.entries):
        return f"{_number(tfr)} {'reports' if tfr == 1 else 'report'} treatment-free remission."
    if digest.entries or digest.changes:
        return ""
    searched = plural(len(digest.topics), "topic")
    return f"PubMed was searched for {searched}; no record was both new and near enough to the review."


def incomplete(digest: Digest) -> bool:
    """Whether something that should have been read was not."""
    return bool(digest.trouble or (digest.coverage and digest.coverage.gaps))


def _counts(digest: Digest) -> list[str]:
    """What is new, then the changes, e.g. 9 new and 1 retraction."""
    told = len(digest.entries)
    new = f"{told} new" if told else "not fully read" if incomplete(digest) else "Nothing new"
    new += " on your topics" if digest.only else ""
    kinds = [change.kind for change in digest.changes]
    return [
        new,
        *(plural(kinds.count(kind), KINDS[kind].one, KINDS[kind].many) for kind in Kind if kind in kinds),
    ]


def flow(digest: Digest) -> str:
    """The flow line, whose parts add up."""
    f = digest.flow
    return (
        f"{f.found:,} found = {f.known:,} known + {f.merged:,} merged + {f.below:,} below threshold"
        f" + {f.held:,} held over + {f.told:,} told."
    )


def covered(days_read: DaysRead) -> str:
    """Which days PubMed has been read for."""
    if not days_read.gaps:
        return f"PubMed covered without a gap from {day(days_read.since)} to {day(days_read.until)}."
    gaps = ", ".join(period(*gap) for gap in days_read.gaps)
    return f"PubMed covered from {day(days_read.since)} to {day(days_read.until)}, but not {gaps}."


def day(when: date) -> str:
    """A day, e.g. 17 Nov 2026."""
    return f"{when.day} {MONTHS[when.month - 1][:3]} {when.year}"


def period(since: date, until: date) -> str:
    """Days from `since` to `until`, with what both share said once; none if `since` is later."""
    if since > until:
        return "no new day read"
    end = f"{until.day} {MONTHS[until.month - 1]} {until.year}"
    if since == until:
        return end
    start = f"{since.day}"
    if (since.year, since.month) != (until.year, until.month):
        start += f" {MONTHS[since.month - 1]}"
    if since.year != until.year:
        start += f" {since.year}"
    return f"{start} \N{EN DASH} {end}"


def partial(iso: str) -> str:
    """A partial ISO date as "2026", "Nov 2026" or "12 Nov 2026"; any other text is left as it is."""
    year, *rest = iso.split("-")
    if not all(part.isdigit() for part in (year, *rest)) or (rest and not 1 <= int(rest[0]) <= len(MONTHS)):
        return iso
    month = [MONTHS[int(rest[0]) - 1][:3]] if rest else []
    return " ".join([*(str(int(d)) for d in rest[1:2]), *month, year])


def dates(entry: Entry) -> str:
    """Both dates: "Published 12 Nov 2026, in PubMed 17 Nov"."""
    parts = [f"Published {partial(entry.published)}"] if entry.published else []
    if entry.added:
        same_year = entry.published.startswith(str(entry.added.year))
        parts.append("in PubMed " + (day(entry.added)[:-5] if same_year else day(entry.added)))
    text = ", ".join(parts)
    return text[:1].upper() + text[1:]


def quoted(entry: Entry) -> str:
    """Where the quotation stands: "Abstract, conclusions"."""
    return f"Abstract, {entry.quote_label[:1].lower()}{entry.quote_label[1:]}"


NEW_AND_RETRACTED = "New to you, and already retracted."


def change(change: Change) -> str:
    """What the reader had, and what has happened since."""
    what = "the preprint" if change.kind is Kind.PUBLISHED else "it"
    had = f"You had {what} in digest {change.told_in}." if change.told_in else NEW_AND_RETRACTED
    when, note = day(change.when) if change.when else "", change.note.rstrip(".")
    if change.kind is Kind.PUBLISHED:
        where = f"Now in {change.journal}" if change.journal else KINDS[Kind.PUBLISHED].label
        since = f"{where}{', ' + when if when else ''}.{' ' + note + '.' if note else ''}"
    elif change.kind.is_grave and (when or note):
        since = f"Notice{' of ' + when if when else ''}{': ' if note else ''}{note}."
    else:
        since = f"{note}." if note else ""
    return " ".join(filter(None, (had, since)))


def unread(digest: Digest) -> tuple[str, ...]:
    """What the section on incompleteness says: the troubles, then the gaps."""
    gaps = digest.coverage.gaps if digest.coverage else ()
    return (*digest.trouble, *(f"Not covered: {period(*gap)}." for gap in gaps))


def held_over(digest: Digest) -> str:
    """Why articles are held over."""
    return f"A digest tells at most {digest.cap}. These come next:"


def unnamed(digest: Digest) -> str:
    """How many of those held over HTML and Slack leave out, "" if none."""
    more = len(digest.held) - NAMED
    return f"And {more} more, all named in the plain text of this digest." if more > 0 else ""


def below(digest: Digest) -> str:
    """Which threshold the nearly told missed, without a full stop."""
    why = f" ({digest.threshold.why})" if digest.threshold.why else ""
    return f"Below the threshold of {digest.threshold.value:.2f}{why}"


def band(paper: Entry | Miss) -> str:
    """A score in words: its figures are for `seedwatch why`."""
    return Band.of(paper.score)


def asked(ask: Asked) -> str:
    """What became of a question: "41 found, 12 new"."""
    if ask.error:
        return f"could not be read: {ask.error}"
    missing = f", {ask.missing:,} not yet handed out" if ask.missing else ""
    remarks = f"; PubMed remarks: {'; '.join(ask.warnings)}" if ask.warnings else ""
    return f"{ask.count:,} found, {ask.new:,} new{missing}{remarks}"


def lane(ask: Asked) -> str:
    """The lane in words, with the days it was asked about."""
    words = LANES[ask.lane].searched
    if not ask.since:
        return words
    return f"{words}, {period(ask.since, ask.until) if ask.until else 'since ' + day(ask.since)}"


def _number(count: int) -> str:
    return _WORDS[count] if count < len(_WORDS) else f"{count:,}"


def _short(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1].rsplit(" ", 1)[0] + "…"
