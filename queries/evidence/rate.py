"""The rate of a stopping study with its time point and interval, as its abstract prints them."""
# ruff: noqa: E501, RUF001 - a pattern is read in one piece, and dashes as they are printed

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from queries.evidence.reading import Sentence
from queries.evidence.rules import compiled

# What is measured: those still without treatment and without relapse.
_FREE = (
    r"(?:treatment|therapy|drug|tki|imatinib|medication)[- ]free[- ](?:remission|survival)|(?<!follicular )\btfr\b|"
    r"(?:molecular[- ])?(?:relapse|recurrence|leuk(?:a)?emia|mmr loss)[- ]free[- ](?:survival|remission|rate|probability)|"
    r"\b(?:mrfs|rfs|m-?rfs)\b|molecular[- ]free remission|"
    r"\b(?:remain\w*|maintain\w*|sustain\w*|stay\w*|were|are|persist\w*|kept|keep|continu\w*|still|alive) (?:still |persistently )?(?:in |with |off |on )?(?:a |an |their |the )?"
    r"(?:ongoing |sustained |stable |continuous |complete |deep |major |molecular |durable )*"
    r"(?:remission|mmr|mr ?[34](?:\.[05])?|cmr|dmr|umrd|major molecular response|molecular response|molecular remission|tfr|"
    r"treatment|therapy|imatinib|nilotinib|dasatinib|tkis?)\b(?! loss)|"
    r"(?:persistence|maintenance|probability|rate|estimate) of (?:a |sustained |persistent |continued |stable |maintaining )*(?:mmr|cmr|umrd|dmr|complete molecular|major molecular|deep molecular|remission|molecular remission|remaining)|"
    r"sustained (?:mmr|cmr|umrd|dmr|molecular (?:response|remission)|major molecular response|deep molecular response)|"
    r"(?:mmr|mr ?4(?:\.5)?|cmr|dmr|remission|molecular response) (?:was|were|is) (?:maintained|sustained|preserved)|"
    r"success(?:ful)? (?:rate|tfr|discontinuation)|achieved tfr|without (?:molecular )?(?:relapse|recurrence|loss of mmr|losing mmr)"
)
_MEASURE = compiled(_FREE)
# A loss counts against: its rate is no rate of remission.
_LOSS = compiled(
    r"\b(?:relaps\w+|recurr\w+|los[st]\w*|restart\w*|re-?initiat\w*|resum\w+|re-?treat\w*|cumulative incidence|failure|failed)\b(?!-free| free)"
)
_RATE = compiled(
    r"(?<![\d.·,/–-])(?P<rate>\d{1,3}(?:[.·]\d+|,\d{1,2})?\s?%)(?!\s?(?:ci\b|confidence|-?ci\b))"
)
UNIT = r"(?:months?|mos?\b|years?|yrs?|weeks?)"
_TIME = compiled(
    rf"(?P<list>(?:\b\d+(?:\.\d+)?,? (?:and |or )?)+)?(?P<time>\b\d+(?:\.\d+)?[- ]?{UNIT}|\b(?:one|two|three|four|five|six|ten|twelve)[- ]{UNIT}|"
    r"\b(?:month|week|year) \d+\b)"
)
# How long they were watched, treated, or in response is no time point of the rate.
_NO_POINT = compiled(
    r"(?:follow-?up\b[^,;%]{0,25}|median (?:of|time)[a-z ]{0,20}|treated for|more than|less than|at least|longer than|shorter than|over|[><≥≤]|"
    r"aged|range,?|mean of|\bfor(?: the)?|duration[a-z ]{0,20}) ?$"
)
_PROGNOSTIC = compiled(
    r"\b(?:significant\w*|predict\w*|associat\w*|higher|lower|longer|shorter|better|worse|superior)\b|\bp ?[<=]|hazard"
)
_CI = compiled(
    r"(?:9[05]\s?% ?-?(?:ci\b|c\.i\.|confidence intervals?)(?: ?[\[(]ci[\])])?|\bci\b|confidence intervals?(?: ?[\[(]ci[\])])?)(?: ?9[05]\s?%)?"
    r"[\s:=,;]*(?:of |from |was |were |95% ?)?[\[(]?(?P<ci>\d{1,3}(?:[.·]\d+|,\d{1,2})?\s?%?\s?(?:-|–|—|−|to|,| and )\s?\d{1,3}(?:[.·]\d+|,\d{1,2})?\s?%?)"
)
_BARE_CI = compiled(
    r"\s?[\[(](?P<ci>\d{1,3}(?:[.·]\d+|,\d{1,2})?%?\s?(?:-|–|—|−|to)\s?\d{1,3}(?:[.·]\d+|,\d{1,2})?%?)[\])]"
)
_SUBGROUP = compiled(
    r"\b(?:patients|those|children|women|men|cohort|group|individuals) (?:\w+ )?(?:with(?!out treatment)|without|having|who had|aged|treated with|on|whose|in the)\b|"
    r"\b(?:vs\.?|versus|compared (?:with|to)|whereas|than|if|according to|stratified|respectively for|in the mr4)\b|\bhazard|\bp ?[<=]"
)
_ARMS = compiled(r"\b(?:vs\.?|versus|compared (?:with|to)|whereas)\b")
# "Of 61 patients in TFR, 58% were women": those in remission are whom it speaks of.
# What a percentage is of, if of something else.
_ELSE = compiled(
    r"\s?of (?:those|(?:the |all )?patients) (?:who (?:were|remained) |remaining |still )?in (?:tfr|treatment-free|remission)\b|\s?(?:bcr|\(?is\b|on the international)|[\])]?,? (?:of (?:them|these|all)? ?)?(?:patients |children )?(?:discontinu|stopped|attempt|entered|relaps|lost|"
    r"restart|experienc|reached|developed|were (?:fe)?male|were (?:wo)?men|received|regained)"
)
# "Patients who kept MMR had a TFR of 80%": some, picked by how they did.
_PICKED = compiled(
    r"\b(?:patients|those|children|women|men) (?:who|with|whose|having) (?!stop|discontinu|interrupt|ceas|enter|attempt|cml|chronic)[^,;]{3,80}\b"
    r"(?:had|showed|achieved|reached)\b"
)
_AMONG = compiled(
    r"^\W*(?:of|among|in|for) (?:the |these |all )?(?:\d+ |[a-z]+ )?(?:patients|those|children)[^,%]*(?:tfr|remission|free)[^,%]*,?$"
)
_NO_RESULT = compiled(
    r"\b(?:defined|definition|end ?points?(?![^.;]{0,60}\b(?:was|were) (?:met|reached|achieved))|aims?|aimed|objective|hypothes\w+|assum\w+|expect\w*|power(?:ed)?|sample size|would|planned to|"
    r"null|eligib\w+)\b"
)
_WIDE = 90  # characters between a measure and its first rate
_CLOSE = 28  # between a rate and its interval
HEARSAY = compiled(
    r"\b(?:previous(?:ly)?|earlier|prior (?:stud|trial|report)|other (?:stud|trial)|(?:several|many|recent|most|numerous) (?:[a-z-]+ ){0,2}(?:stud|trial|report)|"
    r"approximately \d+%|about \d+%|about half|roughly|up to \d|has been|have been|it is|known|our previous report|the stim trial|studies)\b"
)


class Headline(NamedTuple):
    """The rate of those still in remission, when, and the interval of that rate; "" where not printed."""

    rate: str
    time: str
    ci: str


def headline(told: Sequence[Sentence]) -> Headline:
    """The rate of the whole group: of several times the last, as the first ones have no unit of their own."""
    best, chosen = 0, Headline("", "", "")
    for one in told:
        for weight, pair in _pairs(one):
            if weight > best:
                best, chosen = weight, pair
    return chosen


def _pairs(one: Sentence) -> Iterator[tuple[int, Headline]]:
    lower = one.lower
    if "%" not in lower or one.kind == "Background" or _NO_RESULT.search(lower) or HEARSAY.search(lower):
        return
    for clause_start, clause_end in _clauses(lower):
        clause = lower[clause_start:clause_end]
        measure = _MEASURE.search(clause)
        if not measure or _AMONG.search(clause, 0, measure.end() + 1):
            continue
        # "Relapse was 40%, TFR 60%": no loss between the measure and its rate.
        rates = [
            rate
            for rate in _rates(clause)
            if not _LOSS.search(clause, min(rate.end(), measure.end()), max(rate.start(), measure.start()))
        ]
        if (
            not rates
            or _PICKED.search(clause, 0, rates[0].start())
            or (len(rates) > 1 and _PROGNOSTIC.search(clause))
        ):
            continue
        if pair := _paired(one.text[clause_start:clause_end], clause, measure, rates):
            yield _weight(one, clause, measure, rates), pair


def _clauses(lower: str) -> Iterator[tuple[int, int]]:
    """The sentence's parts between semicolons outside brackets."""
    depth, start = 0, 0
    for at, letter in enumerate(lower):
        depth += (letter in "([") - (letter in ")]")
        if letter == ";" and depth <= 0:
            yield start, at
            start = at + 1
    yield start, len(lower)


def _rates(clause: str) -> list[re.Match[str]]:
    """Percentages that are no confidence level, no end of an interval, and no share in a definition."""
    intervals = [match.span() for pattern in (_CI, _BARE_CI) for match in pattern.finditer(clause)]
    return [
        match
        for match in _RATE.finditer(clause)
        if not any(start <= match.start() < end for start, end in intervals)
        and not re.search(
            r"[<>≤≥±] ?$|\b(?:se|sd|standard error)[ :=]*$|\b(?:is|abl1?)(?: ratio)? ?$",
            clause[: match.start()],
        )
        and not _ELSE.match(clause, match.end())
    ]


def _weight(one: Sentence, clause: str, measure: re.Match[str], rates: Sequence[re.Match[str]]) -> int:
    weight = 10 + 3 * bool(_TIME.search(clause)) + 2 * bool(_interval(clause, rates[-1]))
    weight += 2 * (one.kind == "Results") - 3 * (one.kind == "Conclusions") - 2 * (one.kind == "Methods")
    weight += 2 * bool(
        re.search(r"\b(?:overall|estimated|rate|probability|kaplan|actuarial|all patients)\b", clause)
    )
    weight += 3 * bool(re.search(r"treatment-free|\btfr\b|recurrence-free|relapse-free", measure[0]))
    weight -= 6 * bool(_SUBGROUP.search(clause)) + 3 * bool(_ARMS.search(clause))
    # A share of those who relapsed, were female, or had a syndrome.
    weight -= 9 * (abs(rates[0].start() - measure.start()) > _WIDE)
    return weight


def _paired(text: str, clause: str, measure: re.Match[str], rates: list[re.Match[str]]) -> Headline | None:
    """None where several rates and several times don't say which belongs to which."""
    times = [time for time in _TIME.finditer(clause) if not _NO_POINT.search(clause[: time.start()])]
    # Rates before the measure belong to it only if none follows.
    after = [rate for rate in rates if rate.start() > measure.start()]
    listed = times[0]["list"] if times and times[0]["list"] else ""
    points = 1 + len(re.findall(r"\d+(?:\.\d+)?", listed)) if listed else len(times)
    usable = after or rates
    if len(usable) > 1 and points == len(usable) and points > 1:
        rate = usable[-1]
        time: re.Match[str] | None = times[-1]
    elif listed and len(usable) > 1:
        return None
    else:
        # Before the measure, the one next to it.
        rate = after[0] if after else rates[-1]
        time = _nearest(times, rate)
    interval = _interval(clause, rate)
    return Headline(
        text[rate.start("rate") : rate.end("rate")],
        text[time.start("time") : time.end("time")] if time else "",
        text[interval.start("ci") : interval.end("ci")] if interval else "",
    )


def _nearest(times: Sequence[re.Match[str]], rate: re.Match[str]) -> re.Match[str] | None:
    """The time that stands nearest to a rate; a time behind it counts as nearer."""
    return min(
        times,
        key=lambda time: (
            time.start() - rate.end() if time.start() > rate.end() else 1.5 * (rate.start() - time.end())
        ),
        default=None,
    )


def _interval(clause: str, rate: re.Match[str]) -> re.Match[str] | None:
    """The interval printed right behind a rate, "95% CI" or in brackets of its own."""
    found = _CI.search(clause, rate.end(), rate.end() + 120)
    if found and found.start() - rate.end() <= _CLOSE and not _RATE.search(clause, rate.end(), found.start()):
        return found
    return _BARE_CI.match(clause, rate.end())
