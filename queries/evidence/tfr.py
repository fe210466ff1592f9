"""Whether an article reports on stopping the inhibitor in CML, and its result sentence."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from queries.evidence.quote import LONG, LONGEST, NOTHING, Quote
from queries.evidence.sentences import Section

# The disease, or the milestones that only it has.
_STEMS = ("cml", "chronic my", "mr4", "molecular response", "molecular re", "bcr")
_CML = re.compile(r"chronic my(?:elo|el)\w* leuk|chronic granulocytic leuk|\bcml\b")
_MILESTONE = re.compile(r"\bmr4|(?:deep|major) molecular response|molecular (?:relapse|recurrence)")
_OTHER = re.compile(
    r"\bacute (?:my|lym|prom)|\baml\b|\bcll\b|chronic lympho|lymphoma|myeloma|myelofibrosis|cancer|"
    r"carcinoma|melanoma|"
    r"sarcoma|stromal tumou?r|arthritis|multiple sclerosis|epilep|psoria|colitis|crohn"
)
_DRUG = (
    r"(?:tkis?\b|tyrosine[- ]kinase[- ]inhibitors?|(?:the )?inhibitors?\b|imatinib|nilotinib|dasatinib|"
    r"bosutinib|"
    r"ponatinib|asciminib|radotinib|flumatinib|olverembatinib|treatment|therapy|medication|the drug)"
)
_FREE = re.compile(
    r"(?:treatment|therapy|drug|tki|medication)[- ]free (?:remission|survival|period|interval)s?|\btfr\b"
)
_BEFORE_DRUG = (
    r"(?:of |all |their |the |first-line |second-line |both |long-term |second-generation |frontline )*"
)
_STOP = re.compile(
    rf"{_FREE.pattern}|"
    rf"\b(?:stop(?:s|ped|ping)?|discontinu\w+|cessation|withdr[ae]w\w*|interrupt\w+|halt\w*|"
    rf"off) {_BEFORE_DRUG}{_DRUG}|"
    rf"{_DRUG}(?: is| was| were| are| had been)? (?:therapy |treatment )?(?:stop(?:ped|ping)?|"
    rf"discontinu\w+|cessation|"
    r"withdrawal)\b|\b(?:after|before|at|following|since) (?:the time of )?(?:stopping|discontinuation|"
    r"cessation)\b|"
    r"\bstopped\b(?! (?:for|due|because|early|responding))|\b(?:second|first) (?:attempt|discontinuation)\b|"
    r"\bdiscontinuation (?:stud|trial|attempt)"
)
_ENTITLED = re.compile(
    rf"{_FREE.pattern}|\b(?:stopping|discontinuation|discontinuing|cessation|who stops?)\b|\bto stop\b|"
    rf"{_DRUG}[^.:]{{0,30}}\b(?:is|are|was|were) (?:stopped|discontinued|withdrawn)|\b(?:stop|off) {_DRUG}"
)
# The result itself, even where the sentence doesn't name stopping.
_OUTCOME = re.compile(
    rf"{_FREE.pattern}|molecular (?:relapse|recurrence)|relapse-free (?:survival|remission)|"
    r"los[st]\w* (?:of )?(?:major molecular|mmr|mr\d|molecular)|remain\w* in (?:\w+ )?(?:remission|tfr)"
)
# What became of those who stopped.
_TURN = re.compile(
    rf"relaps|recurr|remain\w* (?:in|free|off)|los[st]\w* (?:of )?(?:major |deep |the |molecular |their )*"
    rf"(?:response|remission|mmr|mr\d)|regain|restart|resum|re-?treat|{_FREE.pattern}|survival|"
    rf"quality of life|symptom|"
    r"(?:kept|sustain\w*|maintain\w*) (?:\w+ )?remission|withdrawal (?:syndrome|pain)"
)
# A hope, an aim, a definition, a method, or a drug stopped for its harm.
_WISH = re.compile(
    r"^we (?:sequenced|measured|followed|analy[sz]ed|studied|collected|surveyed|enrolled|included|"
    r"compared|asked)\b|"
    r"\b(?:may|might|could|would|should|aim|goal|whether|hope|towards?|potential\w*|planned|eligible|"
    r"defined as)\b|"
    r"\bto (?:achieve|improve|attempt|increase|estimate|determine|assess|evaluate|enable)\b|"
    r"primary (?:end ?point|outcome|objective)\b[^.]{0,30}\bwas (?:the |tfr|treat|surv|mole|\d)|"
    r"(?:because of|due to|for) (?:adverse|toxic|intol|side|futil)|adverse events? (?:led|leading)"
)
_PART = re.compile(r"\d(?:\.\d+)?\s?%|\b\d+ of (?:the )?\d+\b|\b[a-z]+(?:-[a-z]+)? of (?:the )?\d+\b")
_FIGURE = re.compile(rf"{_PART.pattern}|\bn ?= ?\d|\d (?:months|years)")
_RATE = re.compile(r"\bat (?:\d+|one|two|three|five) (?:months|years?)\b|\b\d+-(?:month|year)\b")
_CERTAIN = re.compile(r"\bci\b|confidence interval|\bp\s?[<=]")
_ANIMALS = re.compile(r"\b(?:mice|mouse|murine|animals?|preclinical)\b")

_RESULT = 4  # the weight from which a sentence is a result
_OFTEN = 3  # mentions from which a work of another kind is about stopping


class Stopping(NamedTuple):
    """Whether an article reports on stopping, why we think so, and its result sentence."""

    tfr: bool
    reason: str
    quote: Quote = NOTHING


NO = Stopping(tfr=False, reason="")


def stopping(title: str, text: str, study: str, parts: Sequence[Section]) -> Stopping:
    """Whether stopping or treatment-free remission in CML is reported, not merely hoped for.

    `title` and `text` (title and abstract) are in lower case. It is reported where the title names
    it, or a result does with its figures, or again and again.
    """
    if study in {"in vivo", "in vitro"} or not _about_cml(title, text):
        return NO
    told = [
        (_weight(part.kind, sentence, first=not (n or k)), sentence, part.kind)
        for n, part in enumerate(parts)
        for k, sentence in enumerate(part.sentences)
        if _STOP.search(sentence.lower()) or _OUTCOME.search(sentence.lower())
    ]
    weight, sentence, kind = max(told, key=lambda one: one[0], default=(0, "", ""))
    entitled = _ENTITLED.search(title)
    named = [one for _, one, _ in told if _STOP.search(one.lower())]
    if not (entitled or len(named) >= _OFTEN) and (
        weight < _RESULT
        or study in {"review", "letter", "commentary", "modelling"}
        or not _FREE.search(sentence.lower())
    ):
        return NO
    if not entitled and "preclinical" in title:
        return NO
    reason = f"title: '{entitled[0]}'" if entitled else f"abstract: '{_words(named[0])}'"
    if weight < _RESULT or len(sentence) > LONGEST:
        return Stopping(tfr=True, reason=reason)
    where = "last sentence" if sentence == parts[-1].sentences[-1] else "abstract"
    return Stopping(
        tfr=True, reason=reason, quote=Quote(sentence, kind if kind in {"Results", "Conclusions"} else where)
    )


def _about_cml(title: str, text: str) -> bool:
    """Other diseases have treatment-free remissions, too, and may name CML in passing."""
    if not any(stem in text for stem in _STEMS):
        return False
    if _CML.search(text):
        return bool(_CML.search(title)) or not _OTHER.search(title)
    return bool(_MILESTONE.search(text)) and not _OTHER.search(text)


def _words(sentence: str) -> str:
    match = _STOP.search(sentence.lower())
    return match[0] if match else ""


def _weight(kind: str, sentence: str, *, first: bool) -> int:
    """How well a sentence that names stopping tells what came of it."""
    lower = sentence.lower()
    if not _FIGURE.search(lower) or kind not in {"Results", "Conclusions", ""} or _ANIMALS.search(lower):
        return 0
    weight = (
        1 + 2 * bool(_OUTCOME.search(lower)) + 2 * bool(_TURN.search(lower)) + 2 * bool(_PART.search(lower))
    )
    weight += bool(_CERTAIN.search(lower)) + bool(_RATE.search(lower)) + (kind == "Results")
    # An abstract's first sentence is its background.
    return weight - 4 * bool(_WISH.search(lower)) - 2 * (len(sentence) > LONG) - 2 * (first and not kind)
