"""The cells of a stopping study, copied from its abstract: verbatim or empty, never computed."""
# ruff: noqa: E501 - a pattern is read in one piece, and dashes as they are printed

import re
from collections.abc import Sequence

from queries.evidence.rate import HEARSAY, UNIT, headline
from queries.evidence.reading import Reading, Sentence
from queries.evidence.rules import compiled
from queries.evidence.words import TKIS, WORDED, count
from queries.records.digest import TfrCard

_CRITERION = compiled(
    r"\b(?:relapse|recurrence|mrec|failure|molecular relapse|loss of (?:tfr|remission)|treatment failure|recurrences|relapses)\b[^.;]{0,60}?\b(?:was |were |is |as )?"
    r"(?:defined|considered|determined)[^.;]{0,25}?(?:as|by)(?: an?| the)? (?P<what>(?:confirmed |single |any |first |a |the )*loss of (?:[^.;,]|\.(?=\d)){3,120})|"
    r"(?:relapse|recurrence|mrec|relapses)\b,? ?[\[(](?:defined as |i\.e\.,? |that is,? )?(?P<what2>(?:confirmed |the )?loss of [^.;()\[\],]{3,80})|"
    r"\b(?:relapse|recurrence)\b (?:was|is|being) (?:the )?(?P<what5>(?:confirmed )?loss of (?:[^.;,]|\.(?=\d)){3,80})|"
    r"(?:triggered by|upon|restart\w* (?:of )?[a-z ]{0,30}(?:after|at|upon|on|if|in case of)) (?:the |a |confirmed )*(?P<what3>loss of [^.;()\[\],]{3,60})|"
    r"(?:free (?:survival|remission)|rfs|mrfs|tfr)\b[^.;]{0,40}?defined[^.;]{0,20}?(?:as|by)(?: the)? (?P<what4>(?:absence of |no |time [^.;,]{0,60}?to )?(?:confirmed )?loss of [^.;,]{3,100})"
)
_TRIMMED = compiled(
    r"\s+(?:and|who|which|that|at|after|during|was|were|within|for|until|as|resulting|showing|but|is|are|has|had)\b.*$"
)
_DEFINED = compiled(
    r"\b(?:molecular )?(?:recurrence|relapse)\b[^.;]{0,20}? (?:was|were) defined (?:as|by) (?P<what>(?:[^.;,]|\.(?=\d)){10,160})"
)
# With what groups its thousands: the 204 of 1.204 is no number.
_N = rf"(?P<n>(?<![.,·\d])\d{{1,3}}(?:[.,]\d{{3}})+(?!\d)|(?<![.,·\d])\b\d+|\b{WORDED})"
_WHO = r"(?:patients?|children|women|men|adults|individuals|subjects|cases|participants)"
_STOPPED_VERB = (
    r"(?:stopped|discontinued|interrupted|ceased|suspended|withdrew|(?:attempted|attempting|underwent|entered|had|started) (?:an? )?(?:planned )?(?:tki |treatment |imatinib )?"
    r"(?:discontinuation|cessation|stop|tfr|treatment-free|to stop|withdrawal)|stopping|discontinuing|who stop\b|"
    r"(?:met|fulfilled) (?:the |all )?criteria (?:for|to) (?:enter\w*|stop\w*|discontinu\w*|tfr))"
)
_STOPPED = (
    compiled(
        rf"{_N}(?: (?!of\b|in\b|and\b|with\b|to\b|years?\b|months?\b|had\b|were\b|%)[a-z0-9()/.+:-]+){{0,5}} {_WHO} (?:\([^)]*\) )?(?:who |that )?(?:had |have )?(?:successfully |electively |then |subsequently )?{_STOPPED_VERB}"
    ),
    compiled(
        rf"{_N} (?:\(\d[^)]*\) )?(?:of (?:them |whom |these )?)?(?:had |have )?(?:electively |then )?{_STOPPED_VERB} (?:tki|imatinib|nilotinib|dasatinib|treatment|therapy|the drug|their)"
    ),
    compiled(
        rf"\b(?:identified|included|enrolled|of|in|among) {_N} (?:[a-z-]+ ){{0,3}}{_WHO}(?:[^.;]|\.(?=\d)){{0,320}}?\b(?:followed by|after|who|experienced) (?:[a-z]+ )?(?:discontinuation of|stopped|discontinued|discontinuation|cessation of)"
    ),
    compiled(
        rf"\b(?:in|for) {_N} (?:[a-z-]+ ){{0,3}}{_WHO},? (?:{TKIS}|tkis?|treatment|therapy) (?:was|were) (?:stopped|discontinued|interrupted|suspended)"
    ),
    compiled(
        rf"\bof whom {_N} (?:stopped|discontinued|entered the (?:tfr|treatment-free)|attempted|interrupted)"
    ),
    compiled(
        rf"(?:discontinuation|discontinued|interrupted|suspended|cessation|stopp(?:ed|ing)|withdrawal)(?: of)?(?: [a-z-]+){{0,3}} (?:in|by|among) {_N} (?:[a-z-]+ ){{0,4}}{_WHO}"
    ),
    compiled(rf"outcomes? of {_N} (?:[a-z-]+ ){{0,3}}{_WHO}"),
)
_SHARE = rf"(?P<n>\b(?:all(?: of the)?(?: \d+| {WORDED})?(?: (?:relaps\w+|evaluable|re-?treated|these))? {_WHO}|all of whom|all(?: of the)?(?: \d+| {WORDED})?|\d[\d,]*(?: \(\d[^()]*\))?(?: (?:of|/) ?(?:the |these )?\d+)?|\d+/\d+|{WORDED}(?: \(\d[^()]*\))?(?: (?:of|out of) (?:the |these )?(?:\d+|{WORDED}))?))"
_REGAIN = compiled(
    r"\b(?:regained|re-?achieved|recovered|re-?obtained|regain|re-?attained|returned to|restored|re-?established)\b"
)
_SHARED = compiled(_SHARE)
_BACK = 130  # characters before "regained" in which its number stands
_RETREATED = compiled(
    rf"\b(?:of|among) (?:the |these )?(?P<n>\d+|{WORDED}) (?:[a-z-]+ ){{0,3}}(?:who |that )?(?:had )?(?:restarted|resumed|re-?started|re-?initiated|were re-?treated|retreated)\b|"
    rf"{_SHARE.replace('?P<n>', '?P<m>')}(?: {_WHO})?(?: (?:who|with)[^.;,]{{0,60}}?)?,? (?:had |have |then |\([^)]*\) )*(?:restarted|resumed|re-?started|re-?initiated|were re-?treated|resumption)\b"
)
_DEPTH = compiled(
    r"\b(?:undetectable (?:minimal |measurable |molecular )?(?:residual disease|bcr[-: ]{1,2}abl1?(?: (?:transcripts?|levels?))?|disease)|umrd|mr ?4\.5|mr ?4\.0|mr ?4\b|mr5|complete molecular (?:response|remission)|cmr\b|"
    r"(?:sustained |stable )?deep molecular (?:response|remission)|\bdmr\b|molecular response 4\.5|4\.5-log reduction|at least (?:a )?4(?:\.5)?-log reduction)"
)
_LENGTH = compiled(
    r"\b(?:for|of|lasting|during|least|than|>|≥|≥ ?|median (?:time|duration) of) (?:at least |a median (?:time |duration )?of |more than |over |a minimum of |the (?:preceding|previous|last) |≥ ?)?"
    rf"(?P<n>(?:\d+(?:\.\d+)?|one|two|three|four|five)(?: consecutive)? {UNIT})|(?P<m>(?:\d+|one|two|three|five) (?:preceding )?{UNIT})(?: at least| or more)"
)
_RESTART = compiled(r"restart|re-?initiat|re-?start|resum|re-?treat|molecular re(?:lapse|currence)")
_UNIT_NEXT = compiled(rf"[.·]\d|%| ?%| ?{UNIT}|-(?:month|year|log)")
_PART = compiled(r"(?<![\d.,·])\d{1,3}(?:[.·]\d+|,\d{1,2})?\s?%(?! ?(?:ci\b|confidence))")
_WHOLE = compiled(r"\b(?:of|among) (?:the |these |all )?$")
# Begun again without a relapse.
_WELL = compiled(r"[^.;,]{0,40}\bwhile (?:still )?in\b")
_YEARLY = compiled(r"\b(?:in|since|from|until|and|to|between) (?:19|20)\d\d$")
_LOST = compiled(
    r"\b(?P<what>(?:confirmed )?loss of (?:an? |the )?(?:major molecular response|mmr\b|mr ?4(?:\.[05])?|complete molecular (?:response|remission)|"
    r"cmr\b|deep molecular response|dmr\b|molecular response)(?: [\[(][^()\[\]]{1,60}[)\]])?)"
)
_NAMES = re.compile(rf"\b(?:{TKIS})\b", re.IGNORECASE)
_MOST = 4  # drugs on a card
_SHORTEST = 12  # characters of a criterion


def card(reading: Reading) -> TfrCard:
    """What the abstract of a stopping study prints; each cell is a span of it, or ""."""
    own = [one for one in reading.sentences if one.kind != "Formal"]
    pair = headline(own)
    drugs = dict.fromkeys(
        match[0].lower() for text in (reading.title, reading.abstract) for match in _NAMES.finditer(text)
    )
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
    if (end := _TRIMMED.search(kept)) and end.start() > _SHORTEST:
        kept = kept[: end.start()]
    if kept.count(")") > kept.count("(") == 0:
        kept = kept[: kept.index(")")]
    if kept.count("(") > kept.count(")"):
        kept = kept[: kept.rindex("(")]
    return kept.strip(" ,:")


def _stopped(told: Sequence[Sentence]) -> str:
    """The largest number of those who are said to have stopped."""
    most, printed = 1, ""
    for one in told:
        if one.kind == "Background" or HEARSAY.search(one.lower):
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
        if one.kind in {"Background", "Methods"} or HEARSAY.search(one.lower):
            continue
        if not regained and (verb := _REGAIN.search(one.lower)):
            regained = _share_before(one, verb.start())
        if (
            not retreated
            and (match := _RETREATED.search(one.lower))
            and not _WELL.match(one.lower, match.end())
        ):
            name = "n" if match["n"] else "m"
            retreated = one.text[match.start(name) : match.end(name)]
    return retreated, regained


def _share_before(one: Sentence, verb: int) -> str:
    """How many did it: the last number before the verb, or the percentage of those whom it counts."""
    numbers = list(_SHARED.finditer(one.lower, max(0, verb - _BACK), verb))
    shares = [share for share in numbers if not _UNIT_NEXT.match(one.lower, share.end())]
    if not shares:
        return ""
    last = shares[-1]
    part = _PART.search(one.lower, last.end(), verb)
    if part and _WHOLE.search(one.lower[: last.start()]):
        return one.text[part.start() : part.end()]
    return one.text[last.start("n") : last.end("n")]


def _before(told: Sequence[Sentence]) -> tuple[str, str]:
    """Depth and length of the response that was asked for before stopping, from one sentence."""
    for one in told:
        lower = one.lower
        if one.kind == "Background" or not re.search(
            r"eligib|prior to|before|preced|enrol|includ|criteria|who stopped|discontinued|stopped|sustain|in mr4|maintain",
            lower,
        ):
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
