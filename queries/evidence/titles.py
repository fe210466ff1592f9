"""What a title says of the kind of study: a table, read from the top by `study`."""
# ruff: noqa: E501 - a row is read across, pattern and all

from queries.evidence.rules import FEW, NAMED_TRIALS, PHASES, RANDOM, RECORDS, UNRANDOM, table
from queries.evidence.words import PEOPLE, SEVERAL, SICK

_STUDY = r"(?:trial|study|evaluation|investigation|extension|results|data|experience|dose[- ]escalation|dose[- ]finding|expansion)\b"
_SURVEYS = (
    r"(?:multi-?cent(?:er|re)|single[- ]cent(?:er|re)|online|national|nationwide|international|cross-sectional|patients?'?|"
    r"web(?:-based)?|postal|questionnaire|population|physicians?'?|global|practice)"
)

# What is surveyed at a bench or in print.
_THINGS = r"(?:[a-z0-9-]+ ){0,4}(?:compounds|drugs|inhibitors|genes?|proteins?|kinases|mutations|variants|(?:cell )?lines|cells|transcripts|antigens|strains|isolates|methods|literature|databases)\b"

# A title says what the article is, so it goes before the abstract.
TITLE = table(
    ("notice", "erratum|corrigendum", r"^(?:erratum|corrigendum)\b"),
    ("notice", "corr", r"^(?:author |publisher )?correction(?::| to[: ])"),
    ("notice", "retract", r"^retract(?:ion|ed)\b[^.]{0,20}:|^retraction (?:notice|note|statement)\b"),
    ("notice", "expression of concern", r"^(?:editorial )?expression of concern"),
    ("letter", "repl", r"^(?:(?:the )?authors?'?s?'? |in )?reply\b(?: to\b|[.:]|$)"),
    ("letter", "respon", r"^(?:(?:the )?authors?'?s?'? |in )?response\b(?: to (?:the |')?(?:letter|comment|editor)|[.:]|$)"),
    ("letter", "letter", r"^letter(?::| (?:to|regarding|in)\b)|\[letter\]"),
    ("commentary", "editorial", r"^editorial\b"),
    ("protocol", "protocol", r"\bprotocol (?:for|of|paper)\b|(?:study|trial|review) protocol|: [^:]{0,50}protocol\.?$"),
    ("protocol", "design", r"\brationale(?:,| and)? (?:study )?design\b|\bdesign and (?:rationale|methods|methodology)\b|^(?:the )?design of (?:the|an?) .*\b(?:trial|study)\b"),
    ("meta-analysis", "meta", r"\bmeta-? ?analys[ei]s\b(?! (?:in the|for|and its|and (?:the|meta)))"),
    ("case report", "case report", r"\bcase reports?\b"),
    ("systematic review", "review", r"\b(?:systemati?c|scoping|umbrella|rapid|integrative) (?:literature |evidence )?review\b"),
    ("systematic review", "evidence synthesis", r"evidence synthesis"),
    ("guideline", "guideline", r"(?<!adherence to )(?<!compliance with )\bguidelines? (?:for|on|of|from)\b|(?<!adherence to )\bguidelines?(?:[.:]|$)|clinical (?:practice )?guid"),
    ("guideline", "consensus", r"consensus (?:statements?|report|guid|recommend|conference)"),
    ("guideline", "position", r"position (?:statement|paper)"),
    ("cohort", "post-marketing|postmarketing", r"\bpost-?marketing (?:surveillance|study|observational)"),
    ("cross-sectional study", "survey", rf"\b{_SURVEYS}[a-z -]{{0,30}} surveys?\b|\bsurveys? (?:among|study|on)\b|^a survey\b(?! of)|\bsurvey of\b(?! {_THINGS})"),
    ("cross-sectional study", "mixed", r"\bmixed[- ]methods?\b(?! (?:systematic |scoping )?(?:review|synthesis))"),
    ("guideline", "recommendation", r"\brecommendations? (?:of|from|for|by)\b"),
    ("guideline", "recommandation", r"\brecommandations\b"),
    ("review", "where are we|what|state|status|concepts|perspectives|past", r"\bwhere (?:are we|do we stand)\b|\bwhat(?:\Ws| is) new\b|\bstate of the art\b|\bpast, present,? and future\b|\bcurrent (?:status|concepts|perspectives)\b"),
    ("review", "literature review", r"\bliterature review\b"),
    ("review", "review|minireview", r"\b(?:narrative|critical|mini-?|brief|comprehensive|state-of-the-art|invited|focused|historical|concise|huge) ?review\b"),
    ("review", "review", rf": (?:a|an) (?!retrospective|prospective|clinical|chart)(?:[a-z-]+ )?review\b(?! of {RECORDS})|(?<!retrospective )(?<!chart )\ba review of\b(?! {RECORDS})|\(review\)|[:.] (?:a )?review\.?$|^review (?:of|on)\b(?! {RECORDS})"),
    ("review", "overview|primer|how i |spotlight", r"^spotlight on\b|\boverview\b|\ba primer\b|\bhow i (?:treat|manage|use|approach|monitor)\b"),
    ("", "mendelian", r"mendelian randomi[sz]ation"),
    ("modelling", "cost|budget|markov", r"\bcost[- ](?:effectiveness|utility|benefit)\b|\bbudget impact\b|\bmarkov\b"),
    ("randomised trial", "randomi", rf"\b{RANDOM}\b.{{0,60}}\b(?:trial|study|comparison|evaluation)\b"),
    ("randomised trial", "randomi", rf"\b{RANDOM}[- ]controlled(?! trials)|\b{RANDOM}\b[^:]{{0,20}}$"),
    *((word, "phase", rf"{phase}.{{0,60}}\b{_STUDY}|\b{_STUDY}.{{0,30}}{phase}") for word, phase in PHASES),
    ("clinical trial", "randomi|nonrandomi|quasi", rf"\b{UNRANDOM}\b|\bquasi-?experiment"),
    ("case-control study", "control", r"\bcase[- ]control"),
    ("case report", "case", r"\bcase (?:series|presentation)\b|^an? (?:unusual|rare|unique|atypical) case"),
    ("case report", "case", rf"\b(?:report|review|description) of {FEW} (?:[a-z-]+ )?cases?\b|\ba (?:rare )?case of\b"),
    ("case report", "cases", r"\b(?:two|three|four|five) (?:[a-z-]+ )?cases\b"),
    ("case report", "patient|case|adult|man|woman|child|infant|boy|girl|neonate|passenger|male|female|recipient|toddler|adolescent|teenager|parturient|athlete", rf"\bin an? (?!(?:[a-z-]+ )?(?:cohort|group|series|sample|population|large|study|multicent))(?:[a-z0-9-]+ ){{0,4}}(?!patients|cases){SICK}\b(?! (?:model|cohort|population|registry|clinic|sample|study|care|setting|hospital|health|abuse|mental|psychiatr))"),
    ("case report", "patients|boys|girls|children|women| men", r"\b(?:in|of) (?:two|three|four|five) (?:[a-z-]+ ){0,2}(?:patients|boys|girls|children|women|men|brothers|sisters|siblings)\b"),
    ("cross-sectional study", "sectional", r"\bcross[- ]sectional"),
    ("cross-sectional study", "qualitative|interview", r"\bqualitative (?:[a-z-]+ )?(?:study|analysis|interview|research)|\binterview study\b"),
    ("cohort", "cohort", r"\bcohort\b"),
    ("cohort", "observational", r"\bobservational (?:study|cohort|trial)\b"),
    ("cohort", "retrospective|prospective", r"\b(?:retro|pro)spective (?:[a-z-]+ ){0,2}(?:study|analysis|review|evaluation|audit|experience)"),
    ("cohort", "claims|pharmacovigilance|audit", r"\bclaims (?:data|analysis)|\bpharmacy claims\b|\bpharmacovigilance\b|\baudit\b"),
    ("cohort", "outcome|experience|results|treatment", rf"\b(?:outcomes?|results|experience|survival|treatment) (?:of|in|with) {SEVERAL} (?:[a-z-]+ ){{0,3}}{PEOPLE}\b"),
)  # fmt: skip

# Read of a title only when the abstract has not said more.
TITLE_LATER = table(
    ("clinical trial", "trial|study", rf"{NAMED_TRIALS}[a-z0-9)' -]{{0,25}}\b(?:trial|study)\b|\b(?:trial|study)\b \W?{NAMED_TRIALS}|\b(?:discontinuation|cessation|stop\w*|withdrawal) (?:study|trial)\b"),
    ("clinical trial", "trial", r"\b(?:clinical|open-label|single-arm|controlled|crossover|multicent(?:er|re)) trial\b|\b(?:trial|crossover study)\.?$|\btrial on (?:the )?efficacy"),
    ("clinical trial", "pilot", r"\bpilot (?:clinical )?trial\b"),
    ("clinical trial", "blind|mask|placebo|cross", r"\bdouble[- ](?:blind|mask)|\bplacebo[- ]controlled\b|\bcross-?over (?:study|trial|comparison)\b"),
    ("cohort", "registry", r"\bregistry\b"),
    ("cohort", "real-world|real-life", r"\breal-(?:world|life)\b"),
    ("cohort", "follow", r"\byears?'? (?:of )?follow-?up\b"),
    ("cohort", "population-based", r"\bpopulation-based\b"),
    ("cohort", "outbreak", r"\boutbreak\b"),
    ("cohort", "patients|children|adults|women|men|people|cases|subjects|participants|residents|persons|individuals|families|knees|eyes|infants|survivors|students|adolescents|nurses|physicians|hospitals|pregnancies", rf"\b(?:in|of|among) {SEVERAL} (?:[a-z-]+ ){{0,3}}{PEOPLE}\b"),
)  # fmt: skip
