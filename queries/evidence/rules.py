"""What words speak for which kind of study: tables, read from the top by evidence_study."""
# ruff: noqa: E501 - a row is read across, pattern and all

import re
from typing import NamedTuple


class Rule(NamedTuple):
    """If one of `stems` is in the lower-cased text and `pattern` is found there, it is `word` of STUDIES."""

    word: str
    stems: tuple[str, ...]
    pattern: re.Pattern[str]


def _table(*rows: tuple[str, str, str]) -> tuple[Rule, ...]:
    return tuple(Rule(word, tuple(stems.split("|")), re.compile(pattern)) for word, stems, pattern in rows)


PEOPLE = (
    r"(?:patients?|participants?|subjects?|volunteers?|adults?|children|women|men|people|persons?|individuals?|"
    r"infants?|newborns?|neonates?|adolescents?|students?|residents?|physicians?|nurses?|athletes|couples|clinics?|"
    r"practices|hospitals|schools|households|survivors?|cases|eyes|clusters|novices)"
)
ANIMAL = (
    r"(?:mice|mouse|murine|rats?|zebrafish|rabbits?|dogs?|(?<!guinea )pigs?|guinea pigs|piglets|monkeys?|macaques?|sheep|horses?|mares|cats|"
    r"hamsters?|xenografts?|xenotransplant\w*|ferrets?|goats?|calves|chickens?|gerbils?|voles?|beagles)"
)
_ANIMAL_STEMS = (
    "mice|mouse|murine| rat | rats|zebrafish|rabbit|dog|pig|monkey|macaque|sheep|horse|mares|cats|hamster|xeno|ferret|goat|"
    "calves|chicken|gerbil|vole|beagle"
)
# Not the animal itself: its antibody, its cell line.
_PRODUCT = (
    r"(?! (?:monoclonal|polyclonal|anti|cells?\b|cell lines?|leuk\w+ (?:macrophage|cell)|fibroblast|antibod|igg|"
    r"tail|scan|food|glioma|pheochromocytoma))"
)
_ARTICLE = r"(?: (?:article|paper|chapter))?"
_REVIEWED = r"(?!ed)(?! (?:the |our )?(?:medical|patient|chart|records?|cases?|hospital|files)\b)"
_FEW = r"(?:an?|one|two|three|four|five|2|3|4|5)"
_SICK = r"(?:cases?|patients?|adult|man|woman|child|infant|boy|girl|neonate)"
_SEVERAL = r"(?:[1-9]\d|[1-9]\d?,?\d{3}|[1-9]\d\d|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
CELL_LINES = (
    r"\b(?:k-?562|ku-?812|hela|hek-?293\w*|hl-?60|jurkat|mcf-?7|hep-?g2|raw ?264|kcl-?22|lama-?84|ba/?f3|mv4-?11|"
    r"thp-?1|a549|u937|s2 cells|mda-mb|h1975|a2780|dt40|molm-?1[34]|u87)\b"
)
_LINE_STEMS = (
    "k562|k-562|ku812|ku-812|hela|hek293|hek-293|hl60|hl-60|jurkat|mcf7|mcf-7|hepg2|hep-g2|raw264|raw 264|kcl22|kcl-22|"
    "lama84|lama-84|ba/f3|baf3|mv4|thp1|thp-1|a549|u937|s2 cells|mda-mb|h1975|a2780|dt40|molm|u87"
)

# Of one to four phases: the words that name it, the highest first.
PHASES = (
    ("phase 2/3 trial", r"phase[ -](?:2[ab]?|ii[ab]?) ?[/-] ?(?:3|iii)\b"),
    ("phase 1/2 trial", r"phase[ -](?:1[ab]?|i[ab]?) ?[/-] ?(?:2[ab]?|ii[ab]?)\b"),
    ("phase 4 trial", r"phase[ -](?:4|iv)\b"),
    ("phase 3 trial", r"phase[ -](?:3[ab]?|iii[ab]?)\b"),
    ("phase 2 trial", r"phase[ -](?:2[ab]?|ii[ab]?)\b"),
    ("phase 1 trial", r"phase[ -](?:1[ab]?|i[ab]?)\b"),
)
_STUDY = r"(?:trial|study|studies|evaluation|investigation|extension|results|data|experience)\b"
_STUDIED = (
    r"\b(?:this|our|we|a|an|the|was|in|single-arm|open-label|multicent(?:er|re)) (?:[a-z0-9-]+ ){0,4}"
    r"%s[^.]{0,50}\b(?:trial|study)\b(?! (?:is|are|will|in the us|of combination))"
)

# A title says what the article is, so it goes before the abstract.
TITLE = _table(
    ("notice", "err", r"^(?:erratum|corrigendum)\b"),
    ("notice", "corr", r"^(?:author |publisher )?correction(?::| to\b)"),
    ("notice", "retract", r"^retract(?:ion|ed)\b[^.]{0,20}:|^retraction (?:notice|note|of|to)\b"),
    ("notice", "expression of concern", r"^(?:editorial )?expression of concern"),
    ("letter", "repl", r"^(?:(?:the )?authors?'?s?'? |in )?reply\b(?: to\b|[.:]|$)"),
    ("letter", "respon", r"^(?:(?:the )?authors?'?s?'? |in )?response\b(?: to (?:the |')?(?:letter|comment|editor)|[.:]|$)"),
    ("letter", "letter", r"^letter (?:to|regarding|in)\b"),
    ("protocol", "protocol", r"\bprotocol (?:for|of|paper)\b|(?:study|trial|review) protocol|: [^:]{0,50}protocol\.?$"),
    ("guideline", "guideline", r"\bguidelines? (?:for|on|of|from)\b|\bguidelines?(?:[.:]|$)|clinical (?:practice )?guid"),
    ("guideline", "consensus", r"consensus (?:statements?|report|guid|recommend|conference)"),
    ("guideline", "position", r"position (?:statement|paper)"),
    ("guideline", "recommendation", r"\brecommendations? (?:of|from|for|by)\b"),
    ("meta-analysis", "meta", r"\bmeta-? ?analys[ei]s"),
    ("case report", "case report", r"\bcase reports?\b"),
    ("review", "literature review", r"(?<!systematic )(?<!scoping )\bliterature review\b"),
    ("systematic review", "review", r"\b(?:systematic|scoping|umbrella|rapid|integrative) (?:literature )?review\b"),
    ("systematic review", "evidence synthesis", r"evidence synthesis"),
    ("review", "review", r"\b(?:narrative|critical|mini-?|brief|comprehensive|state-of-the-art|invited) ?review\b"),
    ("review", "review", r": (?:a|an) (?:[a-z-]+ )?review\b|\ba review of\b"),
    ("randomised trial", "randomi", r"\brandomi[sz]ed\b.{0,60}\b(?:trial|study|comparison|evaluation)"),
    ("randomised trial", "randomi", r"\brandomi[sz]ed[- ]controlled|\brandomi[sz]ed\b[^:]{0,20}$"),
    *((word, "phase", rf"{phase}.{{0,60}}\b{_STUDY}|\b{_STUDY}.{{0,30}}{phase}") for word, phase in PHASES),
    ("case report", "case", r"\bcase (?:series|study|presentation)\b|^an? (?:unusual|rare|unique|atypical) case"),
    ("case report", "case", rf"\b(?:report|review|description) of {_FEW} (?:[a-z-]+ )?cases?\b|\ba (?:rare )?case of\b"),
    ("case report", "cases", r"\b(?:two|three|four) cases\b"),
    ("case report", " in a", rf"\bin an? (?:[a-z0-9-]+ ){{0,4}}{_SICK}\b(?! (?:model|cohort|population|registry))"),
    ("case-control study", "control", r"\bcase[- ]control"),
    ("cross-sectional study", "sectional", r"\bcross[- ]sectional"),
    ("cross-sectional study", "survey", r"\bsurvey of\b|\b(?:national|online|population) survey\b|: an? [^:]{0,30}survey"),
    ("cohort", "cohort", r"\bcohort\b"),
    ("cohort", "registry", r"\bregistry\b"),
    ("cohort", "spective", r"\b(?:retro|pro)spective (?:[a-z-]+ )?(?:study|analysis|review|evaluation)"),
    ("cohort", "real-world", r"\breal-world\b"),
    ("cohort", "follow", r"\byears?'? (?:of )?follow-?up\b"),
    ("cohort", "population-based", r"\bpopulation-based\b"),
    ("clinical trial", "trial", r"\b(?:clinical|open-label|single-arm|non-?randomi[sz]ed|controlled|crossover) trial\b"),
    ("clinical trial", "pilot", r"\bpilot (?:trial|study|of|in)\b"),
)  # fmt: skip

# What an abstract says of itself, whatever its subject.
ABSTRACT = _table(
    ("protocol", "will be", rf"{PEOPLE} will be (?:randomi[sz]ed|enrolled|recruited|included|invited|assigned)"),
    ("guideline", "guideline", r"\b(?:this|these|present) (?:[a-z ]{0,40})?guidelines?\b[^.]{0,80}\b(?:provid|recommend|addr|offer|replac|summar|us|was|were|is|are)"),
    ("guideline", "position statement", r"\bthis (?:[a-z ]{0,30})?position statement"),
    ("guideline", "statement", r"(?:voted on|statements?)\b[^.]{0,60}(?:agreement|consensus)"),
    ("guideline", "graded", r"recommendations were graded"),
    ("meta-analysis", "meta-analy", r"\bwe (?:performed|conducted|did|undertook|carried out) [^.]{0,60}meta-analys|\bthis (?:[a-z-]+ ){0,4}meta-analysis"),
    ("meta-analysis", "meta-analy", r"combined (?:the results )?in a meta-analysis|\bgwas meta-analysis|meta-analys[ei]s (?:was|were) |^meta-analysis of"),
    ("meta-analysis", "random-effects", r"\brandom-effects (?:meta|models? (?:pooled|was|were))"),
    ("systematic review", "systematically", r"\b(?:we|this (?:study|review|article)) systematically (?:review|search)"),
    ("systematic review", "systematic", r"\bsystematic (?:literature )?review (?:was|aim|follow|present|includ)|\bthis systematic review"),
    ("systematic review", "scoping", r"\b(?:this|we [a-z]+ a) scoping review"),
    ("systematic review", "prisma", r"\bprisma\b"),
    ("systematic review", "records|citations|abstracts|articles", r"\bof [\d,]+ (?:records|citations|abstracts|articles)\b[^.]{0,80}\bincluded"),
    ("commentary", "in this issue", r"\bin this issue(?: of)?\b"),
    ("commentary", "now find", r"\ba study in \w+ now\b"),
    ("commentary", "in this perspective", r"\bin this (?:perspective|commentary|viewpoint|editorial)\b"),
    ("review", "this review", rf"\bthis (?:[a-z]+ )?review{_ARTICLE} (?!board|was approved|period|committee)|\bin this review\b"),
    ("review", " review", rf"\b(?:present|our|current|narrative|critical|mini-?) review{_ARTICLE} (?:is|aims?|summ|focus|disc|high|desc|will|prov|pres|cov)"),
    ("review", "overview", r"\b(?:this|an?) (?:[a-z]+ )?overview (?:of|is|summ|will|presents)"),
    ("review", "we review|we summari|we briefly|we also|we critically|we here|we will", rf"\bwe (?:briefly |also |critically |here |herein |will )?(?:review|summari[sz]e)\b{_REVIEWED}"),
    ("review", "reviews the", r"\b(?:article|paper|chapter|manuscript) reviews? "),
    ("review", "article|paper|chapter|primer|manuscript", r"\bthis (?:[a-z]+ )?(?:article|paper|chapter|primer|manuscript) (?:summari[sz]es|discusses|introduces|provides an|gives an)"),
    ("review", "summari", r"\b(?:is|are|was) summari[sz]ed (?:here|in this)|\bsummari[sz]ed in this review"),
    ("review", "expert opinion", r"\bexpert opinion\b"),
    ("review", "this narrative", r"\bthis narrative"),
    ("randomised trial", "random", rf"\b{PEOPLE}\b[^.]{{0,90}}\b(?:were|was|are|is) (?:then )?(?:randomi[sz]ed|randomly (?:assigned|allocated|divided))\b"),
    ("randomised trial", "randomly", rf"\brandomly (?:assigned|allocated) (?:[\d,]+ )?(?:[a-z-]+ )?{PEOPLE}"),
    ("randomised trial", "randomi", r"\brandomi[sz]ed,? (?:(?:double|single|triple|observer|assessor)[- ](?:blind|mask)|placebo|open[- ]label|controlled|cross-?over|cluster|multi)"),
    ("randomised trial", "random", r"\b(?:double[- ]blind|placebo[- ]controlled)\b[^.]{0,60}\brandom|\bin (?:a )?(?:random|randomi[sz]ed) (?:order|sequence)\b"),
    ("randomised trial", "randomi", r"\b(?:this|our|in an?) randomi[sz]ed[^.]{0,40}\b(?:trial|study)\b(?! (?:is|are) )|^design: randomi[sz]ed"),
    *((word, "phase", _STUDIED % phase) for word, phase in PHASES),
    ("phase 1 trial", "escalation", r"\b(?:this|our|a) (?:[a-z-]+ )?dose[- ]escalation (?:study|trial)"),
    ("clinical trial", "arm", r"\b(?:single|one)[- ]arm\b[^.]{0,40}\b(?:trial|study|;)|\bprospective, single[- ]arm"),
    ("clinical trial", "label", r"\bopen[- ]label\b[^.]{0,40}\b(?:trial|study)\b"),
)  # fmt: skip

# A few patients one by one; weaker than a design that the abstract names.
CASES = _table(
    ("case report", "old", rf"\b(?:a|an|the) (?:[a-z]+ ){{0,2}}(?:\d+|[a-z]+)[- ](?:year|month|week|day)s?[- ]old,? (?:[a-z-]+ ){{0,4}}(?:{_SICK}|male|female|lady|gentleman|proband|person)\b"),
    ("case report", "report", rf"\b(?:we|to|article|paper|herein)[a-z, ]{{0,12}} report (?:here )?(?:on )?(?:the |our |{_FEW} )(?:[a-z0-9-]+ ){{0,5}}{_SICK}\b"),
    ("case report", "describe", rf"\b(?:we|to)[a-z, ]{{0,12}} describe (?:the |{_FEW} )(?:[a-z0-9-]+ ){{0,5}}{_SICK}\b"),
    ("case report", "present", rf"\b(?:we|article|paper)[a-z, ]{{0,12}} presents? (?:here )?(?:the |{_FEW} )(?:[a-z0-9-]+ ){{0,4}}{_SICK}\b"),
    ("case report", "our experience", r"\breport our experience\b"),
    ("case report", "series of", rf"\bseries of {_FEW} (?:[a-z-]+ )?{PEOPLE}"),
    ("case report", "this case|these two|the two|these cases|these three|the three", r"\bthis case (?:report|describes|illustrates|demonstrates|presentation|also)|\b(?:these|the) (?:two |three )cases\b|\bthese cases\b"),
    ("case report", "case presentation", r"\bcase presentation\b"),
    ("case report", "this report describes", r"\bthis report describes (?:a|\d) "),
)  # fmt: skip

OBSERVED = _table(
    ("case-control study", "case", r"\bcase[- ]control|\bcases and (?:an equal number of )?(?:[a-z-]+ ){0,4}controls\b"),
    ("case-control study", "polymorphism", r"polymorphisms?\b[^.]{0,200}\b(?:odds|susceptib)|\bsnps\b[^.]{0,200}\bassociated with\b"),
    ("cross-sectional study", "sectional", r"\bcross[- ]sectional"),
    ("cross-sectional study", "survey", r"\bwe surveyed\b|\bsurveys? (?:was|were) (?:sent|distributed|administered|completed|conducted)|\bconducted an? (?:[a-z-]+ )?survey"),
    ("cross-sectional study", "questionnaire", r"\bquestionnaires? (?:was|were) (?:sent|distributed|administered|completed)"),
    ("cohort", "retrospective", r"\bretrospective(?:ly)?\b"),
    ("cohort", "prospective", r"\bprospective(?:ly)? (?:[a-z-]+ )?(?:study|cohort|collect|enroll|includ|follow|analy|evaluat|observ|database|compar|recruit)"),
    ("cohort", "cohort", r"\bcohort (?:study|of|analysis|stud)"),
    ("cohort", "regist", r"\bregist(?:ry|ries|ers)\b(?!,? (?:no|number|id|actrn|nct))"),
    ("cohort", "records", r"\b(?:medical|health|hospital|clinical) records\b"),
    ("cohort", "consecutive", rf"\bconsecutive (?:[a-z-]+ ){{0,4}}{PEOPLE}"),
    ("cohort", "real-world", r"\breal-world\b"),
    ("cohort", "follow", r"\bmedian follow-?up\b"),
)  # fmt: skip

# People counted or compared, in an abstract that names no design.
COUNTED = _table(
    ("cross-sectional study", "control group", r"\bpatients with [^.]{3,120}\bcontrol group\b|\bcontrol group\b[^.]{0,60}\bpatients with\b"),
    ("cohort", "patients with|children with|adults with|women with|people with|individuals with|subjects with", rf"\b(?:in|of|on|from|among|included|enrolled|identified|reviewed|evaluated) {_SEVERAL} (?:[a-z-]+ ){{0,4}}{PEOPLE} with\b"),
    ("cohort", "patients|children|cases|adults|women| men|people|persons|participants", rf"\b{_SEVERAL}\b (?:[a-z()/+-]+ ){{0,6}}(?:patients|children|cases|adults|women|men|people|persons|participants)\b[^.]{{0,120}}\b(?:were|was|are|had|underwent|received|diagnosed|treated|registered|included|followed|completed|identified|provided|stopped)\b"),
    ("cohort", "survival", r"\b(?:overall|event-free|progression-free|disease-free|5-year|five-year) survival\b[^.]{0,120}\b(?:patients|children|months|years|multivari)"),
    ("cohort", "independent", r"\bindependent (?:prognostic|predict)"),
    ("clinical trial", "intervention group", r"\bintervention group\b"),
    ("clinical trial", "control group", r"\bcontrol group\b[^.]{0,60}\bsessions?\b"),
    ("clinical trial", "safety and", r"\bsafety and (?:efficacy|feasibility)\b[^.]{0,60}\bpatients\b"),
)  # fmt: skip

VIVO = _table(
    ("in vivo", "in vivo", r"\bin vivo (?:stud|experiment|preclinical|efficacy|model|antitumou?r)|\bin vitro and in vivo\b|\bin vivo and in vitro\b"),
    ("in vivo", _ANIMAL_STEMS, rf"\b{ANIMAL}\b{_PRODUCT}"),
)  # fmt: skip

SAMPLES = _table(
    ("patient samples", "primary|patient", r"\b(?:primary|patient[- ]derived|patients?'?) (?:[a-z0-9+-]+ ){0,3}(?:samples?|cells?|blasts?|specimens?|tumou?rs|biopsies|progenitors)\b(?! lines?)"),
    ("patient samples", "primary", r"\bprimary (?:human )?(?:cml|aml|all|cll|leuk\w+|patient) (?:[a-z0-9+]+ )?(?:samples?|cells?|blasts?)\b(?! lines?)"),
    ("patient samples", "patients|donors|volunteers|children|women|individuals|subjects", r"\b(?:samples?|cells?|blood|marrows?|specimens?|biops(?:y|ies)|tissues?|trephines?|plasma|ser(?:a|um)|blasts|sputum) (?:[a-z0-9,+-]+ ){0,4}(?:from|of|in) (?:[\w-]+ ){0,5}(?:patients?|donors?|volunteers|children|women|men|individuals|subjects)\b"),
    ("patient samples", "cd34", r"\bcd34\W{0,2}(?:cd38\S* )? ?cells\b"),
    ("patient samples", "cml", r"\bcml (?:and normal )?(?:primitive |cd34\S* )?(?:hematopoietic )?progenitors\b"),
    ("patient samples", "specimen|biops|sample|microarray", r"\b(?:clinical|patient|tumou?r|tissue|archived|trephine) (?:specimens?|biops(?:y|ies)|samples?|microarrays?)\b"),
    ("patient samples", "immunohistochem", r"\bimmunohistochem\w+\b[^.]{0,100}\b(?:patients|cases|tumou?rs)\b"),
    ("patient samples", "single-cell", r"\bsingle-cell\b[^.]{0,100}\bpatients\b"),
)  # fmt: skip

CULTURE = _table(
    ("in vitro", "cell line", r"\bcell lines?\b"),
    ("in vitro", "in vitro", r"\bin vitro\b(?! fertil)"),
    ("in vitro", _LINE_STEMS, CELL_LINES),
    ("in vitro", "cultured", r"\bcultured\b[^.]{0,40}\bcells\b"),
    ("in vitro", " cells", r"\b\w+ cells (?:were|was|expressing|treated|lacking|transfected)\b|\bcells\b[^.]{0,80}\bapoptosis\b"),
    ("in vitro", "cell ", r"\bcell (?:viability|proliferation|lysates?)\b"),
    ("in vitro", "sirna", r"\bsirna\b"),
    ("in vitro", "cryo", r"\bcryo-?em\b|\bcryo-electron microscopy structure"),
    ("in vitro", "crystal structure", r"\bcrystal structures? of\b[^.]{0,60}\b(?:protein|domain|kinase|enzyme|complex)"),
    ("in vitro", "plasmon", r"\bsurface plasmon resonance\b"),
    ("in vitro", "unfold", r"\bunfold\w*\b[^.]{0,60}\bprotein|\bprotein\b[^.]{0,60}\bunfold"),
    ("in vitro", "purified", r"\bpurified\b[^.]{0,80}\b(?:protein|enzyme)"),
)  # fmt: skip

MODEL = _table(
    ("modelling", "model", r"\b(?:mathematical|mechanistic|computational|stochastic|markov|differential[- ]equation|agent-based|theoretical|numerical) (?:[a-z-]+ )?model"),
    ("modelling", "simulat", r"\bmicrosimulation\b|\bsimulation results\b|\bmolecular dynamics simulations?\b|\bnumerical(?:ly)? simulat|\bwe simulate"),
    ("modelling", "in silico", r"\bin silico\b"),
    ("modelling", "theor", r"\bwe theoretically\b|\btheoretical analysis\b"),
    ("modelling", "closed form", r"\bclosed form\b"),
)  # fmt: skip
