"""Whether a record that doesn't call itself a review speaks as one and has no data of its own."""
# ruff: noqa: E501 - a pattern is read in one piece

from itertools import islice
from typing import NamedTuple

from queries.evidence.reading import Reading
from queries.evidence.rules import compiled

# What own work leaves in an abstract: figures, tests, and what was done.
_OWN = compiled(
    r"\bp ?[<=>] ?0?\.\d|\bn ?= ?\d|\bci[, :]|\d ?\+/?- ?\d|±|\bic50\b|"
    r"\bwe (?:show|found|find|demonstrate|identif|observe|investigate|studied|compare|measure|test|"
    r"evaluat|analy[sz]|enrol|includ|develop|determin|use|treat|assess|collect|obtain|report|confirm|screen|"
    r"detect|establish|generat|isolat|sequenc|perform|conduct|hypothesi|aimed|calculat|estimat|interview|"
    r"survey|reveal|discover|present a|propose a|construct|design)|"
    r"\b(?:this|present|current|our) (?:study|work|experiment|experience|trial|survey|data|results?|findings?|method|"
    r"system|model)\b|\bour patients\b|\bwe have found\b|\bhere,? (?:we|i)\b|\bin this (?:study|work|report)\b|"
    r"\b(?:was|were) (?:[a-z]+ly )?(?:performed|measured|"
    r"determined|treated|analy[sz]ed|collected|obtained|compared|examined|found|observed|evaluated|assessed|"
    r"investigated|included|enrolled|studied|used|given|recorded|detected|identified|developed|synthesi[sz]ed|"
    r"administered|tested|associated|significantly|higher|lower|implemented|designed|proposed)\b|"
    r"\bresults (?:show|suggest|indicate|demonstrate)|\byear-old\b|\bdata (?:were|was|from \d)|\bis proposed\b|"
    r"\bproposed (?:method|system|algorithm|approach|scheme)|\bwe propose\b"
)
# The tone of a review.
_TONE = compiled(
    r"\b(?:discuss(?:es|ed)?|summari[sz]e[sd]?|summary|overview|highlights?|outlines?|describe here)\b|"
    r"\b(?:recent(?:ly)?|in recent years|over the (?:last|past) (?:decade|years)|advances?|advent|progress|"
    r"emerging|evolving|evidence|current(?:ly)?|increasing(?:ly)?|remains?|challeng\w+|controvers\w+|"
    r"strateg\w+|approaches|options?|guidelines?|recommend\w*|should|must|may|can|understanding|role|"
    r"perspectives?|future|promis\w+|potential|known|rare|common(?:ly)?|has been|have been|has become|is now|"
    r"are now|paradigm|history|mechanisms?|principles?|management|several|various|novel)\b"
)
_STRONG = compiled(
    r"\b(?:discuss(?:es|ed)?|summari[sz]e[sd]?|overview|we highlight|we describe here|"
    r"(?:this|the|present) (?:article|paper|chapter|manuscript) (?:discusses|reviews|describes|considers|examines|"
    r"explores|focuses|highlights|covers|addresses|will)|are (?:considered|described|presented|reviewed)|"
    r"(?:recent|several|many|most|few|numerous|these|various) (?:[a-z-]+ ){0,3}(?:studies|trials|papers|reports|reviews)|"
    r"(?:has|have) (?:recently |also |now )?(?:shown|focus\w+|demonstrated|been (?:shown|reported|proposed|suggested|"
    r"implicated|described|made|used|developed|recogni[sz]ed|identified|linked|associated|introduced|established))|"
    r"studies (?:have|are)|recent(?:ly)? (?:advances|developments|progress|evidence|insights)|advent of|"
    r"in recent (?:years|decades)|current (?:knowledge|understanding|concepts|evidence|status|treatment|management|"
    r"recommendations|strategies)|future (?:directions|perspectives|research)|state of the art|treatment of choice|"
    r"should be (?:considered|performed|treated|given|based|directed|avoided|used|individuali[sz]ed|undertaken)|"
    r"the (?:diagnosis|treatment|management|mainstay|cornerstone|pathogenesis|prognosis|etiology|aetiology) (?:of|is|remains|depends)|"
    r"is (?:characteri[sz]ed by|a (?:rare|common|chronic|major|key|complex|heterogeneous|serious|potentially))|"
    r"questions (?:remain|are)|remain(?:s)? (?:unclear|controversial|a challenge|challenging|unknown|to be|the))\b"
)
# A title that announces no study of its own.
_TITLED = compiled(
    r"\b(?:advances|update|perspectives?|overview|current (?:status|concepts?|understanding|strateg\w+|treatment|"
    r"management|options|trends|and)|future|emerging|evolving|challenges|past, present|new insights|insights into|"
    r"state of the art|controvers\w+|what (?:is|are|do|we|have|the)|when (?:is|should|can)|where (?:do|are) we|"
    r"from (?:[a-z-]+ ){1,4}to|role of|roles? (?:in|and)|biology of|genetics of|pathogenesis|mechanisms of|"
    r"(?:diagnosis|treatment|therapy|prevention|epidemiology|biology|pathophysiology) and|"
    r"management of|treatment options|therapeutic (?:target|options|strateg\w+)|principles|handling|"
    r"modern|introduction to|guide to|a model)\b|\?$"
)
# No review of the health sciences: a device, an algorithm, a specimen.
_ELSEWHERE = compiled(
    r"\b(?:rfid|algorithm|wireless|sensors?|laser|optical|antenna|circuit|simulation|software|new species|"
    r"holotype|theorem|equations?)\b"
)
# Of health, where an abstract without any work of its own is a review more often than an essay.
_HEALTH = compiled(
    r"patient|disease|clinical|therap|infect|cancer|health|tumou?r|syndrome|diagnos|carcinoma|leuk|drug"
)
_PAST = compiled(r"\b(?:was|were)\b")
_ENOUGH = 150  # characters: of less, nothing is known
_PER = 300  # characters in which a review has one word of its tone
_PER_ALONE = 450  # of one that has no data whatever
_PASTS = 2
_MARKS = 2


class Tone(NamedTuple):
    """Where a record speaks as a review, and in which words; `sure` if it has no data whatever."""

    where: str
    words: str
    sure: bool = False


def narrative(reading: Reading) -> Tone | None:
    """The words that tell a review from its tone; None if it has data of its own, or says too little."""
    lower = reading.lower
    if len(lower) < _ENOUGH or any(part.kind == "Methods" for part in reading.parts):
        return None
    titled = _TITLED.search(reading.title_lower)
    strong = list(_STRONG.finditer(lower))
    marks = len(strong) + bool(titled)
    own = sum(1 for _ in islice(_OWN.finditer(lower), (marks + 1) // 2))
    if 2 * own >= marks or _ELSEWHERE.search(reading.title_lower):
        return None
    per = len(lower) / len(_TONE.findall(lower) or [""])
    if not (strong and per <= _PER) and (own or per > _PER_ALONE or not _of_health(lower)):
        return None
    if strong:
        return Tone("abstract", reading.span(strong[0]), per <= _PER and not own and marks >= _MARKS)
    return Tone("title", reading.title_span(titled)) if titled else None


def _of_health(lower: str) -> bool:
    """Whether it speaks of health, and hardly of what was."""
    return bool(_HEALTH.search(lower)) and len(_PAST.findall(lower)) <= _PASTS
