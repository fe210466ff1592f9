"""Whether an article reports on, plans for, or merely mentions stopping the treatment of CML, and why."""
# ruff: noqa: E501 - a pattern is read in one piece

import re
from typing import NamedTuple

from queries.evidence.reading import Reading, Sentence
from queries.evidence.rules import NAMED_TRIALS, compiled
from queries.evidence.words import TKIS

# What a stopping may be: for the sake of it, or for another reason; "mentioned" if only in passing.
STOPPING = (
    "planned", "second attempt", "de-escalation", "pregnancy", "toxicity", "adherence", "cost", "mentioned",
)  # fmt: skip

_STEMS = (
    "cml",
    "chronic my",
    "chronic gran",
    "bcr",
    "mr4",
    "molecular re",
    "leuc",
    "myeloische",
    "imatinib",
    "tkis",
    "nilotinib",
    "dasatinib",
)
_CML = compiled(
    r"chronic[- ](?:phase )?(?:my(?:elo|el)\w*|granulocytic)[ -]+leuk|\b(?:[acb]p-)?cml\b(?:-[acb]p)?|"
    r"\bbcr[-: ]{1,2}abl1?\b|leuk(?:a)?emia, my\w+, chronic|"
    r"leuc[eé]mi[ae] mi?[eyé]+lo[iï]d[ea] (?:chronique|cr[oó]nica)|chronische\w* myeloische\w* leuk"
)
# What only CML has, where it is not named: its milestones, its drugs together with remission.
_MILESTONE = compiled(
    r"\bmr4(?:\.5)?\b|(?:deep|major) molecular response|molecular (?:relapse|recurrence)|\bbcr[-: ]{1,2}abl"
)
_OTHER = compiled(
    r"\bacute (?:my|lym|prom)|\baml\b|\bcll\b|chronic lympho|lymphoma|myeloma|myelofibrosis|cancer|carcinoma|melanoma|"
    r"sarcoma|stromal|arthritis|sclerosis|epilep|psoria|colitis|crohn|\bhiv\b|hepatitis|\bph\+? ?all\b|\bph(?:iladelphia)?"
    r"(?: chromosome)?[-+ ](?:positive )?(?:acute|all\b)|lymphoblastic|\bgist\b|fertility|asthma|nephr|depress|schizo|polycyth"
)
# What people with CML may have, too.
_BESIDES = compiled(
    r"arthritis|sclerosis|epilep|psoria|colitis|crohn|\bhiv\b|hepatitis|asthma|nephr|depress|schizo"
)
# TFR that is no remission.
_RIVAL = compiled(r"transferrin|fertility rate|follicular|regulatory t|t regulatory")
_DRUG = (
    rf"(?:{TKIS}|(?:2g-?)?tkis?|tyrosine[- ]kinase[- ]inhibitors?|(?:bcr[-: ]{{1,2}}abl1? )?inhibitors?|im\b|"
    r"treatments?|therap(?:y|ies)|medications?|drugs?)"
)
_STOPPED = (
    r"(?:stop(?:s|ped|ping)?|discontinu(?:e|es|ed|ing|ation|ations)|cessations?|ceas(?:e|es|ed|ing)|withdr(?:aw|ew)\w*|"
    r"interrupt(?:s|ed|ing|ions?)?|suspen(?:d|ds|ded|ding|sions?)|halt(?:s|ed|ing)?|terminat\w+|deprescri\w+|quit\w*)"
)
_FILL = (
    r"(?:of |all |any |their |the |his |her |this |first-line |second-line |frontline |long-term |second-generation |oral |"
    r"chronic |cml |generic |successful |safe |your |such |\(?2g\)?-?|first- or second-generation |both |targeted |life-?long |\(?tki\)? )*"
)
_LINK = (
    r"(?:,? (?:therap(?:y|ies)|treatments?|inhibitors?|\(tkis?\)|\(im\)|dose|after|is|are|was|were|has|have|had|been|be|being|can|"
    r"could|may|might|should|to|safely|successfully|permanently|temporarily|then|abrupt|abruptly|successful|planned|first|"
    r"second|elective|trial|voluntary))*"
)
_FREE = (
    r"(?:treatments?|therapy|drug|tki|medication|imatinib)[- ]free[- ](?:remission|survival|period|interval|phase|follow-up|status)s?|"
    r"\bremissions? without (?:any )?(?:treatment|therapy|drugs?|tkis?|medication)|\b(?:functional|operational) cure\b|"
    r"\boff[- ](?:treatment|therapy|tkis?|drug|medication|imatinib|dasatinib|nilotinib)\b|"
    r"\b(?:drug|treatment|tki|imatinib|therapy)[- ]holidays?\b|\b(?:live|lives|living|life|surviv\w+) without (?:their |any )?"
    r"(?:tkis?|treatment|therapy|drugs?|imatinib|medication)\b|\bmolecular[- ]free remission|"
    r"\br[eé]mission sans traitement|therapiefreie\w* remission|remisi[oó]n libre de tratamiento|remissione libera da (?:trattamento|terapia)"
)
FREE = compiled(_FREE)
_TFR = compiled(r"\bTFR(?:-?2)?\b(?!-?1| (?:cells?|express|gene|protein|receptor|was down))")
_STOP = compiled(
    rf"{_FREE}|\b{_STOPPED} {_FILL}{_DRUG}\b|\boff (?:of )?{_FILL}(?:{TKIS}|tkis?|tyrosine|treatment|therapy)\b|"
    rf"\b{_DRUG}{_LINK} {_STOPPED}\b|\b(?:patients|those|children|women|people|adults|who|group)(?: who)?(?: had| have)? "
    rf"(?:stopped|discontinued|interrupted|ceased)\b|"
    r"\b(?:after|before|at|following|since|upon|post-?|pre-?) ?(?:the time of |planned |tki |abrupt )?(?:stop|stopping|discontinuation|cessation|"
    r"withdrawal|suspension|interruption)\b|\b(?:attempt\w*|try\w*|safe|how|when|who|whether|able|can(?: we)?|possible|ready) to stop\b|"
    r"\bcan (?:we|i|patients) stop\b|\b(?:second|first|stopping|discontinuation|cessation|tfr) attempts?\b|"
    r"\b(?:discontinuation|cessation|stop(?:ping)?) (?:stud|trial)|\bwithdrawal syndrome\b|"
    rf"\b(?:arr[eê]t|interruption|suspensi[oó]n|interrupci[oó]n|discontinuaci[oó]n|sospensione|absetzen|absetzversuch)\b(?: [a-z]+){{0,3}}?(?: |\W)(?:{TKIS}|inhib\w+|tyrosinkinase|tkis?\b|tra[it]\w+)|"
    r"\bstop[- ](?:tki|im|imatinib|2g)\b"
)
# The word alone says it only in a title on CML.
_ENTITLED = compiled(
    r"\b(?:stop|stopping|discontinuation|cessation|withdrawal|interruption|suspension)\b(?! (?:of )?(?:bcr|signal|smok|rules?|codon|"
    r"criteria|boundar))|\btfr(?:-?2)?\b"
)
_NOT_DRUG = compiled(
    r"\b(?:smoking|tobacco|alcohol|hydroxyurea|hydroxycarbamide|interferon|ifn\S*|aspirin|antiretroviral|arv|art|hormon\w+|"
    r"antibiotic|antifungal|anticoagula\w+|steroid|corticosteroid|immunosuppress\w+|chemo|busulfan|omacetaxine|signal\w+|"
    r"transfusion|contracepti\w+|statin|cell cycle|dose) (?:therapy |treatment |dose )?$|^(?:\S+ )?(?:of |the )*(?:smoking|tobacco|alcohol|"
    r"hydroxyurea|hydroxycarbamide|interferon|ifn|aspirin|antiretroviral)"
)
_HARMS = (
    (
        "toxicity",
        compiled(
            r"adverse|toxic|intoleran|side[- ]effects?|effusion|tolerabil|safety profile|cardiovascular events?|cytopeni|"
            r"\bdose interruption|progression|treatment failure|lack of efficacy|futility"
        ),
    ),
    ("adherence", compiled(r"adheren|complian|persisten(?:ce|cy)\b|claims|refill|switch")),
    ("cost", compiled(r"\bcosts?\b|insurance|financ|afford|reimburs|economic")),
)
_FORCED = compiled(
    r"\b(?:reasons?|causes?) (?:of|for)\b|\bcauses\b|\b(?:early|premature) (?:[a-z]+ )?discontinuation|discontinuation rates?"
)
_SAKE = compiled(
    r"treatment-free|\btfr\b|remission|relaps|recurren|deep molecular|\bdmr\b|\bmr4|undetectable|residual|\bcmr\b|syndrome|"
    r"cure\b|off[- ]treatment"
)
_SECOND = compiled(
    r"\b(?:second|2nd) (?:[a-z-]+ ){0,4}(?:attempts?|discontinuation|cessation|stop(?:ping)?|treatment-free|tfr)\b|"
    r"\bre-?(?:attempts?|discontinuation|cessation|stop(?:ping)?)\b|\bre-stim\b|\btfr-?2\b"
)
_LESS = compiled(
    r"\bde-?escalat\w+|\btaper\w*|\bdose[- ](?:reduc\w+|halving|optimi[sz]ation)|\bhalf[- ](?:the )?(?:standard[- ])?dose|\breduced[- ]doses?\b|"
    r"\bhalv(?:e|ed|ing)\b|\bstepwise (?:dose|reduction)"
)
_PREGNANT = compiled(
    r"pregnan|\bconcepti(?:on|ve)\b|\bconceiv|parenthood|childbearing|breast-?feed|motherhood"
)
_AIM = compiled(
    r"\b(?:aim(?:ed|s)?|objective|purpose|goal of this|designed|sought)\b|\bto (?:evaluate|assess|determine|examine|explore|investigate|"
    r"identify|predict|compare|define|study|describe|characteri[sz]e|estimate|analy[sz]e|test|understand)\b"
)
_OWN = compiled(
    r"\bwe (?:[a-z]+ly )?(?:examined|explored|investigated|evaluated|assessed|aimed|studied|report|compared|analy[sz]ed|included|"
    r"enrolled|identified|describe|show|found|observed|followed|retrospectively|prospectively|collected|measured|present|sought|conducted|"
    r"performed|interviewed|surveyed|asked|monitored|developed|determined)|\bour (?:data|results|study|patients|cohort|institut)|"
    r"\b(?:this|the present|the current|these) (?:[a-z-]+ ){0,3}(?:study|trial|analysis|report|survey|update|results|data|cohort|findings|"
    r"strategy)\b"
)
_PEOPLE = compiled(
    r"\b(?:\d[\d,]*|[a-z]+(?:-[a-z]+)?)(?: \(\d[^()]*\))?(?: of (?:the )?\d+)? (?:[a-z0-9/.+-]+ ){0,5}(?:patients?|children|women|adults|men|cases)\b|"
    r"\b\d+ (?:attempted|stopped|discontinued|interrupted|entered)\b"
)
_FIGURE = compiled(
    r"\d(?:[.·]\d+)? ?%|\b\d+ of (?:the )?\d+\b|\b\d+/\d+\b|\bn ?= ?\d|\bp ?[<=]|\bmedian\b|\bhazard"
)
_HEARSAY = compiled(
    r"\b(?:studies|trials|reports?|guidelines|recommendations|evidence) (?:have|has|show|suggest|indicat|demonstrat|support|on\b)|"
    r"\b(?:previous|several|recent|many|multiple|prior|other|clinical|numerous|prospective and retrospective)(?:ly)? (?:[a-z-]+ ){0,3}(?:studies|trials|reports)\b|"
    r"\b(?:can|may|might|could|should|would) (?:be )?(?:[a-z]+ly )?(?:\w+ )?(?:discontinu|stop|attempt|consider|remain|enrol)|"
    r"\b(?:feasible|possible) (?:for|in)\b|\bprerequisite\b|\bgoal\b|\bapproximately \d+% of|\babout (?:half|\d+%)|\bwarrants? further|"
    r"\bour previous report"
)
_OFTEN, _SHARE = 2, 0.3  # of an abstract's sentences, from which it is about stopping
# Stopping that did not happen, or was not asked about.
_DENIED = compiled(
    rf"\bno (?:[a-z]+ )?(?:attempts? (?:at|of|to) )?(?:(?:planned|elective|tki|treatment|drug) )*(?:{_STOPPED}|treatment-free remission)\b(?! (?:attempt\w* )?(?:fail|loss))|"
    rf"\b(?:no|none|neither)(?: of (?:the|these|our|them))?(?: [a-z]+)? (?:patients?|one|adults?|child(?:ren)?|wom[ae]n|participants?)?(?: (?:had|has|have|who|ever|was|were|yet))* ?(?:stopped|discontinued|ceased|interrupted|(?:attempted|tried) (?:to )?{_STOPPED})\b|"
    rf"\b(?<!who )(?:did|had|has|have|was|were) (?:not|never) (?:yet )?(?:attempt(?:ed)? (?:to )?)?{_STOPPED}\b|"
    rf"\b(?:{_STOPPED}|remission|tfr)\b[^.;,]{{0,40}} (?:was|were) (?:not|never) (?:an? |the )?(?:[a-z]+ )?(?:attempted|recorded|allowed|permitted|planned|considered|end ?point|aim|objective|studied|assessed|part)\b"
)
_BENCH = frozenset(("in vivo", "in vitro"))
_NARRATIVE = frozenset(("review", "guideline", "commentary", "modelling"))
_TRIAL = compiled(NAMED_TRIALS)


class Stopping(NamedTuple):
    """Whether stopping is reported or planned, why we think so, and which kinds of STOPPING."""

    tfr: bool
    reason: str = ""
    kinds: tuple[str, ...] = ()


def stopping(reading: Reading, study: str) -> Stopping:
    """Whether the article is about stopping the treatment of CML, and in which way."""
    title, text = reading.title_lower, reading.lower
    if not _about_cml(title, text) and not _besides(reading):
        return Stopping(tfr=False)
    rival = bool(_RIVAL.search(title) or _RIVAL.search(text))
    entitled = _entitled(reading, rival=rival)
    told = [one for one in reading.sentences if _mentions(one.lower, one.text, rival=rival)]
    harms = tuple(kind for kind, pattern in _HARMS if pattern.search(title)) if entitled else ()
    harms += tuple(kind for one in told for kind in _harms(one.lower) if kind not in harms)
    spared = [one for one in told if not _harms(one.lower) and not _DENIED.search(one.lower)]
    reason = ""
    if entitled and not _harmed(title) and _people_or_review(study, text, title):
        reason = f"title: '{entitled}'"
    elif study not in _BENCH and (words := _reported(reading, spared, study)):
        reason = f"abstract: '{words}'"
    kinds = _kinds(reading, told, harms, tfr=bool(reason), entitled=bool(entitled))
    return Stopping(bool(reason), reason, kinds)


def _about_cml(title: str, text: str) -> bool:
    """Other diseases have treatment-free remissions, too, and may name CML in passing."""
    if not any(stem in title or stem in text for stem in _STEMS):
        return False
    if (
        "leuk" not in title
        and "leuk" not in text
        and (_NO_LEUKAEMIA.search(title) or _NO_LEUKAEMIA.search(text))
    ):
        return False
    if _CML.search(title) and not (
        re.search(r"\bbcr", title) and _OTHER.search(title) and "chronic" not in title and "cml" not in title
    ):
        return True
    if _OTHER.search(title):
        return False
    if _CML.search(text):
        return len(_CML.findall(text)) >= len(_OTHER.findall(text))
    drug = re.search(rf"\b(?:{TKIS}|tkis?)\b", title)
    return bool(
        _MILESTONE.search(text)
        or _MILESTONE.search(title)
        or (drug and (FREE.search(title) or _TRIAL.search(title)))
    ) and not _OTHER.search(text)


def _besides(reading: Reading) -> bool:
    """Whether people with CML stop who have another illness, which is all that the title names."""
    title, text = reading.title_lower, reading.lower
    if not (_BESIDES.search(title) and FREE.search(title)) or _OTHER.search(_BESIDES.sub("", title)):
        return False
    tagged = any(_CML.search(heading.name.lower()) for heading in reading.article.mesh)
    return tagged or bool(
        _CML.search(text) and (_MILESTONE.search(text) or re.search(rf"\b(?:{TKIS})\b", text))
    )


# What else CML is short for.
_NO_LEUKAEMIA = compiled(
    r"metaphyseal|carboxy-?methyl|lympholysis|radiolog|chemical mechanical|machine learning"
)


def _entitled(reading: Reading, *, rival: bool) -> str:
    """The title's words for stopping, "" if it has none."""
    title = reading.title_lower
    for pattern in (_STOP, _ENTITLED):
        for match in pattern.finditer(title):
            words = reading.title_span(match)
            if _NOT_DRUG.search(title[: match.start()]) or _NOT_DRUG.search(
                title[match.start() : match.end() + 30]
            ):
                continue
            if words.lower() == "tfr" and (rival or not _TFR.match(reading.title, match.start())):
                continue
            return words
    return ""


def _mentions(lower: str, sentence: str, *, rival: bool) -> bool:
    for match in _STOP.finditer(lower):
        if not _NOT_DRUG.search(lower[: match.start()]) and not _NOT_DRUG.search(match[0]):
            return True
    return not rival and bool(_TFR.search(sentence))


def _harms(lower: str) -> tuple[str, ...]:
    """Why treatment was stopped in this sentence, if for its harm, price or by neglect."""
    if FREE.search(lower) or "tfr" in lower:
        return ()
    return tuple(kind for kind, pattern in _HARMS if pattern.search(lower))


def _harmed(title: str) -> bool:
    harmed = _FORCED.search(title) or any(pattern.search(title) for _, pattern in _HARMS)
    return bool(harmed) and not _SAKE.search(title)


def _people_or_review(study: str, text: str, title: str) -> bool:
    """Mice are not taken off treatment for a remission; a laboratory's method for patients counts."""
    if study == "in vivo" or "preclinical" in title:
        return False
    return study != "in vitro" or "patient" in text or "patient" in title


def _reported(reading: Reading, told: list[Sentence], study: str) -> str:
    """The abstract's words on stopping if it is about that, else ""."""
    own = [one for one in told if _is_own(one)] if study not in _NARRATIVE else []
    if study == "patient samples" and len(told) < _OFTEN:
        # Of a laboratory's many findings one, unless it is what was asked.
        own = [one for one in own if _OWN.search(one.lower) or _AIM.search(one.lower)]
    often = len(told) >= _OFTEN and len(told) >= _SHARE * len(reading.sentences)
    for one in own or (told if often else ()):
        match = _STOP.search(one.lower)
        return one.text[match.start() : match.end()] if match else "TFR"
    return ""


def _is_own(one: Sentence) -> bool:
    """Whether a sentence tells of this study's stopping, not of others'."""
    lower = one.lower
    if _HEARSAY.search(lower) or one.kind == "Formal":
        return False
    if one.kind == "Background":
        return bool(_AIM.search(lower))
    own = _OWN.search(lower) or one.kind in {"Results", "Methods"}
    if own:
        return True
    return bool((_FIGURE.search(lower) or _PEOPLE.search(lower)) and (one.share > 0 or _PEOPLE.search(lower)))


def _kinds(
    reading: Reading, told: list[Sentence], harms: tuple[str, ...], *, tfr: bool, entitled: bool
) -> tuple[str, ...]:
    words = "\n".join((reading.title_lower if entitled or not told else "", *(one.lower for one in told)))
    found = []
    if tfr and _SECOND.search(words):
        found.append("second attempt")
    if _LESS.search(reading.title_lower) or _LESS.search(words):
        found.append("de-escalation")
    if (told or entitled) and (_PREGNANT.search(reading.title_lower) or (tfr and _PREGNANT.search(words))):
        found.append("pregnancy")
    found += [kind for kind in dict.fromkeys(harms) if not tfr or kind == "toxicity"]
    if tfr and "pregnancy" not in found:
        found.insert(0, "planned")
    if not found and (told or entitled):
        found.append("mentioned")
    return tuple(found)
