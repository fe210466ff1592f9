"""What an abstract says of the kind of study: tables, read from the top by `study`."""
# ruff: noqa: E501, RUF001 - a row is read across, pattern and all; dashes as they are printed

from queries.evidence.rules import ARTICLE, FEW, PHASES, RANDOM, REVIEWED, UNRANDOM, table
from queries.evidence.words import (
    BODIES,
    CELL_LINES,
    PEOPLE,
    SEVERAL,
    SEVERAL_DIGITS,
    SEVERAL_STEMS,
    SEVERAL_WORDS,
    SICK,
)

_STUDIED = (
    r"\b(?:this|our|we|a|an|the|was|in|single-arm|open-label|multicent(?:er|re)) (?:[a-z0-9-]+,? ){0,4}"
    r"%s[^.\n]{0,50}\b(?:trial|study)\b(?! (?:is|are|will|has|have|of combination))"
)

_WHO = "patients|inpatients|outpatients|children|cases|adults|women| men|people|persons|participants|subjects|volunteers|individuals|infants|adolescents|students|sibling"

# What an abstract says of itself, whatever its subject.
ABSTRACT = table(
    ("protocol", "will be", rf"{PEOPLE} will be (?:randomi[sz]ed|enrolled|recruited|included|invited|assigned)"),
    ("protocol", "planned", r"\b(?:is|are) planned to be (?:included|enrolled|recruited|randomi[sz]ed)\b"),
    ("guideline", "guideline", r"\b(?:this|these|present) (?:[a-z ]{0,40})?guidelines?\b[^.\n]{0,80}\b(?:provid|recommend|addr|offer|replac|summar|us|was|were|is|are)"),
    ("guideline", "position statement", r"\bthis (?:[a-z ]{0,30})?position statement"),
    ("guideline", "statement", r"(?:voted on|statements?)\b[^.\n]{0,60}(?:agreement|consensus)"),
    ("guideline", "graded", r"recommendations were graded"),
    ("meta-analysis", "meta", r"\bwe (?:performed|conducted|did|undertook|carried out) [^.\n]{0,60}meta-analys|\bthis (?:[a-z-]+ ){0,4}meta-analysis"),
    ("meta-analysis", "meta", r"combined (?:the results )?in a meta-analysis|\bgwas meta-analysis|meta-analys[ei]s (?:was|were) |^meta-analysis of"),
    ("meta-analysis", "random", r"\brandom-effects (?:meta|models? (?:pooled|was|were))"),
    ("systematic review", "systematically", r"\b(?:we|this (?:study|review|article)) systematically (?:review|search)"),
    ("systematic review", "systematic", r"\bsystematic (?:literature )?review (?:was|aim|follow|present|includ)|\bthis systematic (?:literature )?review"),
    ("systematic review", "scoping", r"\b(?:this|we [a-z]+ a) scoping review"),
    ("systematic review", "prisma", r"\bprisma\b"),
    ("systematic review", "searched", r"\bwe searched (?:the )?(?:[a-z]+ ){0,3}(?:databases?|medline|pubmed|embase|cochrane|literature|web of science)|\b(?:pubmed|medline|embase)[^.\n]{0,120}\bwere (?:systematically |comprehensively )?searched\b"),
    ("systematic review", "records|citations|abstracts|articles", r"\bof [\d,]+ (?:records|citations|abstracts|articles)\b[^.\n]{0,80}\bincluded"),
    ("commentary", "in this issue", r"\bin this issue(?: of)?\b"),
    ("commentary", "now find", r"\ba study in \w+ now\b"),
    ("commentary", "in this perspective", r"\bin this (?:perspective|commentary|viewpoint|editorial)\b"),
    ("commentary", "essay", r"\bthis essay\b"),
    ("review", "this review", rf"\bthis (?:[a-z]+ )?review{ARTICLE} (?!board|was approved|period|committee)|\bin this review\b"),
    ("review", " review", rf"\b(?:present|our|current|narrative|critical|mini-?) review{ARTICLE} (?:is|aims?|summ|focus|disc|high|desc|will|prov|pres|cov)"),
    ("review", "overview", r"\b(?:this|an?) (?:[a-z]+ )?overview (?:of|is|summ|will|presents)"),
    ("review", "we review|we summari|we briefly|we also|we critically|we here|we will", rf"\bwe (?:briefly |also |critically |here |herein |will )?(?:review|summari[sz]e)\b{REVIEWED}"),
    ("review", "reviews the", r"\b(?:article|paper|chapter|manuscript) reviews? "),
    ("review", "article|paper|chapter|primer|manuscript", r"\bthis (?:[a-z]+ )?(?:article|paper|chapter|primer|manuscript) (?:summari[sz]es|discusses|provides an overview|gives an overview|outlines|reviews)"),
    ("review", "summari", r"\b(?:is|are|was) summari[sz]ed (?:here|in this)|\bsummari[sz]ed in this review"),
    ("review", "best evidence topic", r"\bbest evidence topic\b"),
    ("review", "this article|this paper|this chapter", r"\b(?:purpose|aim|goal|objective) of this (?:article|paper|chapter) is to (?:introduce|review|describe|discuss|summari|provide|update|outline|present an)"),
    ("review", "expert opinion", r"\bexpert opinion\b"),
    ("review", "this narrative", r"\bthis narrative"),
    ("review", "reviewed", r"(?:^|[.\n])(?:(?!cases|patients|records|charts|experience|files|children|women|results of)[^.\n])*\b(?:is|are) (?:briefly |also |critically |here |thoroughly )?reviewed\b(?! retrospectively| (?:in|of|for) (?:\d|[a-z]+ (?:cases|patients|children)))"),
    ("review", "review", r"\breviewed (?:here|herein|in this)\b|\breview discusses\b|\bhere,? we review\b|\bin this review"),
    ("review", "chapter", r"\b(?:this|the present|in this) chapter\b"),
    ("randomised trial", "random", r"\b(?:were|was|are|is) (?:then |also )?(?:randomi[sz]ed|randomly (?:assigned|allocated|divided))\b"),
    ("randomised trial", "randomly", rf"\brandomly (?:assigned|allocated|divided) (?:[\d,]+ )?(?:[a-z-]+ )?{PEOPLE}"),
    ("randomised trial", "random", r"\b(?:randomly (?:assigned|allocated)|randomi[sz]ed) (?:to|into|in|between)\b"),
    ("randomised trial", "randomi", rf"\b{RANDOM},? (?:(?:double|single|triple|observer|assessor)[- ](?:blind|mask)|placebo|open[- ]label|controlled|cross-?over|parallel|monocent|single[- ]cent|cluster|multi|study\b|trial\b|comparison)|\b(?:in|a|this) {RANDOM},? (?:[a-z-]+,? ){{0,4}}(?:design|study|trial|cross-?over)\b"),
    ("randomised trial", "random", r"\b(?:double[- ]blind|placebo[- ]controlled)\b[^.\n]{0,60}\brandom|\bin (?:a )?(?:random|randomi[sz]ed) (?:order|sequence)\b|\bafter (?:the )?randomi[sz]ation\b"),
    ("randomised trial", "randomi", rf"\b(?:this|our|in an?) (?:[a-z-]+,? ){{0,2}}{RANDOM}[^.\n]{{0,40}}\b(?:trial|study)\b(?! (?:is|are) )|^design: {RANDOM}|\bcompleted {RANDOM} trials"),
    *((word, "phase", _STUDIED % phase) for word, phase in PHASES),
    ("phase 1 trial", "escalation", r"\b(?:this|our|a) (?:[a-z-]+ )?dose[- ]escalation (?:study|trial)"),
    ("clinical trial", "randomi|nonrandomi|quasi", rf"\b{UNRANDOM}\b[^.\n]{{0,40}}\b(?:trial|study)\b"),
    ("clinical trial", "arm", r"\b(?:single|one)[- ]arm\b[^.\n]{0,40}\b(?:trial|study|;)|\bprospective, single[- ]arm"),
    ("clinical trial", "open", r"\b(?:an|this) open (?:study|trial)\b|\bopen,? (?:comparative|controlled|uncontrolled|prospective) (?:study|trial)"),
    ("clinical trial", "label", r"\bopen[- ]label\b[^.\n]{0,40}\b(?:trial|study|extension)\b"),
    ("clinical trial", "blind|mask|placebo", r"\b(?:double|single|triple)[- ](?:blind|mask)\w*|\bplacebo[- ]controlled\b"),
    ("clinical trial", "dose", r"\b(?:single|multiple|repeated)[- ]dose study\b"),
    ("clinical trial", "cross", r"\bcross-?over (?:study|trial|design|fashion)\b"),
    ("clinical trial", "trial", r"\b(?:in this|this|our|the present|in the present) (?:[a-z0-9-]+,? ){0,4}trial\b(?!s| (?:was|is) (?:prospectively )?registered)"),
    ("case-control study", "case", r"\b(?:in|this|an?|our|the present|population-based,?|hospital-based,?|matched|nested) case[- ]control (?:study|design|analysis)\b"),
    ("cohort", "observational|retrospective", r"\bobservational (?:stud|cohort|survey)|\bretrospective (?:[a-z-]+ ){0,2}(?:study|cohort|analysis|review)\b"),
)  # fmt: skip

# A few patients one by one; weaker than a design that the abstract names.
CASES = table(
    ("case report", "old", rf"\b(?:a|an|the) (?:[a-z]+ ){{0,2}}(?:\d+|[a-z]+)[- ](?:year|yr|month|week|day)s?[- ]old,? (?:[a-z-]+ ){{0,4}}(?:{SICK}|male|female|lady|gentleman|proband|person)\b"),
    ("case report", "report", rf"\b(?:we|to|article|paper|herein)[a-z, ]{{0,12}} report (?:here )?(?:on )?(?:the |our |{FEW} )(?:[a-z0-9-]+ ){{0,5}}{SICK}\b"),
    ("case report", "describe", rf"\b(?:we|to)[a-z, ]{{0,12}} describe (?:the |{FEW} )(?:[a-z0-9-]+ ){{0,5}}{SICK}\b"),
    ("case report", "present", rf"\b(?:we|article|paper)[a-z, ]{{0,12}} presents? (?:here )?(?:the |{FEW} )(?:[a-z0-9-]+ ){{0,4}}{SICK}\b"),
    ("case report", "our experience", r"\breport our experience\b"),
    ("case report", "series of", rf"\bseries of {FEW} (?:[a-z-]+ )?{PEOPLE}"),
    ("case report", "case", r"\b(?:this|the present|our) case (?:report|describes|illustrates|demonstrates|presentation|also|highlights|suggests|shows|emphasi)|\b(?:these|the|both|our) (?:two |three )cases\b"),
    ("case report", "case presentation|case history|case report", r"\bcase (?:presentation|history)\b|\ba case report of\b"),
    ("case report", "cases", r"\b(?:two|three|four|five) (?:[a-z-]+ ){0,2}cases of\b"),
    ("case report", "case", r"\b(?:hereby |here )?(?:report|describe|present)s? (?:on )?(?:an? |two |three |four |the (?:first )?)(?:[a-z0-9-]+,? ){0,6}cases?\b|\bcase vignettes\b|\bin our case\b"),
    ("case report", "two |three |four |five ", r"\b(?:our|these) (?:two|three|four|five) patients\b|\bin (?:two|three|four|five) such patients\b"),
    ("case report", "this report describes", r"\bthis report describes (?:a|\d) "),
)  # fmt: skip

# One patient, in an abstract that counts nobody.
CASES_LATER = table(
    ("case report", "old", r"(?<![–<>≥≤-])(?<![<>≥≤] )(?<!than )(?<!over )(?<!least )(?<!under )(?<!to )(?<!and )\b\d+[- ](?:year|yr|month|week|day)s?[- ]old\b(?! (?:[a-z-]+ ){0,2}(?:rats|mice|children|patients|men|women|subjects|animals|pigs|dogs|girls|boys|adults|infants|cohort|lambs|rat|mouse|calves|chicks|piglets))"),
    ("case report", "two |three |four |five ", r"\b(?:two|three|four|five) (?:[a-z-]+ ){0,3}patients\b [^.\n]{0,60}\b(?:achieved|presented|developed|received|underwent|were admitted|delivered)\b"),
    ("case report", "patient|child|man|woman|boy|girl|infant", r"\b(?:an?|another|this|one|our) (?:[a-z-]+ ){0,3}(?:patient|child|man|woman|boy|girl|infant) (?:with|who|developed|presented|had|was|showing|underwent|recovered)\b"),
    ("case report", "she |patient|was", r"\b(?:he|she) (?:was|had|presented|developed|received|underwent|died|recovered)\b|\b(?:the|our) patient (?:was|had|presented|developed|recovered|died|received|underwent|made|remains)\b"),
    ("case report", "case|reported|rare|unusual|uncommon|serious|unique", r"(?<!in )\b(?:these|both) cases\b|\bis reported\b|\b(?:rare|unusual|uncommon|serious|unique) (?:[a-z-]+ )?(?:complication|case|cause|presentation)\b[^.\n]{0,120}\b(?:reported|described|presented)\b"),
)  # fmt: skip

OBSERVED = table(
    ("case-control study", "case", r"\bcase[- ]control|\bcases and (?:an equal number of )?(?:[a-z-]+ ){0,4}controls\b"),
    ("case-control study", "polymorphism", r"polymorphisms?\b[^.\n]{0,200}\b(?:odds|susceptib)|\bsnps\b[^.\n]{0,200}\bassociated with\b"),
    ("cross-sectional study", "sectional", r"\bcross[- ]sectional"),
    ("cross-sectional study", "interview|focus group|qualitative", r"\bwe interviewed\b|\bqualitative (?:[a-z-]+ )?(?:interviews?|study|analysis|research)\b|\bsemi-?structured (?:[a-z-]+ )?interviews?\b|\bfocus groups\b"),
    ("cross-sectional study", "respondents", r"\brespondents\b"),
    ("cross-sectional study", "survey", r"\bwe surveyed\b|\bsurveys? (?:was|were) (?:sent|distributed|administered|completed|conducted)|\bconducted an? (?:[a-z-]+ )?survey"),
    ("cross-sectional study", "questionnaire", r"\bquestionnaires? (?:was|were) (?:sent|distributed|administered|completed)"),
    ("cohort", "retrospective", r"\bretrospective(?:ly)?\b(?! (?:identif|inferen|assign|label|track|trac))"),
    ("cohort", "observational", r"\bobservational (?:study|cohort|data)"),
    ("cohort", "prospective", r"\bprospective(?:ly)? (?:[a-z-]+ )?(?:study|cohort|collect|enroll|includ|follow|analy|evaluat|observ|database|compar|recruit)"),
    ("cohort", "cohort", r"\bcohort (?:study|of|analysis|stud)"),
    ("cohort", "regist", r"\bregist(?:ry|ries|ers)\b(?!,? (?:no|number|id|actrn|nct))"),
    ("cohort", "records|charts", rf"\b(?:medical|health|hospital|clinical) records\b|\b(?:records|charts|files|histories) of (?:all |the )?{SEVERAL}\b"),
    ("cohort", "study", r"\b(?:longitudinal|comparative|follow-?up|multicent(?:er|re)|uncontrolled)[, -](?:[a-z0-9-]+,? ){0,3}study\b"),
    ("cohort", "consecutive", rf"(?<!samples from )(?<!samples of )(?<!cells from )\bconsecutive (?:[a-z-]+ ){{0,4}}{PEOPLE}"),
    ("cohort", "real-world|real-life", r"\breal-(?:world|life) (?:practice|data|evidence|stud|setting|cohort|population|experience|outcome|clinical)"),
    ("cohort", "follow", r"\bmedian (?:[a-z]+ )?follow-?up\b|\bfollow(?:ed)?[- ]up (?:for|of|period)\b"),
    ("cohort", "claims|database", r"\bclaims (?:data|analysis)|\b(?:health|insurance|claims|prescription|pharmacy|nationwide|national|administrative|registry)[a-z -]{0,20} databases?\b"),
)  # fmt: skip

# What others have published, searched.
SEARCHED = table(
    ("review", "medline|pubmed|literature|databases", r"\b(?:medline|pubmed|biomedical literature|literature|electronic databases?)\b[^.\n]{0,80}\b(?:search\w*|was reviewed|were reviewed|retrieval)\b|\b(?:search|review) of (?:the )?(?:[a-z-]+ ){0,3}(?:literature|medline|pubmed|databases?|original reports|bibliographies)\b"),
)  # fmt: skip

# Not those whom others have published.
_NEW = r"(?!(?:[a-z-]+ ){0,2}(?:published|previously|public|historical)\b)"

# People counted or compared, in an abstract that names no design.
COUNTED = table(
    ("cross-sectional study", "control group", r"\bpatients with [^.\n]{3,120}\bcontrol group\b|\bcontrol group\b[^.\n]{0,60}\bpatients with\b"),
    ("cohort", _WHO, rf"\b{SEVERAL_DIGITS} {_NEW}(?:[a-z-]+ ){{0,4}}{PEOPLE} (?:with|aged|who|receiving|undergoing|treated|diagnosed|from|after|on|in|at|taking|before|during|without|previously|were|was|have|had|in whom|completed)\b"),
    ("cohort", SEVERAL_STEMS, rf"\b{SEVERAL_WORDS} {_NEW}(?:[a-z-]+ ){{0,4}}{PEOPLE} (?:with|aged|who|receiving|undergoing|treated|diagnosed|from|after|on|in|at|taking|before|during|without|previously|were|was|have|had|in whom|completed)\b"),
    ("cohort", _WHO, rf"\b{SEVERAL_DIGITS}\b (?!new ){_NEW}(?:[a-z()/+-]+ ){{0,6}}(?:patients|children|cases|adults|women|men|people|persons|participants|subjects|volunteers|sibling pairs)\b(?! (?:worldwide|annually|(?:per|each|every) year))[^.\n]{{0,120}}\b(?:were|was|are|had|underwent|received|diagnosed|treated|registered|included|followed|completed|identified|provided|stopped|participated|attended|entered|took|showed|developed|achieved|responded|experienced)\b"),
    ("cohort", SEVERAL_STEMS, rf"\b{SEVERAL_WORDS}\b (?!new ){_NEW}(?:[a-z()/+-]+ ){{0,6}}(?:patients|children|cases|adults|women|men|people|persons|participants|subjects|volunteers|sibling pairs)\b(?! (?:worldwide|annually|(?:per|each|every) year))[^.\n]{{0,120}}\b(?:were|was|are|had|underwent|received|diagnosed|treated|registered|included|followed|completed|identified|provided|stopped|participated|attended|entered|took|showed|developed|achieved|responded|experienced)\b"),
    ("clinical trial", "intervention group", r"\bintervention group\b"),
    ("clinical trial", "control group", r"\bcontrol group\b[^.\n]{0,60}\bsessions?\b"),
    ("clinical trial", "safety and", r"\bsafety and (?:efficacy|feasibility)\b[^.\n]{0,60}\bpatients\b"),
    ("clinical trial", "pilot", r"\bpilot study\b"),
)  # fmt: skip

# How they fared.
OUTCOMES = table(
    ("cohort", "survival", r"\b(?:overall|event-free|progression-free|disease-free|5-year|five-year) survival\b[^.\n]{0,120}\b(?:patients|children|months|years|multivari)"),
    ("cohort", "independent", r"\bindependent (?:prognostic|predict)"),
)  # fmt: skip

VIVO = table(
    ("in vivo", "in vivo", r"\bin vivo (?:experiment|preclinical|efficacy|model|antitumou?r)"),
    *(("in vivo", stems, pattern) for stems, pattern in BODIES),
)  # fmt: skip

SAMPLES = table(
    ("patient samples", "primary|patient", r"\b(?:primary|patient[- ]derived|patients?'?) (?:[a-z0-9+-]+ ){0,3}(?:samples?|cells?|blasts?|specimens?|tumou?rs|biopsies|progenitors)\b(?! lines?)"),
    ("patient samples", "primary", r"\bprimary (?:human )?(?:cml|aml|all|cll|leuk\w+|patient) (?:[a-z0-9+]+ )?(?:samples?|cells?|blasts?)\b(?! lines?)"),
    ("patient samples", "patients|donors|volunteers|children|women| men|individuals|subjects", r"\b(?:samples|cells?|blood|marrows?|specimens?|biops(?:y|ies)|tissues?|trephines?|sera|blasts|sputum) (?:[a-z0-9,+-]+ ){0,4}(?:from|of|in) (?:[\w-]+ ){0,5}(?:patients?|donors?|volunteers|children|women|men|individuals|subjects)\b"),
    ("patient samples", "cd34", r"\bcd34\W{0,2}(?:cd38\S* )? ?cells\b"),
    ("patient samples", "cml", r"\bcml (?:and normal )?(?:primitive |cd34\S* )?(?:hematopoietic )?progenitors\b"),
    ("patient samples", "specimen|biops|sample|microarray", r"\b(?:clinical|patient|tumou?r|tissue|archived|trephine) (?:specimens?|biops(?:y|ies)|samples?|microarrays?)\b"),
    ("patient samples", "immunohistochem", r"\bimmunohistochem\w+\b[^.\n]{0,100}\b(?:patients|cases|tumou?rs)\b"),
    ("patient samples", "normal", r"\bnormal (?:[a-z]+ ){0,2}tissues?\b[^.\n]{0,80}\b(?:tumou?r|cancer|carcinoma|malignant)"),
    ("patient samples", "cancer|tumor|tumour|carcinoma|immunohistochem", r"\bimmunohistochem[^.\n]{0,120}|\b(?:cancer|tumou?r|carcinoma) tissues?\b"),
    ("patient samples", "single-cell", r"\bsingle[- ]cell (?:[a-z-]+ ){0,2}(?:atlas|map|landscape)\b|\bsingle-cell\b[^.\n]{0,100}\bpatients\b"),
)  # fmt: skip

CULTURE = table(
    ("in vitro", "cell line", r"\bcell lines?\b"),
    ("in vitro", "in vitro", r"\bin vitro\b(?! fertil)"),
    ("in vitro", "cell", CELL_LINES),
    ("in vitro", "human cells|fibroblasts|hepatocytes|keratinocytes|macrophages|cdna", r"\bin human (?:[a-z-]+ )?cells\b|\bcultured (?:[a-z-]+ ){0,2}(?:fibroblasts|hepatocytes|keratinocytes|macrophages)|\bcdna librar|\bfibroblasts (?:were|was|increased|infected)"),
    ("in vitro", "cultured", r"\bcultured\b[^.\n]{0,40}\bcells\b"),
    ("in vitro", " cells", r"\b\w+ cells (?:were|was|expressing|treated|lacking|transfected|overexpressing|depleted|deficient|exposed|retain\w*|are (?:dependent|sensitive|resistant|vulnerable)|with (?:suppressed|reduced|low|high|elevated))\b|\bcells\b[^.\n]{0,80}\bapoptosis\b"),
    ("in vitro", "cell ", r"\bcell (?:viability|proliferation|lysates?)\b"),
    ("in vitro", "sirna|shrna|knockdown|knock-down|knockout|transfect|crispr", r"\bknock-?out (?:[a-z0-9]+ )?cells\b|\bsi?rna\b|\bshrna\b|\bknock-?downs?\b|\btransfect\w+|\bcrispr\b"),
    ("in vitro", "immunoprecip|immunoblot|western blot|luciferase|mutagenesis", r"\b(?:co-?)?immunoprecipitat\w+|\bimmunoblot\w*|\bwestern blot\w*|\bluciferase\b|\bsite-directed mutagenesis\b"),
    ("in vitro", "cryo", r"\bcryo-?em\b|\bcryo-electron microscopy structure"),
    ("in vitro", "crystal structure", r"\bcrystal structures? of\b[^.\n]{0,60}\b(?:protein|domain|kinase|enzyme|complex)"),
    ("in vitro", "plasmon", r"\bsurface plasmon resonance\b"),
    ("in vitro", "unfold", r"\bunfold\w*\b[^.\n]{0,60}\bprotein|\bprotein\b[^.\n]{0,60}\bunfold"),
    ("in vitro", "purified", r"\bpurified\b[^.\n]{0,80}\b(?:protein|enzyme)"),
    ("in vitro", "lines", r"\b(?:human|leuk\w+|cancer|tumou?r|mammalian) lines\b"),
    ("in vitro", "mutational|mutagenesis|variants", r"\b(?:mutational scan\w*|saturation mutagenesis|librar(?:y|ies) of [^.\n]{0,40}variants)\b"),
    ("in vitro", "chip|microfluidic|organoid|spheroid|co-culture|culture models", r"\b(?:chips? (?:of|with|from)|on-a-chip|microfluidic|organoids?|spheroids?|co-?cultures?|culture models)\b"),
)  # fmt: skip

MODEL = table(
    ("modelling", "model", r"\b(?:mathematical|mechanistic|computational|stochastic|markov|differential[- ]equation|agent-based|theoretical|numerical) (?:[a-z-]+ )?model"),
    ("modelling", "simulat|microsimulation|molecular dynamics", r"\bmicrosimulation\b|\bsimulation results\b|\bmolecular dynamics simulations?\b|\bnumerical(?:ly)? simulat|\bwe simulate"),
    ("modelling", "in silico", r"\bin silico\b"),
    ("modelling", "theor", r"\bwe theoretically\b|\btheoretical analysis\b"),
    ("modelling", "closed form", r"\bclosed form\b"),
)  # fmt: skip
