"""The sentence of an abstract that says what this paper found, verbatim; none rather than a bad one."""
# ruff: noqa: E501, RUF001 - a pattern is read in one piece, and signs as they are printed

from collections.abc import Iterator
from typing import NamedTuple

from queries.evidence.reading import Reading, Sentence
from queries.evidence.rules import compiled
from queries.records.digest import TfrCard

SHORT, LONG, LONGEST = 60, 320, 480  # characters: too little alone, avoided, never quoted


class Quote(NamedTuple):
    """Words of the abstract, and where they stand: Conclusions, Results, last sentence, or ""."""

    text: str
    label: str


NOTHING = Quote("", "")

# Of the paper and not of what it found; nor a case that it only announces.
_PAPER = compiled(
    r"\b(?:this|the|the present|our|present|current|a|following) (?:[a-z-]+ )?(?:review|article|paper|chapter|manuscript|commentary|editorial|overview|"
    r"primer|minireview|perspective|presentation|communication|section)\b(?! (?:found|identified (?:a|that|\d)|confirm|indicat|shows that|demonstrat|suggest|revealed|of the literature (?:shows|suggests)))|"
    r"\b(?:this|the present|our) (?:study|work|report|research|case|project|investigation)(?:,? [a-z-]+ly)? (?:aim\w*|is|was|were|describes?|presents?|discusses|"
    r"examine[sd]?|explore[sd]?|investigate[sd]?|evaluate[sd]?|assess(?:es|ed)?|compare[sd]?|sought|seeks|introduces|addresses|focus\w*|illuminate|"
    r"adds|contributes|opens|describe|underscores? the need|analy[sz]e[sd]?|report(?:s|ed)|concerns|proposes|reviews|set out|deals)\b|"
    r"^(?:finally,? |here(?:in)?,? |in this (?:[a-z]+ )?(?:review|article|paper|chapter|report|study|work|manuscript|editorial|issue|perspective),? |additionally,? |then,? |furthermore,? |also,? |"
    r"in addition,? |moreover,? )?(?:we|i|the authors?|it) (?:also |will |then |briefly |further |here |hereby |critically |thus |have |herein )*(?:"
    r"review|discuss|describe|summari[sz]e|outline|provide an? (?:overview|summary|update|comprehensive)|provide overview|focus|present (?:an?|the|our|several|here|\d|two|three|four)|list|aim|"
    r"address|consider|introduce|examine[sd]?\b|explore[sd]?\b|investigate[sd]?\b|evaluate[sd]?\b|assess(?:ed)?\b|compared?\b|sought|analy[sz]ed?\b|studied\b|hypothesi[sz]e|"
    r"report (?:an?|two|three|four|five|the (?:case|first case)|on an?|our|here|herein|the results)|highlight|tested\b|measured\b|"
    r"randomly assigned\b|performed\b|conducted\b|collected\b|included\b|enrolled\b|recruited\b|used\b|searched|retrospectively|prospectively|designed|set out|believe|expect|anticipate|plan|"
    r"(?:estimated|calculated|determined|quantified) (?:the|an?|how|whether))\b|"
    r"\bwe (?:[a-z]+ly )*(?:assigned|allocated|randomi[sz]ed|enrol+ed|recruited|interviewed)\b"
)
# A table of contents, at the end of a sentence or anywhere.
_CONTENTS = compiled(
    r"\b(?:are|is|be|were) (?:also |then |briefly |further |critically |fully )?(?:discussed|presented|reviewed|considered|listed|tabulated|outlined|given|"
    r"summari[sz]ed|touched|addressed|highlighted|emphasi[sz]ed|introduced|given at|proposed|explored|organi[sz]ed|described|covered|provided|reported(?: here)?|examined|explained)\b"
    r"[^.]{0,40}[.)]*[\"']?$"
)
_CONTENTS_STEMS = ("discussed", "reviewed", "presented", "organi", "summari", "self-assessment", " section ", "at the end", "at the meeting", "grey area", "gray area",
                   " table ", " figure ", "fig. ", "video abstract", "graphical", "will be", "drawn in")  # fmt: skip
_CONTENTS_ANY = compiled(
    r"\b(?:are|is|will be) (?:discussed|reviewed|presented at|organi[sz]ed|summari[sz]ed in|drawn in)\b|self-assessment|\bsection \d|\borgani[sz]ed as follows|"
    r"\bat the (?:end|meeting)\b|\bwill be (?:presented|reported|described)|gr[ea]y areas?|\bin (?:table|figure|fig\.?) ?\d|video abstract|graphical abstract"
)
# What was asked or done, whom it was asked of, and how a thing was defined.
# Done to somebody or something, at the end of a sentence.
_DONE = compiled(
    r"\b(?:were|was) (?:[a-z]+ly |then |also )?(?:enrolled|recruited|screened|collected|recorded|performed|conducted|randomi[sz]ed|randomly|assigned|allocated|"
    r"used to|calculated|analy[sz]ed|reviewed|interviewed|administered|asked|invited|undertaken|carried out|retrieved|searched|extracted|divided|"
    r"investigated|evaluated|assessed|measured|determined|studied|examined|monitored|compared|tested|obtained|estimated|applied|employed|selected|included|treated|given)\b[^.]{0,80}[.)]*$"
)
_PURPOSE = compiled(
    r"(?:to|in order to) (?:determine|evaluate|assess|investigate|examine|describe|explore|compare|identify|report|study|test|establish|review|analy[sz]e|quantify|estimate|characteri[sz]e|address|"
    r"critically|verify|define|achieve this|this end|overcome|tease|help|fill)\b|(?:patients|subjects|participants|data|materials?)\b[^.]{0,60}\b(?:were|was) (?:asked|given|from|seen)\b"
)
_METHOD_STEMS = ("defined", "end point", "endpoint", "outcome", "objective", " aim", "hypothes", " was to ", " is to ",
                 "received", "administered", "included", "compris", "computed", "were correlated", "median ", "mean ", "male-to", "male to", "follow-up", "criteria", "ratio of", "eligib", "?",
                 "assigned", "allocated", "randomi", "initiated", "started", "can be ", "control")  # fmt: skip
_METHOD = compiled(
    r"\bdefined (?:as|by)\b|\b(?:is|was|were) defined\b|\b(?:primary|secondary|main) (?:end ?points?|outcomes?|objectives?|aims?|hypothesis)\b[^.]{0,40}\b(?:was|were|is|are|included)\b(?! (?:achieved|met|reached|signific|reduced|improv|similar|lower|higher|not))|"
    r"\bthe aims?\b|\b(?:was|is) to (?:determine|evaluate|assess|investigate|examine|describe|explore|compare|identify|study|test|review|synthesi[sz]e)\b|"
    r"\b(?:median|mean) (?:age|follow-?up|(?:observation|duration of follow))|\bmale[- ]to[- ]female|\b(?:mean|median) (?:\(|±)|\bfollow-up (?:was|of \d+ (?:months|years)[.])|"
    r"\b(?:inclusion|exclusion) criteria|\bratio of men|"
    r"\beligib\w+ (?:patients|criteria|studies)|\?$|\b(?:study|trial|sample|population|cohort|groups?) (?:included|comprised|enrolled)\b|"
    r"\b(?:was|were) (?:administered|computed)\b|\bwere (?:randomly )?(?:assigned|allocated|randomi[sz]ed) to\b|\b(?:was|were) (?:initiated|started) (?:at|with|on)\b|"
    r"\bcan be (?:read|measured|detected|monitored|recorded) (?:in|by|with|from|at|on)\b|\bwere (?:used|served) as (?:a )?controls?\b|\b(?:patients|subjects|participants|volunteers|women|men|children|mice|rats|animals|rabbits|dogs|group|arm)\b"
    r"[^.]{0,50}? received (?:either|placebo|oral|an? |\d|[a-z0-9]+ (?:into|at|\d|mg))|^(?:[a-z-]+ ){1,6}were correlated with [^.0-9]*\.$"
)
_DONE_TAIL = 130  # characters
_BACKGROUND = compiled(
    r"\b(?:remains?|is|are) (?:still |largely |currently |yet )?(?:unclear|unknown|controversial|elusive|poorly|undefined|uncertain|debated|lacking|not (?:well|fully|clear|known|completely))\b|"
    r"\blittle (?:is|attention)|\b(?:has|have) (?:been|recently|long|not|previously|also been|become|traditionally|shown|demonstrated|suggested|emerged|improved|revolutioni[sz]ed|transformed)\b|"
    r"\b(?:previous|earlier|prior|several|many|numerous|recent)(?:ly)? (?:[a-z-]+ ){0,3}(?:studies|reports?|trials|work|investigations|analyses|data)\b|"
    r"\bis (?:a|an|the|one of the) (?:[a-z-]+,? ){0,5}(?:disease|disorder|cause|malignancy|neoplasm|enzyme|cancer|drug|receptor|protein|inhibitor|agonist|antagonist|condition|complication|treatment|therapy|tumou?r|problem|process|leuk(?:a)?emia|agent)\b|"
    r"\b(?:is|are) (?:identified|found|detected|present|seen|diagnosed|reported) in (?:∼|~|about|approximately|up to|nearly|almost|roughly|\d)|"
    r"\b(?:is|are) (?:characteri[sz]ed by|caused by|known|used|common|rare|widely|often|usually|frequently|considered|believed|thought)\b|\bin recent years\b|\bwe (?:recently|previously)\b|"
    r"^(?:however|although|while|despite|because|since|thus far|currently|to date|yet),?\b[^.]{0,140}\b(?:no|few|limited|lack\w*|scarce|little|unknown|unclear|only)\b[^.]{0,60}$"
)
_WISH = compiled(
    r"\b(?:further|future|additional|more|larger?|prospective|long(?:er)?[- ]term|randomi[sz]ed|larger[- ]scale|well[- ]designed|new|continued|comparative|high-quality|clinical)\b"
    r"[^.]{0,90}\b(?:stud(?:y|ies)|research|trials?|investigations?|work|data|evidence|follow[- ]up|validation|evaluation|analyses|experiments|assessment|testing)\b[^.]{0,130}\b(?:needed|required|warranted|necessary|"
    r"mandatory|awaited|recommended|ongoing|under ?way|merited|justified|desirable|essential|indicated|should|could|may|will|would|might)\b|"
    r"\b(?:warrants?|deserves?|merits?|requires?|needs?) (?:further|additional|future|more|to be (?:confirmed|validated|evaluated|investigated|studied|determined))\b|"
    r"^(?:future|further|additional|larger|more|longer|prospective) (?:stud|research|work|invest|trials?|data|and larger)|\bneed(?:s|ed)? (?:for|of) (?:further|future|additional|more|alternative|larger)|"
    r"\b(?:findings?|data|results?) (?:require|need|await|deserve|warrant)\w* |\b(?:badly|urgently) needed\b|\bfinding require|\bremains? to be\b|\bawaits?\b"
)
# Praise of itself, which says nothing of what was found.
_VAGUE = compiled(
    r"\b(?:insights?|implications?|starting points?|new avenues?|future (?:applications|directions|studies|work|research|therap\w*|rational|investigation)|will (?:support|facilitate|contribute|provide|aid)|provides? (?:an example|a basis|a foundation)|applications in|of importance|valuable (?:information|tool|resource|insights)|"
    r"opens? (?:new|the|up)|pave[sd]? the way|better understanding|further (?:our )?understanding|improves? our understanding|underscores? the (?:importance|need)|"
    r"highlights? the (?:importance|need|transformative|potential|value)|growing literature|important step|proof of concept|promising tool|interesting|will be of value|"
    r"support the initiation|basis for|framework for|help (?:to )?(?:clarify|inform|guide|understand)|shed (?:new )?light|fills? (?:a|the) gap|novel opportunit|"
    r"advances? our|should be remembered|first (?:study|report|time|description|case|comprehensive)(?! that)|largest (?:reported|study|cohort))\b"
)
_FORMAL = compiled(
    r"©|copyright|\(c\) ?(?:19|20)\d\d|all rights reserved|registered (?:at|with|in|on|under|as)\b|regist(?:ration|ry) (?:number|no|id|of)|trial registration|"
    r"clinicaltrials|^\(?fund(?:ing|ed)|^(?:cancer|blood)[ ;.,0-9]+(?:19|20)\d\d|^(?:cite this|level of evidence|type of study|prospero|keywords?|published by|"
    r"key words|k:|abbreviations|supplement)|supplementary material|online version|\bpreprint\b|see (?:text|related|commentary)|doi ?:|https?://|www\.|"
    r"free of charge|\bcode is available|\b(?:data|code|software|antibodies|source codes?) (?:is|are) (?:\w+ )?available|eudract|\bnct\d{6}|^\W*[ivx]+\.$|level (?:of evidence )?[ivx]+\b|^case series, level|"
    r"(?:\. ?){5}|\bdata (?:and [a-z]+ )?(?:are|is) (?:made )?(?:browsable|public|shared|deposited)\b"
)
_CONCLUDES = compiled(
    r"\b(?:we (?:can )?conclude|(?:in|our) conclusions?|in summary|taken together|collectively|altogether|to sum up|it is concluded|we (?:therefore )?(?:propose|suggest|recommend) that|we suggest|we recommend)\b|"
    r"^results (?:indicate|show|suggest|reveal|demonstrate)|^(?:conclusions? |thus|therefore|hence|overall|consequently|together|in short|accordingly)\b|"
    r"\b(?:these|our|the (?:present|current|study|overall)?|this) ?(?:present |current |new |novel |parallel |preliminary |clinical )?(?:results?|findings?|data|study|studies|work|observations?|analys[ei]s|evidence|"
    r"experience|experiments|trial|pilot study|model|report)\b[^.]{0,60}?\b(?:suggest|indicat|demonstrat|show|support|reveal|establish|confirm|impl[iy]|identif|provid|illustrat|prove|uncover|argue|challenge|offer|point)"
)
_CONCLUDING_STEMS = (
    "conclu", "summar", "together", "collectively", "to sum up", "propose", "suggest", "recommend", "results", "thus", "therefore",
    "hence", "overall", "consequently", "in short", "accordingly", "indicat", "demonstrat", "show", "support", "reveal", "establish",
    "confirm", "impl", "identif", "provid", "illustrat", "prove", "uncover", "argue", "challenge", "offer", "point",
)  # fmt: skip
_FOUND = compiled(
    r"\bwe (?:[a-z]+ly |now |here |also |further |have )*(?:show|found|find|demonstrate|identif|observe|reveal|discover|detect|establish|report that|describe here a|confirm|provide evidence)|"
    r"\b(?:was|were) (?:[a-z]+ly )?(?:associated|correlated|higher|lower|greater|increased|decreased|reduced|improved|similar|superior|inferior|longer|shorter|effective|more|less|better|worse|found|observed|achieved|detected|seen|safe|feasible|well tolerated|equivalent|comparable|normal|prevented|blocked|inhibited|enhanced)\b|"
    r"\b(?:is|are) (?:obtained|achieved|experimentally demonstrated)\b|\b(?:do|does|did) not (?:appear|seem|differ|affect|influence|change|cause|improve|increase|reduce|predict|correlate|alter|significantly)|"
    r"\b(?:suffered|differed|scored|indicated?|correlated|report (?:less|more))\b|"
    r"\b(?:increased|decreased|reduced|improved|inhibited|induced|enhanced|prevented|lowered|led to|resulted in|caused|produced|suppressed|promoted|abolished|predicted|showed|exhibited|achieved|experienced|died|survived|recovered|developed|occurred|fell|rose|remained|responded|lessens?|delayed|conferred|impairs?|causes|reduces|increases|promotes|inhibits|sensiti[sz]es|improves|is (?:safe|effective|associated|feasible|superior|common))\b"
)
_EFFECT = compiled(
    r"\b(?:hr|or|rr|hazard ratio|odds ratio|risk ratio|relative risk|adjusted)\b[^.]{0,12}\d|\bci\b|confidence interval|\bp ?[<=>]"
)
_PERCENT = compiled(
    r"\d ?%|\b\d+(?:\.\d+)?[- ]fold\b|\b\d+/\d+\b|\b\d+ of (?:the )?\d+\b|\d (?:months|years|points|mg)"
)
_SUBGROUP = compiled(
    r"in (?:women|men|children|patients|those|the subgroup|a subgroup|subgroup|multivariate|univariate|multivariable|addition|contrast|the placebo)|(?:no|none)\b|(?:one|two|three) patients?\b"
)
_ASIDE = ("subgroup", "subset of", "adverse event", "side effect", "side-effect")
_LEANING = compiled(
    r"^(?:these|this|it|they|such|both|the (?:former|latter)|he|she|her|his|in this patient|at this time)\b"
)
_KINDS = {"Conclusions": 24, "Results": 10, "": 8, "Methods": -30, "Background": -40, "Formal": -99}
_EMPTY = 20  # taken off for praise
_ENOUGH = 8  # the weight below which nothing is quoted
_GOOD = 24  # the weight of a sentence that concludes or tells a result, and has nothing against it
_SURE = 25  # of one that does so at the end of a plain abstract, or with its figures
_TAIL = 75  # characters
_CLOSING = 4  # sentences at the end of a plain abstract


def conclusion(reading: Reading, study: str, card: TfrCard) -> Quote:
    """The sentence with a stopping study's rate, else the one that concludes or tells a result."""
    told = reading.sentences
    if not told or study in {"notice", "protocol"}:
        return NOTHING
    if card.rate and (one := _with(card, told)):
        return _quote(one, told)
    weights: dict[int, int] = {}
    concluding = _Concluding(told)
    for tier, enough in _tiers(told):
        # Those that conclude first, as they are likeliest to do, and then the rest need no look.
        for n in sorted(tier, key=lambda n: not concluding[n]) if enough == _GOOD else tier:
            if n not in weights:
                weights[n] = _weight(told, n, study, concludes=concluding[n])
            if weights[n] >= _SURE - (n == len(told) - 1) and enough == _GOOD:
                break
        best = max((n for n in tier if n in weights), key=lambda n: (weights[n], -n), default=None)
        if best is not None and weights[best] >= enough:
            return _quote(told[best], told)
    return NOTHING


def _tiers(told: tuple[Sentence, ...]) -> Iterator[tuple[list[int], int]]:
    """Where to look first, and the weight that is enough there: conclusions, the end, all the rest."""
    concluding = [n for n, one in enumerate(told) if one.kind == "Conclusions"]
    plain = [n for n, one in enumerate(told) if not one.kind]
    rest = [n for n, one in enumerate(told) if one.kind in {"Results", ""}]
    yield concluding, _GOOD
    yield plain[: -_CLOSING - 1 : -1], _GOOD
    yield concluding + rest, _ENOUGH


def _with(card: TfrCard, told: tuple[Sentence, ...]) -> Sentence | None:
    """The sentence that the card's rate stands in."""
    fitting = [one for one in told if card.rate in one.text and card.time in one.text and card.ci in one.text]
    fitting = [
        one for one in fitting if len(one.text) <= LONGEST and one.kind not in {"Background", "Methods"}
    ]
    return fitting[0] if fitting else None


def _quote(one: Sentence, told: tuple[Sentence, ...]) -> Quote:
    if one.kind in {"Conclusions", "Results"}:
        return Quote(one.text, one.kind)
    return Quote(one.text, "last sentence" if one is told[-1] else "")


class _Concluding(dict[int, bool]):
    """Whether the n-th sentence concludes, asked once."""

    def __init__(self, told: tuple[Sentence, ...]) -> None:
        self.told = told

    def __missing__(self, n: int) -> bool:
        lower = self.told[n].lower
        self[n] = any(map(lower.__contains__, _CONCLUDING_STEMS)) and bool(_CONCLUDES.search(lower))
        return self[n]


def _weight(told: tuple[Sentence, ...], n: int, study: str, *, concludes: bool) -> int:
    one = told[n]
    lower = one.lower
    if len(one.text) > LONGEST or len(one.text) < SHORT / 3 or _formal(lower):
        return -99
    found = bool(_FOUND.search(lower))
    figures = _DIGIT.search(lower)
    # What was done to how many, whatever the verb.
    found = found or bool(figures and _PAST.search(lower) and _PERCENT.search(lower))
    narrative = study in _NARRATIVE
    advises = narrative and bool(_ADVICE.search(lower))
    if not (concludes or found or figures or one.kind == "Conclusions" or _ADVICE.search(lower)):
        return -50
    if _PAPER.search(lower) or _lists(lower):
        return -50
    if any(map(lower.__contains__, _WISHES)) and _WISH.search(lower) and not _EFFECT.search(lower):
        return -50
    weight = _KINDS[one.kind]
    weight += 16 * concludes + 9 * found
    if not concludes:
        # What a case teaches may name what is usual.
        taught = study == "case report" and n >= len(told) - 1 and bool(_ADVICE.search(lower))
        weight -= 24 * _method(lower) + 22 * (not taught and bool(_BACKGROUND.search(lower)))
    if figures:
        weight += 5 * bool(_EFFECT.search(lower)) + 3 * bool(_PERCENT.search(lower))
    weight -= _EMPTY * bool(_VAGUE.search(lower)) + 6 * (
        bool(_SUBGROUP.match(lower)) or any(aside in lower for aside in _ASIDE)
    )
    weight -= (
        6 * (len(one.text) > LONG)
        + 5 * (len(one.text) < SHORT)
        + 3 * bool(_LEANING.search(lower) and not concludes)
    )
    if not one.kind:
        # A plain abstract begins with what is known and ends with what was found.
        weight += (
            round(10 * one.share)
            - (6 if found else 14) * (n == 0 and len(told) > 1)
            - 8 * (one.share < _OPENING and not (found or concludes))
        )
    if narrative:
        # It has no result of its own, but may say what is held to be true, or should be done.
        weight += 10 * advises - 12 * (not advises and not concludes)
    return weight


def _lists(lower: str) -> bool:
    """Whether a sentence only says what the article holds."""
    if _CONTENTS.search(lower, max(0, len(lower) - _TAIL)):
        return True
    return any(map(lower.__contains__, _CONTENTS_STEMS)) and bool(_CONTENTS_ANY.search(lower))


def _method(lower: str) -> bool:
    """Whether a sentence tells what was asked or done, whom it was asked of, or how a thing was defined."""
    if _PURPOSE.match(lower) or _DONE.search(lower, max(0, len(lower) - _DONE_TAIL)):
        return True
    return any(map(lower.__contains__, _METHOD_STEMS)) and bool(_METHOD.search(lower))


def _formal(lower: str) -> bool:
    stems = lower.startswith(_OPENERS) or any(map(lower.__contains__, _FORMALITIES))
    return stems and bool(_FORMAL.search(lower))


_PAST = compiled(r"[a-z]{2}ed\b")
_OPENING = 0.3
_DIGIT = compiled(r"\d")
_WISHES = ("further", "future", "additional", "more ", "larger", "prospective", "term ", "randomi", "designed", "new ",
           "continued", "comparative", "high-quality", "clinical", "warrant", "deserve", "merit", "require", "need",
           "await", "remain", "finding")  # fmt: skip
_FORMALITIES = (
    "©", "copyright", "(c)", "rights reserved", "regist", "clinicaltrials", "funded", "funding", "of evidence",
    "prospero", "k:", "supplement", "online version", "preprint", "see ", "doi", "http", "www.", "free of charge",
    "available", "nct", "eudract", "iv.", "ii.", ". . .", "data are", "data is", "data and",
)  # fmt: skip
_OPENERS = ("cancer", "blood", "key", "level", "cite", "type", "published", "abbrev", "case series")
_NARRATIVE = frozenset(("review", "commentary", "guideline", "letter"))
_ADVICE = compiled(
    r"\b(?:should|recommend\w*|recogni[sz]ed as|proof|feasible|suggests?|safely|is (?:recommended|effective|safe|possible|reasonable|preferred)|"
    r"(?:are|be) effective|provides? (?:an? |solid |new )|we now know|can be (?:safely|discontinued|cured|achieved)|must|reasonable to|seem reasonable|"
    r"is becoming|evidence (?:indicates|supports)|appears? (?:to be )?(?:promising|safe|effective))\b"
)
