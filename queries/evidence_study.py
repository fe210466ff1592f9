"""What kind of study an article reports, from its publication types and its own words."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from queries.records import Article

# Closed, as a badge shows them; the order is that of a clinician's trust.
STUDIES = (
    "guideline",
    "meta-analysis",
    "systematic review",
    "randomised trial",
    "phase 4 trial",
    "phase 3 trial",
    "phase 2/3 trial",
    "phase 2 trial",
    "phase 1/2 trial",
    "phase 1 trial",
    "clinical trial",
    "cohort",
    "case-control study",
    "cross-sectional study",
    "case report",
    "review",
    "patient samples",
    "in vivo",
    "in vitro",
    "modelling",
    "protocol",
    "letter",
    "commentary",
    "notice",
    "",
)
CLINICAL = frozenset(STUDIES[: STUDIES.index("review")])
BENCH = frozenset({"patient samples", "in vivo", "in vitro", "modelling"})


class Rule(NamedTuple):
    """`pattern`, searched in lower-cased text if any of `stems` is in it, speaks for `word`."""

    word: str
    stems: tuple[str, ...]
    pattern: re.Pattern[str]


def _rule(word: str, stems: str, pattern: str) -> Rule:
    return Rule(word, tuple(stems.split(",")), re.compile(pattern))


_BEFORE_TEXT = (
    ("notice", {"Published Erratum", "Retraction of Publication", "Retraction Notice", "Expression of Concern"}),
    ("protocol", {"Clinical Trial Protocol"}),
    ("guideline", {"Practice Guideline", "Guideline", "Consensus Development Conference"}),
    ("guideline", {"Consensus Development Conference, NIH"}),
    ("systematic review", {"Scoping Review"}),
    ("in vivo", {"Randomized Controlled Trial, Veterinary", "Clinical Trial, Veterinary"}),
    ("randomised trial", {"Randomized Controlled Trial"}),
    ("phase 4 trial", {"Clinical Trial, Phase IV"}),
    ("phase 3 trial", {"Clinical Trial, Phase III"}),
    ("phase 2 trial", {"Clinical Trial, Phase II"}),
    ("phase 1 trial", {"Clinical Trial, Phase I"}),
    ("case report", {"Case Reports"}),
    ("letter", {"Letter"}),
    ("commentary", {"Editorial", "Comment", "News", "Introductory Journal Article", "Personal Narrative"}),
)  # fmt: skip
# These are given broadly, so that the article's own words go first.
_AFTER_TEXT = (
    ("systematic review", {"Systematic Review"}),
    ("meta-analysis", {"Meta-Analysis", "Network Meta-Analysis"}),
    ("review", {"Review"}),
    ("clinical trial", {"Clinical Trial", "Controlled Clinical Trial", "Adaptive Clinical Trial", "Clinical Study"}),
    ("cohort", {"Observational Study", "Multicenter Study"}),
)  # fmt: skip
_PHASE = r"phase[ -](?:{})\b(?:[ab]\b)?(?! ?/)"
_PHASES = (
    ("phase 2/3 trial", r"phase[ -](?:2[ab]?|ii[ab]?) ?[/-] ?(?:3|iii)\b"),
    ("phase 1/2 trial", r"phase[ -](?:1[ab]?|i[ab]?) ?[/-] ?(?:2[ab]?|ii[ab]?)\b"),
    ("phase 4 trial", r"phase[ -](?:4|iv)\b"),
    ("phase 3 trial", r"phase[ -](?:3[ab]?|iii[ab]?)\b(?! ?[/-] ?(?:4|iv))"),
    ("phase 2 trial", r"phase[ -](?:2[ab]?|ii[ab]?)\b"),
    ("phase 1 trial", r"phase[ -](?:1[ab]?|i[ab]?)\b"),
)
_STUDY = r"(?:trial|study|studies|evaluation|investigation|extension|results|data|experience)"
_PEOPLE = (
    r"(?:patients?|participants?|subjects?|volunteers?|adults?|children|women|men|people|persons?|individuals?|"
    r"infants?|newborns?|neonates?|adolescents?|students?|residents?|physicians?|nurses?|athletes|couples|clinics?|"
    r"practices|hospitals|schools|households|survivors?|cases|eyes|clusters|novices)"
)
_TITLE = (
    _rule("notice", "erratum,correct,retract,concern", r"^(?:erratum|corrigendum|correction|retraction|retracted|expression of concern)\b[^.]*[:.]"),
    _rule("letter", "reply,response,letter", r"^(?:(?:authors?'?s?'?|in) )?(?:reply|response)\b(?: to\b|\.|:|$)|^letter to"),
    _rule("protocol", "protocol", r"\bprotocol (?:for|of|paper)\b|(?:study|trial|review) protocol|: (?:a |the )?[^:]{0,40}protocol\.?$"),
    _rule("guideline", "guid,consensus,position,recommendation,practice parameter", r"\bguidelines? (?:for|on|of|from)\b|\bguidelines?(?:\.|:|$)|consensus (?:statement|report|guid|recommend|conference)|position (?:statement|paper)|\brecommendations? (?:of|from|for|by)\b|clinical (?:practice )?guideline|\bguideline of\b|: \d{4} guideline"),
    _rule("meta-analysis", "meta", r"\bmeta-? ?analy"),
    _rule("case report", "case report", r"\bcase reports?\b"),
    _rule("systematic review", "review,evidence synthesis", r"\b(?:systematic|scoping|umbrella|rapid|integrative) (?:literature )?review|evidence synthesis"),
    _rule("review", "review", r"\b(?:narrative|critical|literature|mini-?|brief|comprehensive|state-of-the-art|invited) review\b|: (?:a|an) (?:[a-z-]+ )?review\b|\ba review of\b"),
    _rule("randomised trial", "randomi", r"\brandomi[sz]ed\b.{0,60}\b(?:trial|study|comparison|evaluation)|\brandomi[sz]ed\b[^:]{0,20}$|randomi[sz]ed[- ]controlled"),
    *(_rule(word, "phase", rf"{pattern}.{{0,60}}\b{_STUDY}\b|\b{_STUDY}\b.{{0,30}}{pattern}") for word, pattern in _PHASES),
    _rule("case report", "case,patient", r"\bcase (?:series|study|presentation)\b|\b(?:report|review|description) of (?:a|an|one|two|three|four|five|[2-5]) (?:[a-z-]+ )?cases?\b|\b(?:two|three|four) cases\b|\ba (?:rare )?case of\b|^an? (?:unusual|rare|unique|atypical) case|\bin an? (?:[a-z0-9-]+ ){0,4}(?:patient|man|woman|boy|girl|infant|child|neonate)\b(?! model)"),
    _rule("case-control study", "case", r"\bcase[- ]control"),
    _rule("cross-sectional study", "sectional,survey,questionnaire", r"\bcross[- ]sectional|\bsurvey of\b|\b(?:national|online|questionnaire|population) survey\b|: an? (?:[a-z-]+ )?survey"),
    _rule("cohort", "cohort,registry,retrospective,prospective,real-world,follow-up,population-based", r"\bcohort\b|\bregistry\b|\b(?:retrospective|prospective) (?:[a-z-]+ )?(?:study|analysis|review|evaluation)|\breal-world\b|\byears? (?:of )?follow-?up\b|\bpopulation-based\b"),
    _rule("clinical trial", "trial,pilot", r"\b(?:clinical|open-label|single-arm|non-?randomi[sz]ed|pilot|feasibility|controlled|crossover) (?:trial|study of)\b|\ban? (?:[a-z-]+ )?trial$"),
)  # fmt: skip
_SELF = r"\b(?:this|our|the present|the current|we|here)\b"
_ABSTRACT = (
    _rule("protocol", "will be", r"(?:patients|participants|studies|women|children|adults) will be (?:randomi[sz]ed|enrolled|recruited|included|invited|assigned)|\bprotocol (?:for|of) (?:a|the|this)\b[^.]{0,60}(?:trial|review) will"),
    _rule("guideline", "guideline,position,consensus,recommendation,statement", r"\b(?:this|these|the present|present) (?:[a-z ]{0,40})?(?:guidelines?|position statement|consensus|recommendations)\b[^.]{0,80}\b(?:provid|recommend|address|offer|us|replac|summar|was|were|is|are)|(?:voted on|reached) [^.]{0,30}(?:agreement|consensus)|\bstatements?\b[^.]{0,40}reached [^.]{0,12}(?:agreement|consensus)|recommendations were graded"),
    _rule("meta-analysis", "meta-", r"\bwe (?:performed|conducted|did|undertook|carried out) (?:a|an|two)?[^.]{0,60}meta-?analys|\bthis (?:[a-z-]+ ){0,4}meta-?analysis|\brandom[- ]effects? (?:meta|model)|combined (?:the results )?in a meta-?analysis|\bgwas meta-?analysis|meta-?analysis (?:was|were) (?:performed|conducted|done|used)|\bmeta-?analysis of genome"),
    _rule("meta-analysis", "random-effects,pooled", r"random[- ]effects models? (?:pooled|was|were)|\bmodels pooled"),
    _rule("systematic review", "systematic,scoping,records,prisma", r"\b(?:we|this (?:study|review|article)) systematically (?:review|search)|\bsystematic (?:literature )?review (?:was|of the literature|aim|follow|present|includ)|\bthis (?:systematic|scoping)|\bprisma\b|\bof [\d,]+ (?:records|citations|abstracts|articles)\b[^.]{0,80}\bincluded|\bwe mapped\b[^.]{0,60}studies|systematically reviewed"),
    _rule("review", "review,overview,perspective,chapter,summari,discuss,invit", rf"\b(?:this|the|present|our|current|narrative|critical|mini-?) (?:[a-z]+ )?(?:review|overview)(?: (?:article|paper))? (?!of (?:medical|patient|chart|records|case)|board|was approved|period|committee)|\bin (?:this|the present) (?:[a-z]+ )?(?:review|overview|chapter)\b|\bwe (?:briefly |also |critically |here |herein )?(?:review|summari[sz]e|overview)\b(?!ed (?:the )?(?:medical|patient|chart|record|case))|\b(?:here|herein),? we review|\bthis (?:article|paper|chapter|primer|manuscript|invented chapter) (?:reviews?|summari[sz]es?|discusses|describes recent|introduces|provides an overview|gives an overview)|\bis (?:reviewed|summari[sz]ed) (?:here|in this)|literature (?:is|was) (?:reviewed|summari[sz]ed)|\bexpert opinion\b|\bthe review (?:will|also)\b|summari[sz]ed in this review"),
    _rule("randomised trial", "random", rf"\b{_PEOPLE}\b[^.]{{0,90}}\b(?:were|was|are|is) (?:then )?(?:randomi[sz]ed|randomly (?:assigned|allocated|divided|administered|selected to receive))\b|\brandomly (?:assigned|allocated) (?:[\d,]+ )?(?:[a-z-]+ )?{_PEOPLE}|\brandomi[sz]ed,? (?:(?:double|single|triple|observer|assessor)[- ](?:blind|mask)|placebo|open[- ]label|controlled|crossover|cross-over|cluster|prospective|multi)|\b(?:double[- ]blind|placebo[- ]controlled)\b[^.]{{0,60}}\brandom|\bin (?:a )?(?:random|randomi[sz]ed) (?:order|sequence)\b|\b(?:this|our|a|in a) randomi[sz]ed[^.]{{0,40}}\b(?:trial|study)\b(?! (?:is|are) (?:needed|warranted|justified))|\brandomi[sz]ed (?:cluster|clinical)|\b[\d,]+ (?:patients|participants|adults|women|men|children) were randomi[sz]ed|(?:^|\. )design: randomi[sz]ed"),
    *(_rule(word, "phase", rf"\b(?:this|our|we|a|an|the|was|in|single-arm|open-label|multicent(?:er|re)) (?:[a-z0-9-]+ ){{0,4}}{pattern}[^.]{{0,50}}\b(?:trial|study)\b(?! (?:is|are|will|in the us|of combination))") for word, pattern in _PHASES),
    _rule("phase 1 trial", "escalation", r"\b(?:this|our|a) (?:[a-z-]+ )?dose[- ]escalation (?:study|trial)"),
    _rule("case report", "year-old,month-old,day-old,case,patient", rf"\b(?:a|an|the) (?:[a-z]+ ){{0,2}}(?:\d+|[a-z]+)[- ](?:year|month|week|day)s?[- ]old,? (?:[a-z-]+ ){{0,4}}(?:man|woman|male|female|boy|girl|lady|infant|patient|child|gentleman|neonate|proband|person)|\b(?:we|to|article|paper|herein) (?:here(?:in)? |also )?(?:report|describe|present|presents|discuss)s? (?:here )?(?:on )?(?:a|an|the|one|two|three|four|2|3|4|our experience with|a series of (?:two|three|four)|the (?:first|rare)) (?:[a-z0-9-]+ ){{0,5}}(?:cases?|patients?|adult|man|woman|child|infant|boy|girl)\b(?! series of \d\d)|\bthis case (?:report|describes|illustrates|demonstrates|presentation)|\bthese (?:two |three )?cases\b|\bthis report describes \d patients"),
)  # fmt: skip
_OBSERVED = (
    _rule("case-control study", "control", r"\bcase[- ]control|\bcases and (?:an equal number of |matched |healthy )?(?:[a-z-]+ ){0,4}controls\b[^.]{0,40}(?:interview|genotyp|match|recruit)|\brisk factors? for [^.]{0,80}polymorphism|polymorphisms?\b[^.]{0,200}\b(?:odds|susceptib)"),
    _rule("cross-sectional study", "sectional,survey,questionnaire", r"\bcross[- ]sectional|\b(?:we|was|were) (?:conducted |performed |then )?(?:an? )?(?:[a-z-]+ )?surveyed\b|\b(?:questionnaires?|surveys?) (?:was|were) (?:sent|distributed|administered|completed|conducted)|\bconducted an? (?:[a-z-]+ )?survey"),
    _rule("cohort", "retrospectiv,prospectiv,cohort,registry,registries,records,consecutive,real-world,follow-up", rf"\bretrospective(?:ly)?\b|\bprospective(?:ly)? (?:[a-z-]+ )?(?:study|cohort|collect|enroll|includ|follow|analy|evaluat|observ|database|compar|recruit)|\bcohort (?:study|of|analysis|stud)|\bregist(?:ry|ries|ers)\b|\bmedical records\b|\belectronic (?:health|medical) records|\bconsecutive (?:[a-z-]+ ){{0,4}}{_PEOPLE}|\breal-world\b|\bmedian follow-up\b"),
    _rule("cohort", "patients,children,cases,adults,women,men,people", r"\b(?!(?:19|20)\d\d )[1-9][\d,]*\d (?:[a-z()/+-]+ ){0,6}(?:patients|children|cases|adults|women|men|people|persons|participants)\b[^.]{0,120}\b(?:were|was|are|had|underwent|received|diagnosed|treated|registered|included|followed|completed|identified|provided|stopped|who)\b"),
    _rule("cohort", "survival,prognos", r"\b(?:overall|event-free|progression-free|disease-free|5-year|five-year) survival\b[^.]{0,120}\b(?:patients|children|months|years|multivari)|\bindependent (?:prognostic|predict)"),
    _rule("clinical trial", "volunteers,healthy,participants,session", r"\bhealthy (?:[a-z]+ )?(?:volunteers|adults|men|women|subjects|participants)\b|\bintervention group\b|\bcontrol group\b[^.]{0,60}\bsessions?\b|\bsafety and (?:efficacy|feasibility)\b[^.]{0,60}\bpatients\b"),
)  # fmt: skip
_ANIMAL = r"(?:mice|mouse|murine|rats?|zebrafish|rabbits?|dogs?|pigs?|piglets|monkeys?|macaques?|sheep|horses?|mares|cats|hamsters?|guinea[- ]pigs?|xenografts?|xenotransplant\w*|ferrets?|goats?|calves|chickens?|gerbils?|voles?)"
_VIVO = _rule("in vivo", "mice,mouse,murine,rat,zebrafish,rabbit,dog,pig,monkey,macaque,sheep,horse,mare,cats,hamster,xenograft,in vivo,xenotransplant,ferret,goat,calves,chicken,gerbil,vole,animals", rf"\b{_ANIMAL}\b(?! (?:monoclonal|polyclonal|anti|cells?\b|cell line|leuk[a]?emia (?:macrophage|cell)|fibroblast|antibod|igg|tail|scan|food))|\bin vivo (?:stud|experiment|preclinical|efficacy|model|antitumou?r)|\bin vitro and in vivo\b|\bin vivo and in vitro\b|\banimals (?:were|was|received)")  # fmt: skip
_LAB = (
    _rule("patient samples", "patient,primary,donor,biops,specimen,samples,trephine,tumor,tumour,cd34", rf"\b(?:primary|patient[- ]derived|patients?'?) (?:[a-z0-9+-]+ ){{0,4}}(?:samples?|cells?|blasts?|specimens?|tumou?rs|biopsies|progenitors)\b(?! lines?)|\b(?:samples?|cells?|blood|marrows?|specimens?|biops(?:y|ies)|tissues?|trephines?|plasma|sera|serum|blasts|bone marrow aspirates?) (?:[a-z0-9,-]+ ){{0,4}}(?:from|of|in|taken from|obtained from|collected from) (?:[\w-]+ ){{0,5}}(?:patients?|donors?|volunteers|children|women|men|individuals|subjects)\b|\bcd34\(?\+\)? (?:[a-z]+ )?cells\b|\b(?:clinical|patient|tumou?r|tissue|archived|trephine) (?:specimens?|biops(?:y|ies)|samples?|microarrays?)\b|\bimmunohistochem\w+\b[^.]{{0,100}}\b(?:patients|cases|tumou?rs)\b|\bsingle-cell\b[^.]{{0,100}}\bpatients\b|\b(?:cml|aml|all|cll|leuka?emi[ac]) (?:stem |progenitor |primitive )+(?:cells|progenitors)\b"),
    _rule("in vitro", "cell line,cells,in vitro,culture,hela,k562,hek293,crystal,cryo-em,binding,kinetic,recombinant,protein,antibacterial", r"\bcell lines?\b|\bin vitro\b|\b(?:k-?562|hela|hek-?293\w*|hl-?60|jurkat|mcf-?7|hepg2|raw ?264|kcl-?22|lama-?84|ba/?f3|mv4-?11|thp-?1|a549|u937|s2 cells|mda-mb)\b|\bcultured\b[^.]{0,40}\bcells\b|\b\w+ cells (?:were|was|expressing|treated|lacking|transfected)\b|\bcell (?:viability|proliferation|lysates?)\b|\bcryo-?em\b|\bcrystal structures?\b|\bsurface plasmon resonance\b|\brecombinant\b[^.]{0,60}\bpurified\b|\bknock(?:down|out) (?:of|in)\b|\bsirna\b|\bcells\b[^.]{0,80}\bapoptosis\b|\bproteins?\b[^.]{0,80}\b(?:unfold|conformation|binding site|ligand)|\bpurified\b[^.]{0,80}\b(?:protein|enzyme)"),
)  # fmt: skip
_MODEL = _rule("modelling", "model,simulat,in silico,theor,computational,equation,machine learning", r"\b(?:mathematical|mechanistic|computational|stochastic|markov|compartment|differential[- ]equation|agent-based|kinetic|theoretical|numerical) (?:[a-z-]+ )?(?:models?|modell?ing|simulations?|analysis)\b|\bmicrosimulation\b|\bin silico\b|\bwe theoretically\b|\bsimulation results\b|\bnumerical(?:ly)? (?:simulat|stud|results)|\bmolecular dynamics simulations?\b|\bclosed form\b|\bwe (?:derive|simulate)d?\b|\bcost-effectiveness model")  # fmt: skip
_ANIMALS_ONLY = re.compile(rf"\b{_ANIMAL}\b")
_NO_ANIMALS = frozenset({"Humans"})
_BARE_ANIMALS = frozenset({"Animals"})


class Study(NamedTuple):
    """A word of STUDIES and why, "publication type ..." or "title: ..." or "abstract: ..."."""

    word: str
    reason: str


def study(article: Article, title: str, abstract: str) -> Study:
    """The kind of study; `title` and `abstract` are the article's, in lower case."""
    types = {term.name for term in article.publication_types}
    return next(_findings(article, types, title, abstract), Study("", ""))


def _findings(article: Article, types: set[str], title: str, abstract: str) -> Iterator[Study]:
    """Everything that speaks for a kind of study, the weightiest first."""
    headings = {heading.name for heading in article.mesh}
    animals = "Animals" in headings and "Humans" not in headings
    yield from _typed(types, _BEFORE_TEXT)
    yield from _told(_TITLE, "title", title)
    for found in _told(_ABSTRACT, "abstract", abstract):
        # Mice are randomised, too, and a case may be a dog's.
        if not (animals and found.word in CLINICAL):
            yield found
    if types & {"Review", "Systematic Review", "Meta-Analysis", "Network Meta-Analysis", "Clinical Trial"}:
        yield from _typed(types, _AFTER_TEXT)
    if _MODEL.pattern.search(title):
        yield from _told((_MODEL,), "title", title)
    vivo = next(_told((_VIVO,), "title", title), None) or next(_told((_VIVO,), "abstract", abstract), None)
    if vivo and (animals or len(_ANIMALS_ONLY.findall(abstract)) > 1 or vivo.reason.startswith("title")):
        yield vivo
    if animals and headings & _MODEL_ANIMALS:
        yield Study("in vivo", f"MeSH {min(headings & _MODEL_ANIMALS)}")
    lab = tuple(_told(_LAB, "title", title)) + tuple(_told(_LAB, "abstract", abstract))
    samples = next((found for found in lab if found.word == "patient samples"), None)
    culture = next((found for found in lab if found.word == "in vitro"), None)
    observed = () if animals else tuple(_told(_OBSERVED, "abstract", abstract))
    if observed and not (culture and samples):
        yield observed[0]
    if vivo and "in vivo" in vivo.reason:
        yield vivo
    if samples:
        yield samples
    if culture:
        yield culture
    if vivo:
        yield vivo
    yield from _told((_MODEL,), "abstract", abstract)
    yield from _typed(types, _AFTER_TEXT)


_MODEL_ANIMALS = frozenset(
    {"Mice", "Rats", "Dogs", "Cats", "Horses", "Swine", "Rabbits", "Zebrafish", "Macaca mulatta"}
)


def _typed(types: set[str], kinds: tuple[tuple[str, set[str]], ...]) -> Iterator[Study]:
    if {
        "Clinical Trial, Phase I",
        "Clinical Trial, Phase II",
    } <= types and "Randomized Controlled Trial" not in types:
        yield Study("phase 1/2 trial", "publication types Clinical Trial, Phase I; Clinical Trial, Phase II")
    for word, names in kinds:
        if found := types & names:
            yield Study(word, f"publication type {min(found)}")


def _told(rules: tuple[Rule, ...], where: str, text: str) -> Iterator[Study]:
    for word, stems, pattern in rules:
        if any(stem in text for stem in stems) and (match := pattern.search(text)):
            words = " ".join(match[0].split())
            yield Study(word, f"{where}: '{words if len(words) <= 80 else words[:79] + '…'}'")
