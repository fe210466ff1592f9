"""The cells of a stopping study, copied from its abstract: verbatim or empty, never computed."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from queries.evidence.reading import Reading, Sentence
from queries.evidence.words import TKIS, WORDED, count
from queries.records.digest import TfrCard

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
_MEASURE = re.compile(_FREE)
# A loss counts against: its rate is no rate of remission.
_LOSS = re.compile(
    r"\b(?:relaps\w+|recurr\w+|los[st]\w*|restart\w*|re-?initiat\w*|resum\w+|re-?treat\w*|cumulative incidence|failure|failed)\b(?!-free| free)"
)
_RATE = re.compile(r"(?<![\d.·,/–-])(?P<rate>\d{1,3}(?:[.·]\d+)?\s?%)(?!\s?(?:ci\b|confidence|-?ci\b))")
_UNIT = r"(?:months?|mos?\b|years?|yrs?|weeks?)"
_TIME = re.compile(
    rf"(?P<list>(?:\b\d+(?:\.\d+)?,? (?:and |or )?)+)?(?P<time>\b\d+(?:\.\d+)?[- ]?{_UNIT}|\b(?:one|two|three|four|five|six|ten|twelve)[- ]{_UNIT}|"
    r"\b(?:month|week|year) \d+\b)"
)
# How long they were watched, treated, or in response is no time point of the rate.
_NO_POINT = re.compile(
    r"(?:follow-?up\b[^,;%]{0,25}|median (?:of|time)[a-z ]{0,20}|treated for|more than|less than|at least|longer than|shorter than|over|[><≥≤]|"
    r"aged|range,?|mean of|\bfor(?: the)?|duration[a-z ]{0,20}) ?$"
)
_PROGNOSTIC = re.compile(r"\b(?:significant\w*|predict\w*|associat\w*|higher|lower|longer|shorter|better|worse|superior)\b|\bp ?[<=]|hazard")
_CI = re.compile(
    r"(?:9[05]\s?% ?-?(?:ci\b|c\.i\.|confidence intervals?)(?: ?[\[(]ci[\])])?|\bci\b|confidence intervals?(?: ?[\[(]ci[\])])?)(?: ?9[05]\s?%)?"
    r"[\s:=,;]*(?:of |from |was |were |95% ?)?[\[(]?(?P<ci>\d{1,3}(?:[.·]\d+)?\s?%?\s?(?:-|–|—|−|to|,| and )\s?\d{1,3}(?:[.·]\d+)?\s?%?)"
)
_BARE_CI = re.compile(r"\s?[\[(](?P<ci>\d{1,3}(?:[.·]\d+)?%?\s?(?:-|–|—|−|to)\s?\d{1,3}(?:[.·]\d+)?%?)[\])]")
_SUBGROUP = re.compile(
    r"\b(?:patients|those|children|women|men|cohort|group|individuals) (?:\w+ )?(?:with(?!out treatment)|without|having|who had|aged|treated with|on|whose|in the)\b|"
    r"\b(?:vs\.?|versus|compared (?:with|to)|whereas|than|if|according to|stratified|respectively for|in the mr4)\b|\bhazard|\bp ?[<=]"
)
_ARMS = re.compile(r"\b(?:vs\.?|versus|compared (?:with|to)|whereas)\b")
_BACKGROUND = re.compile(
    r"\b(?:previous(?:ly)?|earlier|prior (?:stud|trial|report)|other (?:stud|trial)|(?:several|many|recent|most|numerous) (?:[a-z-]+ ){0,2}(?:stud|trial|report)|"
    r"approximately \d+%|about \d+%|about half|roughly|up to \d|has been|have been|it is|known|our previous report|the stim trial|studies)\b"
)
# "Of 61 patients in TFR, 58% were women": those in remission are whom it speaks of.
# What a percentage is of, if of something else.
_ELSE = re.compile(
    r"\s?(?:bcr|\(?is\b|on the international)|[\])]?,? (?:of (?:them|these|all)? ?)?(?:patients |children )?(?:discontinu|stopped|attempt|entered|relaps|lost|"
    r"restart|experienc|reached|developed|were (?:fe)?male|were (?:wo)?men|received|regained)"
)
_AMONG = re.compile(r"^\W*(?:of|among|in|for) (?:the |these |all )?(?:\d+ |[a-z]+ )?(?:patients|those|children)[^,%]*(?:tfr|remission|free)[^,%]*,?$")
_NO_RESULT = re.compile(
    r"\b(?:defined|definition|end ?points?|aims?|aimed|objective|hypothes\w+|assum\w+|expect\w*|power(?:ed)?|sample size|would|planned to|"
    r"null|eligib\w+)\b"
)
_CRITERION = re.compile(
    r"\b(?:relapse|recurrence|mrec|failure|molecular relapse|loss of (?:tfr|remission)|treatment failure|recurrences|relapses)\b[^.;]{0,60}?\b(?:was |were |is |as )?"
    r"(?:defined|considered|determined)[^.;]{0,25}?(?:as|by)(?: an?| the)? (?P<what>(?:confirmed |single |any |first |a |the )*loss of (?:[^.;,]|\.(?=\d)){3,120})|"
    r"(?:relapse|recurrence|mrec|relapses)\b,? ?[\[(](?:defined as |i\.e\.,? |that is,? )?(?P<what2>(?:confirmed |the )?loss of [^.;()\[\],]{3,80})|"
    r"\b(?:relapse|recurrence)\b (?:was|is|being) (?:the )?(?P<what5>(?:confirmed )?loss of (?:[^.;,]|\.(?=\d)){3,80})|"
    r"(?:triggered by|upon|restart\w* (?:of )?[a-z ]{0,30}(?:after|at|upon|on|if|in case of)) (?:the |a |confirmed )*(?P<what3>loss of [^.;()\[\],]{3,60})|"
    r"(?:free (?:survival|remission)|rfs|mrfs|tfr)\b[^.;]{0,40}?defined[^.;]{0,20}?(?:as|by)(?: the)? (?P<what4>(?:absence of |no |time [^.;,]{0,60}?to )?(?:confirmed )?loss of [^.;,]{3,100})"
)
_TRIMMED = re.compile(r"\s+(?:and|who|which|that|at|after|during|was|were|within|for|until|as|resulting|showing|but|is|are|has|had)\b.*$")
_DEFINED = re.compile(
    r"\b(?:molecular )?(?:recurrence|relapse)\b[^.;]{0,20}? (?:was|were) defined (?:as|by) (?P<what>(?:[^.;,]|\.(?=\d)){10,160})"
)
_N = rf"(?P<n>\b\d[\d,]*|\b{WORDED})"
_WHO = r"(?:patients?|children|women|men|adults|individuals|subjects|cases|participants)"
_STOPPED_VERB = (
    r"(?:stopped|discontinued|interrupted|ceased|suspended|withdrew|(?:attempted|attempting|underwent|entered|had|started) (?:an? )?(?:planned )?(?:tki |treatment |imatinib )?"
    r"(?:discontinuation|cessation|stop|tfr|treatment-free|to stop|withdrawal)|stopping|discontinuing|who stop\b)"
)
_STOPPED = (
    re.compile(rf"{_N}(?: (?!of\b|in\b|and\b|with\b|to\b|years?\b|months?\b|had\b|were\b|%)[a-z0-9()/.+:-]+){{0,5}} {_WHO} (?:\([^)]*\) )?(?:who |that )?(?:had |have )?(?:successfully |electively |then |subsequently )?{_STOPPED_VERB}"),
    re.compile(rf"{_N} (?:\(\d[^)]*\) )?(?:of (?:them |whom |these )?)?(?:had |have )?(?:electively |then )?{_STOPPED_VERB} (?:tki|imatinib|nilotinib|dasatinib|treatment|therapy|the drug|their)"),
    re.compile(rf"\b(?:identified|included|enrolled|of|in|among) {_N} (?:[a-z-]+ ){{0,3}}{_WHO}(?:[^.;]|\.(?=\d)){{0,320}}?\b(?:followed by|after|who|experienced) (?:[a-z]+ )?(?:discontinuation of|stopped|discontinued|discontinuation|cessation of)"),
    re.compile(rf"\b(?:in|for) {_N} (?:[a-z-]+ ){{0,3}}{_WHO},? (?:{TKIS}|tkis?|treatment|therapy) (?:was|were) (?:stopped|discontinued|interrupted|suspended)"),
    re.compile(rf"\bof whom {_N} (?:stopped|discontinued|entered the (?:tfr|treatment-free)|attempted|interrupted)"),
    re.compile(rf"(?:discontinuation|discontinued|interrupted|suspended|cessation|stopp(?:ed|ing)|withdrawal)(?: of)?(?: [a-z-]+){{0,3}} (?:in|by|among) {_N} (?:[a-z-]+ ){{0,4}}{_WHO}"),
    re.compile(rf"outcomes? of {_N} (?:[a-z-]+ ){{0,3}}{_WHO}"),
)
_SHARE = rf"(?P<n>\b(?:all(?: of the)?(?: \d+| {WORDED})?(?: (?:relaps\w+|evaluable|re-?treated|these))? {_WHO}|all of whom|all(?: of the)?(?: \d+| {WORDED})?|\d[\d,]*(?: \(\d[^()]*\))?(?: (?:of|/) ?(?:the |these )?\d+)?|\d+/\d+|{WORDED}(?: \(\d[^()]*\))?(?: (?:of|out of) (?:the |these )?(?:\d+|{WORDED}))?))"
_REGAIN = re.compile(r"\b(?:regained|re-?achieved|recovered|re-?obtained|regain|re-?attained|returned to|restored|re-?established)\b")
_SHARED = re.compile(_SHARE)
_BACK = 130  # characters before "regained" in which its number stands
_RETREATED = re.compile(
    rf"\b(?:of|among) (?:the |these )?(?P<n>\d+|{WORDED}) (?:[a-z-]+ ){{0,3}}(?:who |that )?(?:had )?(?:restarted|resumed|re-?started|re-?initiated|were re-?treated|retreated)\b|"
    rf"{_SHARE.replace('?P<n>', '?P<m>')}(?: {_WHO})?(?: (?:who|with)[^.;]{{0,60}}?)?,? (?:had |have |then |\([^)]*\) )*(?:restarted|resumed|re-?started|re-?initiated|were re-?treated|resumption)\b"
)
_DEPTH = re.compile(
    r"\b(?:undetectable (?:minimal |measurable |molecular )?(?:residual disease|bcr[-: ]{1,2}abl1?(?: (?:transcripts?|levels?))?|disease)|umrd|mr ?4\.5|mr ?4\.0|mr ?4\b|mr5|complete molecular (?:response|remission)|cmr\b|"
    r"(?:sustained |stable )?deep molecular (?:response|remission)|\bdmr\b|molecular response 4\.5|4\.5-log reduction|at least (?:a )?4(?:\.5)?-log reduction)"
)
_LENGTH = re.compile(
    r"\b(?:for|of|lasting|during|least|than|>|≥|≥ ?|median (?:time|duration) of) (?:at least |a median (?:time |duration )?of |more than |over |a minimum of |the (?:preceding|previous|last) |≥ ?)?"
    rf"(?P<n>(?:\d+(?:\.\d+)?|one|two|three|four|five)(?: consecutive)? {_UNIT})|(?P<m>(?:\d+|one|two|three|five) (?:preceding )?{_UNIT})(?: at least| or more)"
)
_RESTART = re.compile(r"restart|re-?initiat|re-?start|resum|re-?treat|molecular re(?:lapse|currence)")
_UNIT_NEXT = re.compile(rf"[.·]\d|%| ?%| ?{_UNIT}|-(?:month|year|log)")
_YEARLY = re.compile(r"\b(?:in|since|from|until|and|to|between) (?:19|20)\d\d$")
_LOST = re.compile(
    r"\b(?P<what>(?:confirmed )?loss of (?:an? |the )?(?:major molecular response|mmr\b|mr ?4(?:\.[05])?|complete molecular (?:response|remission)|"
    r"cmr\b|deep molecular response|dmr\b|molecular response)(?: [\[(][^()\[\]]{1,60}[)\]])?)"
)
_NAMES = re.compile(rf"\b(?:{TKIS})\b", re.IGNORECASE)
_MOST = 4  # drugs on a card
_WIDE = 90  # characters between a measure and its first rate
_CLOSE = 28  # between a rate and its interval


class _Pair(NamedTuple):
    rate: str
    time: str
    ci: str


def card(reading: Reading) -> TfrCard:
    """What the abstract of a stopping study prints; each cell is a span of it, or ""."""
    own = [one for one in reading.sentences if one.kind != "Formal"]
    pair = _headline(own)
    drugs = dict.fromkeys(match[0].lower() for text in (reading.title, reading.abstract) for match in _NAMES.finditer(text))
    printed = tuple(_as_printed(reading, name) for name in drugs)[:_MOST]
    depth, length = _before(own)
    retreated, regained = _after(own)
    return TfrCard(
        rate=pair.rate,
        time=pair.time,
        ci=pair.ci,
        criterion=_criterion(own),
        stopped=_stopped(own),
        retreated=retreated,
        regained=regained,
        drugs=printed,
        depth=depth,
        length=length,
    )


def _as_printed(reading: Reading, name: str) -> str:
    for text, lower in ((reading.title, reading.title_lower), (reading.abstract, reading.lower)):
        if (at := lower.find(name)) >= 0:
            return text[at : at + len(name)]
    return name


def _headline(told: Sequence[Sentence]) -> _Pair:
    """The rate of the whole group: of several times the last, as the first ones have no unit of their own."""
    best, chosen = 0, _Pair("", "", "")
    for one in told:
        for weight, pair in _pairs(one):
            if weight > best:
                best, chosen = weight, pair
    return chosen


def _pairs(one: Sentence) -> Iterator[tuple[int, _Pair]]:
    lower = one.lower
    if "%" not in lower or one.kind == "Background" or _NO_RESULT.search(lower) or _BACKGROUND.search(lower):
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
        if not rates or (len(rates) > 1 and _PROGNOSTIC.search(clause)):
            continue
        yield _weight(one, clause, measure, rates), _paired(one.text[clause_start:clause_end], clause, measure, rates)


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
        and not re.search(r"[<>≤≥] ?$|\b(?:is|abl1?)(?: ratio)? ?$", clause[: match.start()])
        and not _ELSE.match(clause, match.end())
    ]


def _weight(one: Sentence, clause: str, measure: re.Match[str], rates: Sequence[re.Match[str]]) -> int:
    weight = 10 + 3 * bool(_TIME.search(clause)) + 2 * bool(_interval(clause, rates[-1]))
    weight += 2 * (one.kind == "Results") - 3 * (one.kind == "Conclusions") - 2 * (one.kind == "Methods")
    weight += 2 * bool(re.search(r"\b(?:overall|estimated|rate|probability|kaplan|actuarial|all patients)\b", clause))
    weight += 3 * bool(re.search(r"treatment-free|\btfr\b|recurrence-free|relapse-free", measure[0]))
    weight -= 6 * bool(_SUBGROUP.search(clause)) + 3 * bool(_ARMS.search(clause))
    # A share of those who relapsed, were female, or had a syndrome.
    weight -= 9 * (abs(rates[0].start() - measure.start()) > _WIDE)
    return weight


def _paired(text: str, clause: str, measure: re.Match[str], rates: list[re.Match[str]]) -> _Pair:
    times = [time for time in _TIME.finditer(clause) if not _NO_POINT.search(clause[: time.start()])]
    # Rates before the measure belong to it only if none follows.
    after = [rate for rate in rates if rate.start() > measure.start()]
    listed = times[0]["list"] if times and times[0]["list"] else ""
    points = 1 + len(re.findall(r"\d+(?:\.\d+)?", listed)) if listed else len(times)
    usable = after or rates
    if len(usable) > 1 and points == len(usable) and points > 1:
        rate, time = usable[-1], times[-1]
    else:
        # Before the measure, the one next to it.
        rate = after[0] if after else rates[-1]
        time = _nearest(times, rate)
    interval = _interval(clause, rate)
    return _Pair(
        text[rate.start("rate") : rate.end("rate")],
        text[time.start("time") : time.end("time")] if time else "",
        text[interval.start("ci") : interval.end("ci")] if interval else "",
    )


def _nearest(times: Sequence[re.Match[str]], rate: re.Match[str]) -> re.Match[str] | None:
    """The time that stands nearest to a rate; a time behind it counts as nearer."""
    near = [time for time in times]
    return min(near, key=lambda time: time.start() - rate.end() if time.start() > rate.end() else 1.5 * (rate.start() - time.end()), default=None)


def _interval(clause: str, rate: re.Match[str]) -> re.Match[str] | None:
    """The interval printed right behind a rate, "95% CI" or in brackets of its own."""
    found = _CI.search(clause, rate.end(), rate.end() + 120)
    if found and found.start() - rate.end() <= _CLOSE and not _RATE.search(clause, rate.end(), found.start()):
        return found
    return _BARE_CI.match(clause, rate.end())


def _criterion(told: Sequence[Sentence]) -> str:
    for pattern in (_CRITERION, _DEFINED):
        for one in told:
            if match := pattern.search(one.lower):
                name = next(name for name, value in match.groupdict().items() if value)
                words = one.text[match.start(name) : match.end(name)]
                return _closed(words)
    for one in told:
        # Not defined, but why treatment was begun again.
        if one.kind != "Background" and _RESTART.search(one.lower) and (match := _LOST.search(one.lower)):
            return one.text[match.start("what") : match.end("what")]
    return ""


def _closed(words: str) -> str:
    """The words up to where a clause of its own begins, brackets closed."""
    kept = words
    if (end := _TRIMMED.search(kept)) and end.start() > 12:
        kept = kept[: end.start()]
    if kept.count("(") > kept.count(")"):
        kept = kept[: kept.rindex("(")]
    return kept.strip(" ,:")


def _stopped(told: Sequence[Sentence]) -> str:
    """The largest number of those who are said to have stopped."""
    most, printed = 1, ""
    for one in told:
        if one.kind == "Background" or _BACKGROUND.search(one.lower):
            continue
        for pattern in _STOPPED:
            for match in pattern.finditer(one.lower):
                if (value := count(match["n"])) > most and not _YEARLY.search(one.lower[: match.end("n")]):
                    most, printed = value, one.text[match.start("n") : match.end("n")]
    return printed


def _after(told: Sequence[Sentence]) -> tuple[str, str]:
    """How many were treated again, and how many of them regained the response."""
    retreated = regained = ""
    for one in told:
        if one.kind in {"Background", "Methods"} or _BACKGROUND.search(one.lower):
            continue
        if not regained and (verb := _REGAIN.search(one.lower)):
            shares = [
                share
                for share in _SHARED.finditer(one.lower, max(0, verb.start() - _BACK), verb.start())
                if not _UNIT_NEXT.match(one.lower, share.end())
            ]
            if shares:
                regained = one.text[shares[-1].start("n") : shares[-1].end("n")]
        if not retreated and (match := _RETREATED.search(one.lower)):
            name = "n" if match["n"] else "m"
            retreated = one.text[match.start(name) : match.end(name)]
    return retreated, regained


def _before(told: Sequence[Sentence]) -> tuple[str, str]:
    """Depth and length of the response that was asked for before stopping, from one sentence."""
    for one in told:
        lower = one.lower
        if one.kind == "Background" or not re.search(r"eligib|prior to|before|preced|enrol|includ|criteria|who stopped|discontinued|stopped|sustain|in mr4|maintain", lower):
            continue
        depth = _DEPTH.search(lower)
        if not depth:
            continue
        length = _LENGTH.search(lower, depth.start()) or None
        name = ("n" if length["n"] else "m") if length else ""
        return (
            one.text[depth.start() : depth.end()],
            one.text[length.start(name) : length.end(name)] if length else "",
        )
    return "", ""
