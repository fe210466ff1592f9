"""Whether an article reports on stopping the inhibitor in CML, its result sentence, its trials."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from queries.evidence_quote import LONG, LONGEST, NOTHING, Quote
from queries.evidence_sentences import Section
from queries.records import Article

_CML = re.compile(r"chronic my(?:elo|el)\w* leuk|chronic granulocytic leuk|\bcml\b|ph\+ leuk", re.IGNORECASE)
_DRUG = (
    r"(?:tkis?\b|tyrosine[- ]kinase[- ]inhibitors?|(?:the )?inhibitors?\b|imatinib|nilotinib|dasatinib|bosutinib|ponatinib|"
    r"asciminib|radotinib|flumatinib|olverembatinib|treatment|therapy|medication|the drug)"
)
_STOPPING = (
    r"(?:stop(?:s|ped|ping)?|discontinu\w+|cessation|withdr[ae]w\w*|interrupt\w+|hal(?:t|ting|ted)|off)"
)
_FREE = r"(?:treatment|therapy|drug|tki|medication)[- ]free (?:remission|survival|period|interval)s?|\btfr\b"
_STOP = re.compile(
    rf"{_FREE}|\b{_STOPPING}\b (?:of )?(?:all |their |the |first-line |second-line |both |long-term |second-generation |frontline )*{_DRUG}|"
    rf"{_DRUG}(?: is| was| were| are| had been)? (?:therapy |treatment )?(?:stop(?:ped|ping)?|discontinu\w+|cessation|withdrawal)\b|"
    rf"\b(?:after|before|at|following|since) (?:the time of )?(?:stopping|discontinuation|cessation)\b|"
    r"\bstopped\b(?! (?:for|due|because|early|responding))|\b(?:second|first) (?:attempt|discontinuation)\b|\bdiscontinuation (?:stud|trial|attempt)",
    re.IGNORECASE,
)
_FREE_OF_DRUG = re.compile(_FREE, re.IGNORECASE)
_IN_TITLE = re.compile(
    rf"{_FREE}|\b(?:stopping|discontinuation|discontinuing|cessation|who stops?)\b|{_DRUG}[^.:]{{0,30}}\b(?:is|are|was|were) (?:stopped|discontinued|withdrawn)|"
    rf"\bstop {_DRUG}|\boff (?:imatinib|{_DRUG})|\bto stop\b",
    re.IGNORECASE,
)
_TURN = re.compile(
    rf"relaps|recurr|remain\w* (?:in|free|off)|los[st]\w* (?:of )?(?:major |deep |the |molecular |their )*(?:molecular )?(?:response|remission|mmr|mr)|"
    rf"regain|restart|resum|re-?treat|{_FREE}|(?:kept|sustain\w*|maintain\w*) (?:\w+ )?remission|survival|withdrawal (?:syndrome|pain|symptom)|quality of life|symptom",
    re.IGNORECASE,
)
_WISH = re.compile(
    r"\b(?:may|might|could|would|should|aim|goal|whether|hope|towards?|potential\w*|if|planned|eligible|to (?:achieve|improve|attempt|"
    r"increase|estimate|determine|assess|evaluate|enable))\b|primary (?:end ?point|outcome|objective)\b[^.]{0,30}\bwas (?:the |tfr|treat|surv|mole|\d)|defined as|because of (?:adverse|toxic|intol)|"
    r"due to (?:adverse|toxic|intol|side)|adverse events? (?:led|leading)|for (?:toxicity|futility|adverse)",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"\d+(?:\.\d+)?\s?%|\b\d+ of (?:the )?\d+\b|\b(?:[a-z]+|\d+) of (?:the )?(?:\d+|[a-z]+ty)\b|\bn ?= ?\d|\d+(?:\.\d+)? (?:months|years)",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"\d+(?:\.\d+)?\s?%|\b\d+ of (?:the )?\d+\b")
_INTERVAL = re.compile(r"\bCI\b|confidence interval|\bp\s?[<=]")

_NUMBERS = re.compile(
    r"\bNCT ?0?\d{8}\b|\b20\d\d-\d{6}-\d\d(?:-\d\d)?\b|\bISRCTN ?\d{6,8}\b|\b(?:JPRN-)?UMIN ?(?:-CTR )?(?:ID:? ?)?0*\d{5,9}\b|"
    r"\bj?RCTs?\d{9,10}\b|\bChiCTR[-A-Z]*\d{8,10}\b|\bACTRN ?\d{14}\b|\bDRKS\d{8}\b|\bNTR ?\d{3,5}\b|\bNL\d{3,5}\b|"
    r"\bCTRI/\d{4}/\d\d+/\d+\b|\bKCT\d{7}\b|\bIRCT\d{10,}\w*"
)
_KNOWN = re.compile(
    r"\b(?:EURO-?SKI|(?:A-|RE-)?STIM ?[12]?|STOP[- ]?2G[- ]?TKI|STOP-TKI|DESTINY|ENEST(?:freedom|op|path|nd|cmr)|DASFREE|TRAD|TWISTER|"
    r"(?:1st[- ]|First-line )?DADI|D-STOP|STAT2|NILSt|ISAV|OPTkIMA|LAST|DANTE|KID-STOP|STOP-IMAPED|TFR-PRO|HALF|DES-CML|NAUT|SPIRIT ?[12]?|TIGER|"
    r"ASCEMBL|ASC4FIRST|ASC4OPT|ASC2ESCALATE|BFORE|DASISION|IRIS|OPTIC|PACE|DECISION)\b(?=[- ,);:.]|$)"
)
_NAMED = re.compile(
    r"\b(?P<name>[A-Z][A-Z0-9]{2,}(?:[- ](?:[A-Z][A-Z0-9]+|\d{1,2}))*)(?= (?:phase [\w/]+ |randomi[sz]ed |open-label |extension |"
    r"prospective |pilot |clinical |discontinuation |stopping )*(?:trial|study|registry|cohort)\b)|"
    r"\b(?:trial|study|registry) \((?P<bracketed>[A-Z][A-Z0-9]{2,}(?:[- ](?:[A-Z][A-Z0-9]+|\d{1,2}))*)\)"
)
_NO_NAMES = frozenset(
    "CML AML ALL CLL TKI TKIS TFR DMR MMR MR3 MR4 LSC LSCS DNA RNA PCR MRI PET GWAS SNP HIV HCV EBV NPC USA RCT RCTS II III IV "
    "BCR ABL ABL1 COVID-19 PHASE RFID HRT GVHD HSCT MDS MPN QOL HPLC PICO GIST NSCLC UK EU US CT WHO FDA EMA ELN COHORT".split()
)


class Stopping(NamedTuple):
    """Whether an article reports on stopping, why we think so, and its result sentence."""

    tfr: bool
    reason: str
    quote: Quote = NOTHING


def stopping(article: Article, study: str, parts: Sequence[Section]) -> Stopping:
    """Whether stopping or treatment-free remission in CML is reported, not merely hoped for."""
    title = article.title or article.vernacular_title
    named = _CML.search(title) or any(_CML.search(part.text) for part in parts)
    named = (
        named
        or any(_CML.search(h.name) for h in article.mesh)
        or any(_CML.search(k.text) for k in article.keywords)
    )
    if not named or study in {"in vivo", "in vitro"}:
        return Stopping(False, "")
    entitled = _IN_TITLE.search(title)
    told = [(part, s, at) for part in parts for at, s in enumerate(part.sentences) if _STOP.search(s)]
    ranked = sorted(
        ((_weight(part, s, at), -n, s, part) for n, (part, s, at) in enumerate(told)), reverse=True
    )
    best = ranked[0] if ranked else None
    if study in {"review", "guideline", "commentary", "letter"} and not entitled:
        if len(told) < 3:
            return Stopping(False, "")
        return Stopping(True, f"abstract: {len(told)} sentences on '{_words(_STOP, told[0][1])}'")
    results = best is not None and best[0] >= 4
    if not entitled and not results:
        return Stopping(False, "")
    quote = NOTHING
    if best and best[0] >= 4 and len(best[2]) <= LONGEST:
        last = best[3].sentences[-1] == best[2] and best[3] is parts[-1]
        quote = Quote(
            best[2],
            best[3].kind
            if best[3].kind in {"Results", "Conclusions"}
            else "last sentence"
            if last
            else "abstract",
        )
    reason = (
        f"title: '{entitled[0]}'" if entitled else f"abstract: '{_words(_STOP, best[2])}'" if best else ""
    )
    return Stopping(True, reason, quote)


def _words(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match[0] if match else ""


def _weight(part: Section, sentence: str, at: int) -> int:
    """How well a sentence that names stopping tells its result; 4 and more is a result."""
    weight = 2 * bool(_FREE_OF_DRUG.search(sentence)) + 2 * bool(_TURN.search(sentence))
    weight += (
        bool(_FIGURE.search(sentence))
        + 2 * bool(_PERCENT.search(sentence))
        + bool(_INTERVAL.search(sentence))
    )
    weight += {"Results": 1, "Conclusions": 0, "": 0}.get(part.kind, -5)
    weight -= 4 * bool(_WISH.search(sentence)) + 2 * (len(sentence) > LONG)
    if not _FIGURE.search(sentence):
        weight -= 4
    if not part.kind and at == 0:
        weight -= 2  # an abstract's first sentence is its background
    return weight


def trials(article: Article, parts: Sequence[Section]) -> tuple[str, ...]:
    """Registration numbers and names of trials, in the order met, registries' own entries first."""
    text = " ".join([article.title, *(part.text for part in parts)])
    names = [a.number for a in article.accessions if _NUMBERS.fullmatch(a.number)]
    names += [
        match[0].replace(" ", "") if match[0][0] != "2" else match[0] for match in _NUMBERS.finditer(text)
    ]
    if _CML.search(text):
        names += [
            match[0].strip()
            for match in _KNOWN.finditer(text)
            if match[0]
            not in {"IRIS", "LAST", "HALF", "PACE", "TIGER", "DECISION", "OPTIC", "DANTE", "NAUT", "TRAD"}
            or re.match(r"[- ](?:trial|study)", text[match.end() : match.end() + 6])
        ]
    for match in _NAMED.finditer(text):
        name = match["name"] or match["bracketed"]
        if name not in _NO_NAMES and not name.isdigit() and len(name) > 3:
            names.append(name)
    return tuple(dict.fromkeys(names))[:6]
