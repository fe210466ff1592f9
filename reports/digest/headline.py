"""What a digest says first: subject and preheader, which are one queue, and headline; and its proof."""

from collections.abc import Callable, Iterator
from itertools import chain, zip_longest
from typing import Final

from queries.evidence.study import TRIALS
from queries.records.digest import Kind
from reports.digest.record import Digest, Entry
from reports.digest.wording import cut, day, period, short

_WORDS: Final = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_ALARMS: Final = {Kind.RETRACTION: "Retracted", Kind.CONCERN: "Concern"}
_ALARM = 20  # characters of a title behind an alarm
_TITLE = 70
QUEUE = 2  # titles of the preheader


def subject(digest: Digest) -> str:
    """The alarm or the top title first, since a phone shows forty characters."""
    new, alarm = len(digest.entries), _alarm(digest)
    flags = "[sample] " * digest.sample + "Incomplete: " * incomplete(digest)
    if alarm:
        return f"{flags}{alarm}{f' + {new} new' if new else ''}"
    if not digest.entries:
        return flags + _nothing(digest)
    title = next(_titles(digest))
    return f"{flags}{title}{f', and {new - 1} more' if new > 1 else ''}"


def preheader(digest: Digest) -> str:
    """What goes on where the subject stopped: what is missing, then the next two titles, else the proof."""
    titles = list(_titles(digest))[0 if _alarm(digest) else 1 :][:QUEUE]
    return " · ".join((*unread(digest)[:1], *titles)) or proof(digest)


def _alarm(digest: Digest) -> str:
    for kind, word in _ALARMS.items():
        papers = [change for change in digest.changes if change.kind is kind]
        if papers:
            more = f"{len(papers)} " if len(papers) > 1 else ""
            return f"{more}{word.lower() if more else word}: {cut(papers[0].title, _ALARM)}"
    return ""


def _nothing(digest: Digest) -> str:
    """What to say of no article: what has changed all the same, or how far PubMed has been read."""
    if incomplete(digest):
        return "part of PubMed could not be read"
    others = digest.flow.told if digest.profile else 0
    none = f"none of {others:,} told yours" if others else "nothing new"
    changed = len(digest.changes)
    if changed:
        return f"{_capital(number(changed))} changed, {none}"
    read = f"; PubMed read to {day(digest.coverage.until)[:-5]}" if digest.coverage else ""
    return f"{_capital(none)}{read}"


def queue(digest: Digest) -> list[Entry]:
    """The entries, question after question in turn: what is named first where there is little room."""
    turns = zip_longest(*((*group.cards, *group.lines) for group in digest.groups))
    return [entry for entry in chain.from_iterable(turns) if entry]


def _titles(digest: Digest) -> Iterator[str]:
    return map(_brief, queue(digest))


def _brief(entry: Entry) -> str:
    """A short title; of a trial with how many took part."""
    title = cut(short(entry.title), _TITLE)
    if title == entry.title or entry.study not in TRIALS or not entry.participants:
        return title
    return f"{title}: {'TFR ' * entry.tfr}trial, n = {entry.participants}"


def headline(digest: Digest) -> str:
    """What has happened, in words; never "nothing new" when something could not be read."""
    told = len(digest.entries)
    sentences = [*_changed(digest)]
    if told or (digest.profile and digest.flow.told):
        sentences.append(_new(digest))
    elif incomplete(digest):
        sentences.append("Part of PubMed could not be read.")
    elif not sentences:
        sentences.append("Nothing new.")
    text = " ".join(sentences)
    return f"So far: {text[:1].lower()}{text[1:]}" if incomplete(digest) and told else text


def _changed(digest: Digest) -> Iterator[str]:
    """The alarms; smaller changes are counted only where there is no alarm."""
    told = [change.kind for change in digest.changes if change.told_in]
    arrived = len(digest.changes) - len(told)
    said: dict[Kind, Callable[[int], str]] = {
        Kind.RETRACTION: lambda n: f"{_papers(n)} you had {_is(n)} retracted.",
        Kind.CONCERN: lambda n: (
            f"{_papers(n)} you had {'bears' if n == 1 else 'bear'} an expression of concern."
        ),
    }
    alarms = [words(told.count(kind)) for kind, words in said.items() if kind in told]
    if told and not alarms:
        alarms = [f"{_papers(len(told))} you had {'has' if len(told) == 1 else 'have'} changed."]
    yield from alarms
    if arrived:
        yield f"{_papers(arrived)} came retracted already."


def _new(digest: Digest) -> str:
    told, tfr = len(digest.entries), sum(entry.tfr for entry in digest.entries)
    on = (
        f", {'all' if tfr == told > 1 else number(tfr) if told > 1 else ''} on TFR".replace("  ", " ")
        if tfr
        else ""
    )
    if digest.profile:
        some = _capital(number(told)) if told else "None"
        are = _is(1 if 1 in {told, digest.flow.told} else told)
        return f"{some} of {digest.flow.told:,} told {are} yours ({digest.profile}){on}."
    return f"{_capital(number(told))} {_is(told)} new{on}."


def proof(digest: Digest) -> str:
    """What shows that nothing was missed: the days read, and the sum, whose parts add up."""
    days = f"{covered_days(digest)}; " if digest.coverage else ""
    return f"{days}{flow(digest)}."


def covered_days(digest: Digest) -> str:
    """Which days PubMed has been read for, without a full stop."""
    read = digest.coverage
    if not read:
        return ""
    if read.gaps:
        gaps = ", ".join(period(*gap) for gap in read.gaps)
        return f"PubMed read from {day(read.since)} to {day(read.until)}, but not {gaps}"
    same_year = read.since.year == read.until.year
    return (
        f"PubMed read without a gap from {day(read.since)[: -5 if same_year else None]} to {day(read.until)}"
    )


def flow(digest: Digest) -> str:
    """The sum, without what is nought; a reader's own part of what was told adds up, too."""
    f = digest.flow
    names = ("known", f.known), ("merged", f.merged), ("below", f.below), ("held over", f.held)
    parts = [f"{count:,} {name}" for name, count in names if count]
    line = f"{f.found:,} found = {' + '.join((*parts, f'{f.told:,} told'))}"
    if not digest.profile:
        return line
    yours = len(digest.entries) + sum(not change.told_in for change in digest.changes)
    beyond = len(digest.beyond)
    own = [f"{yours:,} for you", f"{beyond:,} beyond your number" if beyond else ""]
    others = f.told - yours - beyond
    own.append(f"{others:,} for others" if others else "")
    return f"{line}; {f.told:,} told = {' + '.join(filter(None, own))}"


def incomplete(digest: Digest) -> bool:
    """Whether something that should have been read was not."""
    return bool(digest.trouble or (digest.coverage and digest.coverage.gaps))


def unread(digest: Digest) -> tuple[str, ...]:
    """What the section on incompleteness says: the troubles, then the gaps."""
    gaps = digest.coverage.gaps if digest.coverage else ()
    return (*digest.trouble, *(f"Not covered: {period(*gap)}." for gap in gaps))


def useful(digest: Digest) -> str:
    """What readers' verdicts say of each band: "Core 41 of 46, Near 23 of 39"."""
    judged = sum(each.judged for each in digest.judged)
    if judged < ENOUGH:
        return "not judged enough yet"
    return ", ".join(f"{each.band} {each.useful} of {each.judged}" for each in digest.judged if each.judged)


ENOUGH = 10  # verdicts


def number(count: int) -> str:
    """A count in words, in figures from thirteen on."""
    return _WORDS[count] if count < len(_WORDS) else f"{count:,}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _papers(count: int) -> str:
    return _capital(f"{number(count)} paper{'s' * (count != 1)}")


def _is(count: int) -> str:
    return "is" if count == 1 else "are"
