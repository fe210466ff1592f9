"""How many people took part, as the record prints it: enrolled, not assessed; cases, not controls."""
# ruff: noqa: E501, RUF001 - a pattern is read in one piece, and signs as they are printed

import re
from collections.abc import Iterator
from typing import NamedTuple

from queries.evidence.reading import Reading
from queries.evidence.rules import compiled
from queries.evidence.words import VALUES, WORDED, count

_STEMS = (
    "patient", "participant", "subjects", "volunteer", "adults", "children", "women", " men", "people",
    "person", "individual", "infant", "newborn", "neonate", "adolescent", "girls", "boys", "survivor",
    "student", "nurses", "physicians", "respondent", "cases", "n =", "n=", "migraineurs", "veterans",
    "were enrol", "were random", "were includ", "were recruit", "residents",
)  # fmt: skip
_WHO = (
    r"(?:patients?|participants?|subjects|volunteers?|adults|children|women|men|people|persons?|individuals?|infants?|"
    r"newborns?|neonates?|adolescents?|girls|boys|survivors?|students|nurses|physicians|respondents?|cases|residents|"
    r"migraineurs|veterans|outpatients|inpatients|smokers|mothers)\b"
)
_N = rf"\b(?<![.,/%·–<>≤≥-])(?<![<>≤≥] )(?P<n>\d{{1,3}}(?:[,\u2009\u00a0 ]\d{{3}})+(?!\d)|\d+(?![.,/%·–-]?\d|%)|{WORDED}\b)"
_GAP = (
    r"(?: (?:\(\d[^()]{0,30}\)|(?:type|stage|grade|class|level) [0-9iv]+|"
    r"(?!(?:of|the|and|in|or|per|to|with|from|at|by|than|years?|months?|days?|weeks?|hours?|mg|different|"
    r"new|controls?|centers?|centres?|sites?|hospitals?|studies|trials|groups?|arms?|times|doses?|countries|nations|states|cities|regions|provinces|institutions|departments|laborator(?:y|ies)|screened|who|that)\b)[a-z()/+:'’-][a-z0-9()/+:'’-]*,?)){0,5}?"
)
# As in: 84 evaluable patients; 641 (314 women) adults; 24 type 1 patients; eighty-four patients.
_MENTION = compiled(rf"{_N}{_GAP} {_WHO}")
_ENROLLED = r"(?:enrol?led|included|recruited|randomi[sz]ed|randomly|entered|registered|surveyed|interviewed|studied)\b"
# "of whom 758 were enrolled", "500 were randomised": the people are named before.
_BARE = compiled(
    rf"{_N}(?: of (?:them|these|whom))? (?:were|was) (?:then |finally |subsequently )?{_ENROLLED}"
    r"(?! (?:to|into|in the) (?!(?:receive )?either|one of|(?:two|three|four|[2-4]) ))"
)
# "Of the 430 who were eligible, 297 responded": of whom, and who did.
_OUT_OF = compiled(
    rf"\bof (?:the |these |all )?\d[^.;:%]{{3,90}}, {_N}(?: \([^()]{{1,20}}\))? (?:[a-z-]+ )?(?:responded|participated|"
    r"took part|consented|agreed|gave (?:informed )?consent)\b"
)
# "84 of 90 screened patients were enrolled".
_KEPT = compiled(
    rf"{_N} (?:\([^()]{{1,20}}\) )?of (?:the |these |all )?\d[\d,]* (?:[a-z-]+ ){{0,2}}{_WHO} (?:were|was) (?:finally |subsequently )?{_ENROLLED}"
)
_LOOKED_AT = compiled(r"\b(?:screened|assessed|eligible|invited|approached|consecutive eligible)\b")
# Arms: "19 were assigned to this; 9, to that".
_ARMED = compiled(
    r"[^.;]{0,60}\b(?:assigned|allocated|randomi[sz]ed|given|enrolled)\b[^.;]{0,80}(?:;|,? and) (?:the )?(?:other |remaining )?\d"
)
_STUDIED = (
    rf"(?:{_ENROLLED}|evaluated|analy[sz]ed|treated|identified|assigned|investigated|followed|participated|examined|"
    r"diagnosed|received|underwent|reviewed|stopped|discontinued|interrupted|started|completed|monitored|compared|took part|"
    r"used|undergoing|administered|given|aged)"
)
# What stands before the number of all who took part.
_BEFORE = compiled(
    r"(?:\bwe (?:[a-z]+ly )?(?:enrol?led|included|recruited|interviewed|surveyed|studied|identified|reviewed|followed|"
    r"evaluated|examined|analy[sz]ed|randomi[sz]ed|treated|collected|investigated|compared|observed|monitored)"
    r"[a-z ,:()-]{0,60}?|\b(?:compris\w+|consist\w+ of|included|enrolled|involv\w+|randomi[sz]ed|interviewed|recruited)"
    r"(?: a)?(?: total of| cohort of)?|"
    r"\b(?:samples?|data|records?|charts?|specimens|cohort|series|files|analysis|study|trephines|outcomes?|group|"
    r"experience|responses|biopsies|blood|sera|lymphocytes|database|population|survey|transcripts) (?:of|from|on|in|for|with)(?: the| all)?"
    r"|\bpatients:) $"
)
_ALL = compiled(r"\b(?:a|the)? ?totals? (?:number )?of $|\baltogether,? $|\boverall,? $")
_BEHIND = compiled(rf"(?:[^.;]|\.(?=\d)){{0,200}}?\b{_STUDIED}")
# A sentence on what this study did, so that "in 92 adolescents" is all of them.
_OWN = compiled(
    r"\bwe\b|\b(?:was|were|been) (?:[a-z]+ly |also |then )?(?:performed|conducted|carried out|studied|measured|evaluated|"
    r"examined|investigated|compared|obtained|assessed|analy[sz]ed|treated|determined|recorded|collected|tested|undertaken|"
    r"delivered|done|detected|estimated|followed|injected|given|administered)\b|\b(?:study|trial) (?:compared|evaluated|"
    r"investigated|examined|assessed|tested)\b|\breviewing\b|\b(?:this|the (?:present|current)|our) (?:[a-z-]+ ){0,2}(?:study|trial|analysis|report|survey|cohort)\b"
)
_HEALTHY = compiled(
    r"healthy (?:[a-z-]+ )?(?:controls?|donors?|individuals|subjects|persons|volunteers|women|men|people|children)|(?:controls|normal|unaffected|siblings)\b"
)
_DIGIT = compiled(r"\d")
_GROUPED = compiled(r"\bgroup (?:[0-9a-d]|i{1,3})\b[^.;]{0,30}$|\bin the [a-z -]{2,40} (?:group|arm),? $")
_YEAR = compiled(
    r"\b(?:in|since|from|until|and|to|of|by|between|through|may|june|july|march|april) (?:19|20)\d\d$"
)
_GROUP = compiled(r"\(?\bn ?[=\N{FULLWIDTH EQUALS SIGN}] ?(?P<n>\d[\d,]*\d|\d)\b")
_ARMS = compiled(r"\b(?:groups?|arms?|vs\.?|versus|respectively|controls?|placebo)\b")
_SOME = compiled(
    r"\b(?:of|all|both|only|another|other|remaining|among|than|least|up to|within|additional|further|"
    r"for|at|by|until|day|week|month|year|grade|stage|phase|the|these|those|\d,? and|most|in|each|every|per|about|every|remaining) $|[(;] ?$"
)
# Looked at, counted in the world, or studied by others.
_NOT = compiled(
    r"\b(?:screened|assess(?:ed|ment) [^.;]{0,60}?eligib|eligib\w+ (?:were|was) (?:assessed|screened)|worldwide|annually|"
    r"(?:each|every|per|a) year|incidence|new cases|per (?:\d|million)|estimated|previous(?:ly)?,? (?:report|stud|trial)|"
    r"earlier|prior stud|healthy|controls?\b)"
)
_OTHERS = compiled(
    r"\b(?:previous|earlier|prior|pivotal|landmark) (?:[a-z0-9-]+ ){0,3}(?:stud(?:y|ies)|trials?|reports?)\b|^earlier\b|"
    r"^previously\b|\bin (?:the|our) (?:previous|earlier)\b|\bworldwide\b|\beach year\b|\bannually\b|\bper year\b"
)
_CONTROLS = compiled(
    r"(?:control|age-matched|matched|unaffected)\b|[a-z -]{0,40}\b(?:as|served as) (?:healthy |normal )?controls?\b|"
    r"without\b|controls?\b"
)
_SCREENED = compiled(
    r"[^.;]{0,70}?\b(?:screened|assessed for eligib|for eligib|were assessed|were eligible|invited|approached)|[^.;]{0,30}\bsiblings"
)
_ASSESSED = compiled(r"\b(?:assessed|screened|approached|invited)(?: a total of)? $")

_NAMED, _HELD, _TOTAL, _TAKEN = 1, 2, 3, 4
_FEW = 5  # a title's "two survivors" may be anybody
_WORDS = frozenset((*VALUES, "hundred"))


_SICK = compiled(rf"{_N}{_GAP} (?:patients|cases|survivors)\b|\bpatients (?:with|and|were|had|who|showed)\b")


class _Mention(NamedTuple):
    printed: str
    value: int
    rank: int


def participants(reading: Reading, fewest: int = 1) -> str:
    """The number of people studied, in digits as printed, words turned into digits; "" if unsure.

    Sure is the title's number, what is said to be enrolled or in total, or the largest: if it is
    said to have been studied, or if it is also the first. Of fewer than `fewest` nothing is said.
    """
    printed = _participants(reading)
    return printed if printed and count(printed) >= fewest else ""


def _participants(reading: Reading) -> str:
    titled = _MENTION.search(reading.title_lower)
    if titled and count(titled["n"]) >= _FEW and not _OVER.search(reading.title_lower, 0, titled.start()):
        return _printed(titled["n"])
    beside = "healthy" in reading.lower or "normal" in reading.lower or "control" in reading.lower
    sick = "patient" in reading.title_lower or (beside and bool(_SICK.search(reading.lower)))
    found = [
        mention
        for sentence in reading.sentences
        if sentence.kind not in {"Background", "Conclusions", "Formal"} or _self(sentence.lower)
        for mention in _own(sentence.lower, sick=sick)
    ]
    best = max(found, key=lambda one: one.rank, default=_Mention("", 0, 0))
    if best.rank >= _TOTAL:
        return best.printed
    largest = best.value == max((one.value for one in found), default=0)
    sure = best.rank == _HELD or (best.rank == _NAMED and found[0] == best)
    return best.printed if largest and sure else ""


_OVER = compiled(r"\b(?:over|more than|nearly|almost|about|only) $")


def _self(sentence: str) -> bool:
    """Whether a sentence under the background's label speaks of this study's people."""
    return sentence.startswith(("the study included", "this study included", "we studied", "a total of"))


def _own(sentence: str, *, sick: bool) -> list[_Mention]:
    found = list(_mentions(sentence, sick=sick))
    return [] if found and _OTHERS.search(sentence) else found


def _mentions(sentence: str, *, sick: bool) -> Iterator[_Mention]:
    if not any(map(sentence.__contains__, _STEMS)) or not _numbered(sentence):
        return
    groups = list(_GROUP.finditer(sentence))
    if len(groups) == 1 and not _ARMS.search(sentence):
        value = count(groups[0]["n"])
        yield _Mention(groups[0]["n"], value, _HELD if _BEHIND.search(sentence) else _NAMED)
    else:  # what they add up to is not said
        yield from (_Mention(group["n"], count(group["n"]), 0) for group in groups)
    for bare in (*_BARE.finditer(sentence), *_OUT_OF.finditer(sentence), *_KEPT.finditer(sentence)):
        if count(bare["n"]) > 1 and not _YEAR.search(sentence[: bare.end("n")]):
            yield _Mention(_printed(bare["n"]), count(bare["n"]), _TAKEN)
    for match in _MENTION.finditer(sentence):
        value = count(match["n"])
        if value == 1 or _YEAR.search(sentence[: match.end("n")]) or "%)" in match[0]:
            continue
        beside = sick and _HEALTHY.match(sentence, match.end("n") + 1)
        yield _Mention(_printed(match["n"]), value, 0 if beside else _rank(sentence, match))


_THEN = compiled(rf"(?:[^.;:]|\.(?=\d)){{0,130}}? (?:were|was|have been) (?:[a-z]+ly )?{_ENROLLED}")
_AND = compiled(
    rf"(?:[^.;:()]|\([^()]{{0,120}}\)){{0,120}}?,? and {_N}{_GAP} (?={_WHO})(?!nurses|physicians|relatives|parents|caregivers)"
)
# Boys and girls, each counted.
_BOTH = compiled(
    rf"(?: \([^()]*\))? and {_N} (?:girls|boys|women|men|females|males)\b[^.;]{{0,40}} (?:were|was|participated)"
)
_BOTH_BEFORE = compiled(rf"(?:{WORDED}|\d) (?:girls|boys|women|men|females|males)(?: \([^()]*\))? and $")
_PREPOSED = compiled(r"(?:^|, |\b(?:of|among|from|in|on|to|with) )(?:the |all )?$")


def _numbered(sentence: str) -> bool:
    return bool(_DIGIT.search(sentence)) or not _WORDS.isdisjoint(sentence.replace("-", " ").split())


def _rank(  # noqa: C901, PLR0911 - a list of what a number may be
    sentence: str, match: re.Match[str]
) -> int:
    """How surely the number is that of those who took part."""
    before, after = sentence[: match.start()], match.end()
    if before.endswith(" of ") and _LOOKED_AT.search(match[0]):
        return 0
    if _ASSESSED.search(before) or _SCREENED.match(sentence, after):
        return 0
    if _CONTROLS.match(sentence, match.end("n") + 1) or _CONTROLS.match(sentence, after + 1):
        return 0
    if _ALL.search(before):
        return (
            0
            if (other := _AND.match(sentence, after)) and not _CONTROLS.match(sentence, other.end())
            else _TOTAL
        )
    if _ARMED.match(sentence, after) or _BOTH.match(sentence, after) or _BOTH_BEFORE.search(before[-60:]):
        return 0
    if _THEN.match(sentence, after):
        return _TAKEN if not _SOME.search(before) else _HELD
    if _GROUPED.search(before):
        return 0
    if _BEFORE.search(before):
        other = _AND.match(sentence, after)
        return _TOTAL if not other or _CONTROLS.match(sentence, other.end()) else 0
    if (
        _PREPOSED.search(before[-14:])
        and not re.search(r"\d of $", before)
        and not before.strip(" ,").endswith(("which", "whom", "these"))
    ):
        opening = len(before) <= len("among the ")
        studied = opening or bool(_OWN.search(before) or _BEHIND.match(sentence, after))
        return _HELD if studied else _NAMED if not _SOME.search(before) else 0
    if before.endswith("(") and re.match(r", \d[\d,]* (?:[a-z-]+ )?controls", sentence[after : after + 40]):
        return _HELD
    if _SOME.search(before):
        return 0
    return _HELD if _BEHIND.match(sentence, after) else _NAMED


def _printed(n: str) -> str:
    return n if n[0].isdigit() else str(count(n))
