"""How a digest says things, the same in every format: titles, headline, flow line, dates."""

import re
from calendar import month_name
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from queries.records.digest import Band, Kind
from queries.records.harvest import Lane
from reports.digest.record import Asked, Change, Digest, Entry, Miss, TopicName

MONTHS: Final = tuple(month_name)[1:]
SHORTEST, LONGEST = 20, 72  # characters of a title on one line
CHANGED = 52  # characters of the title of what has changed
QUOTE = 280  # characters of a sentence
NOTE = 90  # characters of a notice's reason
TERMS = 2
JOURNAL = 28  # characters
FEWEST_CELLS = 2
_NUMBER: Final = r"(?<![\w.,/+-])\d[\d,]*(?:[.·]\d+)?(?![\w/+-])"
_RANGE: Final = r"[\d.·%]+ ?(?:[-\u2013]|to) ?[\d.·%]+"
_INTERVAL: Final = rf"[,;]? ?\(?(?:95% )?(?:CI|confidence interval)[:,]? ?{_RANGE}"
_RATIO: Final = r"\b(?:a?HR|a?OR|a?RR|hazard ratio|odds ratio|risk ratio)\W{0,3}"
_FIGURES: Final = re.compile(  # a ratio, a p value, a share, a fold: not any number
    rf"{_RATIO}{_NUMBER}(?:{_INTERVAL})?|\b[Pp] ?[<>=≤≥] ?0?[.·]\d+"
    rf"|(?<![\w.,/+-])\d[\d,]*(?:[.·]\d+)?(?: ?%|-fold)(?:{_INTERVAL})?"
    rf"|{_NUMBER} of \d[\d,]*(?:[.·]\d+)?(?![\w/+-])"
)


class SectionTitle(StrEnum):
    """The sections of a digest, in its order; between changes and weeks stand the reader's questions."""

    INCOMPLETE = "This digest is incomplete"
    CHANGES = "Changed since we told you"
    BEYOND = "Beyond your number"
    HELD = "Held over"
    WEEKS = "New in week"
    NEAR = "Nearly told"
    ASKED = "What was searched"
    QUERIES = "Asked otherwise than before"


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
SAMPLE: Final = "Every article below is invented."
NOT_ASKED: Final = "not asked in this round"
CREDIT: Final = "Source: PubMed, U.S. NLM. Not medical advice."
TONES: Final = {Kind.RETRACTION: "bad", Kind.PUBLISHED: "good"}  # whatever else is changed: warn


def plural(count: int, one: str, many: str = "") -> str:
    """A count with its noun, e.g. 2 articles."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def day(when: date) -> str:
    """A day, e.g. 17 Nov 2026."""
    return f"{when.day} {MONTHS[when.month - 1][:3]} {when.year}"


def period(since: date, until: date) -> str:
    """Days from `since` to `until`, with what both share said once; none if `since` is later."""
    if since > until:
        return "no new day read"
    end = day(until)
    if since == until:
        return end
    start = f"{since.day}"
    if (since.year, since.month) != (until.year, until.month):
        start += f" {MONTHS[since.month - 1][:3]}"
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


def short(title: str) -> str:
    """A title up to its colon, if that much says what it is on; cut at a word."""
    head, colon, _ = title.partition(": ")
    return cut(head if colon and len(head) >= SHORTEST else title, LONGEST)


_DANGLING: Final = re.compile(r"(?: (?:an?|the|of|in|on|to|for|by|with|and|or|from|as|at|is|are))+$")


def cut(text: str, width: int) -> str:
    """At most `width` characters, cut at a word."""
    if len(text) <= width:
        return text
    head = text[: width - 1]
    kept = (head.rsplit(" ", 1)[0] if " " in head[width // 2 :] else head).rstrip(" ,;:")
    return _DANGLING.sub("", kept) + "\N{HORIZONTAL ELLIPSIS}"


def quotation(entry: Entry) -> tuple[tuple[str, bool], ...]:
    """The sentence in stretches, and whether each is a figure: effect, interval, p, share, count."""
    text = cut("".join(stretch.text for stretch in entry.quote), QUOTE)
    pieces, at = [], 0
    for match in _FIGURES.finditer(text):
        pieces += [(text[at : match.start()], False), (match[0], True)]
        at = match.end()
    return tuple((piece, strong) for piece, strong in (*pieces, (text[at:], False)) if piece)


def cells(entry: Entry) -> tuple[tuple[str, str], ...]:
    """The cells of a stopping study's card with their names, "" where unsaid; () of fewer than two."""
    card = entry.card
    found = (("TFR", card.rate), ("At", card.time), ("95% CI", card.ci), ("Stopped", card.stopped))
    known = sum(bool(cell) for _, cell in (*found, ("", card.criterion)))
    return found if known >= FEWEST_CELLS else ()


def cells_in_words(entry: Entry) -> str:
    """The card of a stopping study as a line."""
    (_, rate), (_, time), (_, interval), (_, stopped) = cells(entry)
    parts = [
        f"TFR {rate or 'not given'}{f' at {time}' if time else ''}",
        f"95% CI {interval or 'not given'}",
        f"stopped {stopped or 'not given'}",
        f"loss: {entry.card.criterion}" if entry.card.criterion else "",
    ]
    return "; ".join(filter(None, parts)) + "."


def hit_words(entry: Entry, shared: frozenset[str]) -> tuple[str, ...]:
    """The words by which an entry hits other keywords than those `shared` by most."""
    words = (each.word for each in entry.words if each.keyword not in shared)
    return tuple({word.casefold(): word for word in words}.values())


_SHORTER: Final = {"cites a reference of the review": "cites one of your references"}


def why(entry: Entry, shared: frozenset[str]) -> str:
    """The why-line: what it cites or resembles, keywords by the words that hit; two further words fill up."""
    words = hit_words(entry, shared)
    taken = " ".join(words).casefold()
    terms = [term for term in entry.terms if term.casefold() not in taken]
    words = (*words, *terms[: max(TERMS - len(words), 0)])
    reasons = [_SHORTER.get(reason, reason.replace("the review's", "your")) for reason in entry.reasons]
    line = "; ".join(filter(None, (*reasons, ", ".join(words))))
    return f"{line[:1].upper()}{line[1:]}." if line else ""


def aside(entry: Entry, shared: frozenset[str] | None = None) -> tuple[str, ...]:
    """What an entry says beside its badges: its band unless it is Core; and on one line its words."""
    words = "" if shared is None else ", ".join(hit_words(entry, shared)[:TERMS])
    return tuple(filter(None, (words, entry.band if entry.band is not Band.CORE else "")))


def journal(entry: Entry) -> str:
    """The journal, cut to where a line has room for it."""
    return cut(entry.journal, JOURNAL)


def quoted(entry: Entry) -> str:
    """Where the quotation stands: "Abstract, conclusions"."""
    return f"Abstract, {entry.quote_label[:1].lower()}{entry.quote_label[1:]}"


def had(change: Change) -> str:
    """Where the reader had it: "you had it in digest 3"."""
    if not change.told_in:
        gone = "removed from PubMed" if change.kind is Kind.DELETED else "retracted"
        return f"new to you, and already {gone}"
    return f"you had {'the preprint' if change.kind is Kind.PUBLISHED else 'it'} in digest {change.told_in}"


def since(change: Change) -> str:
    """What has happened, in the notice's own words; a published preprint's journal stands apart."""
    if change.kind is Kind.PUBLISHED:
        return ""
    if change.note:
        return ended(cut(change.note[:1].upper() + change.note[1:], NOTE))
    return "The notice gives no reason." if change.silent else ""


def ended(text: str) -> str:
    """The text with a full stop, if it has no end of its own."""
    return text if text.endswith((".", "?", "!", "\N{HORIZONTAL ELLIPSIS}")) else f"{text}."


def changed_title(change: Change) -> str:
    """Its short title as a sentence."""
    return ended(cut(short(change.title), CHANGED))


def notice(change: Change) -> str:
    """What its link leads to."""
    return "Record" if change.kind is Kind.PUBLISHED else "Notice"


def change(change: Change) -> str:
    """The whole of it as sentences, but for its kind and title."""
    words = had(change)
    return " ".join(filter(None, (f"{words[:1].upper()}{words[1:]}.", since(change))))


def tone(change: Change) -> str:
    """Its colour: only a retraction is red."""
    return TONES.get(change.kind, "warn")


def held_over(digest: Digest) -> str:
    """Why articles are held over."""
    return f"A digest tells at most {digest.cap}. These come next:"


def unnamed(missed: int) -> str:
    """How many articles a format leaves out, "" if none."""
    return f"And {missed} more, all named in the plain text of this digest." if missed > 0 else ""


def band(paper: Entry | Miss) -> str:
    """A score in words: its figures are for `seedwatch why`."""
    return Band.of(paper.score)


def asked(ask: Asked) -> str:
    """What became of a question: "41 found, 12 new"."""
    if ask.error:
        return f"could not be read: {ask.error}"
    missing = f", {ask.missing:,} not yet handed out" if ask.missing else ""
    return f"{ask.count:,} found, {ask.new:,} new{missing}"


def lane(ask: Asked) -> str:
    """The lane in words, with the days it was asked about."""
    words = LANES[ask.lane].searched
    if not ask.since:
        return words
    return f"{words}, {period(ask.since, ask.until) if ask.until else 'since ' + day(ask.since)}"


def searched(digest: Digest, topic: TopicName) -> str:
    """What was asked of a topic, and what came of it, in one line."""
    lines = [f"{asked(ask)} ({lane(ask)})" for ask in digest.asked if ask.topic == topic.short]
    return "; ".join(lines) or NOT_ASKED


def remarks(digest: Digest) -> tuple[str, ...]:
    """What PubMed remarks on the queries, once a topic, whatever the number of its lanes."""
    remarked = (
        f"{ask.topic or lane(ask)}: PubMed remarks: {'; '.join(ask.warnings)}"
        for ask in digest.asked
        if ask.warnings
    )
    return tuple(dict.fromkeys(remarked))
