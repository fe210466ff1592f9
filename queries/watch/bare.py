"""Words that are no subject of a watch by themselves: methods, bare qualifiers, MeSH's check tags.

Folded as keywords are compared (queries/text/fold.py, matched); a concept made of these alone is no topic.
"""

import re

from queries.text.fold import matched

_CHECK_TAGS = """
human animal male female adult aged child infant newborn preschool adolescent young middle mouse mice rat
pregnancy pediatric geriatric neonate patient outpatient inpatient people population cohort country world
global united state
"""
_METHODS = """
method methodology technique analysis meta review systematic literature guideline guidance consensus
study trial controlled randomized clinical evidence survey questionnaire model modelling modeling
simulation statistic statistical assay sequencing resequencing wgs wgrs proteomic genomic metabolomic
transcriptomic interactomic omic gwas microscopy spectrometry mass chromatography microneurography
bioinformatic software database machine learning artificial intelligence experiment experimental vitro
vivo topic research translational network
"""
_QUALIFIERS = """
treatment therapy therapeutic treating diagnosis diagnostic differential management prognosis
epidemiology prevention preventive control cost economic efficacy safety outcome risk factor assessment
prediction complication etiology pathogenesis pathophysiology pathobiology physiopathology physiology
pathology pharmacology incidence prevalence mortality survival quality life burden disease disorder
syndrome condition symptom lesion health public care system national program programme history future
past present direction perspective current status recent progress advance update concept challenge
opportunity overview introduction role impact effect use application approach option strategy development
drug pipeline combination combinational case report acute chronic severe mild primary secondary common
rare new novel important level time cause mechanism molecular biological biology chemistry cell function
structure expression activity property type group class general imaging image iatrogenic education
training knowledge practice policy science technology what how why need where must sector phenotype most
more long short term duration following after before during among well based using related associated
induced mediated specific potential possible target targeting emerging state art era modern review
evaluation determinant prospect limitation implication consideration issue problem question answer
insight discovery engineering nationally representative sample consumption radiological understanding
like sex age difference gender proposal framework step guide low high versus inhibitor agent yield
approache total partial as of and the for in to rate distribution illness needed unwanted available
proteome metagenomic meta
"""
_PLACES = """
africa african asia asian europe european america american china chinese india indian japan japanese
kingdom uk usa germany france italy spain brazil iran korea taiwan australia canada mexico turkey egypt
nigeria kenya pakistan bangladesh thailand vietnam russia south north east west western eastern southern
northern
"""
_BARE = frozenset(
    matched(word) for text in (_CHECK_TAGS, _METHODS, _QUALIFIERS, _PLACES) for word in text.split()
)
# compounds whose words are each a subject, and together a method
_PHRASES = frozenset({"risk assessment", "cost benefit analysis", "cohort studies", "time factors"})

_ORGANS = """
lung heart liver kidney brain bone skin blood stomach eye ear muscle nerve spine pancreas breast colon
"""
ORGANS = frozenset(map(matched, _ORGANS.split()))  # where something is, and seldom what it is about
DISEASE = re.compile(
    r"leuk[ae]+mi|lymphom|cancer|carcinom|sarcom|tumou?rs?\b|neoplas|diseas|syndrom|disorder|infecti|diabet"
    r"|fibrosis|(?:om|[ae]mi|pathi|algi|noi|mni|geni|plasi|troph?i"
    r"|peni|moni|axi|oxi|psi|nesi|toni|menti|reni|rexi|phreni)a\b|asthma\b"
    r"|h(?:yper|ypo)(?:thyroid|tens"
    r"|lipid|glyc)\w*|itis\b|(?<!opt)(?<!mit)(?<!mei)(?<!cyt)(?<!agn)(?<!ogn)(?<!tom)"
    r"(?<!osm)osis\b"
    r"|iasis\b|pathy\b|pathies\b|embol|stroke\b|infarct"
    r"|failure|hernia|storm\b|crisis\b|\bpain\b|injur|fractur"
    r"|keratoconus"
    r"|abscess|apno?ea|autis|depressi|anxiety|psychos|fibrillation|arrhythm|arrest\b"
    r"|poison|malformation|defect|pals[yi]|paralys|epileps"
    r"|seizure|eczema|ulcer|migraine|headache|deficienc|intoleran"
    r"|malaria|allerg|covid|\bhiv\b|sepsis|fever|shock\b"
    r"|obes|sleeping sickness|insomnia|blindness|deaf|violence|addict|abuse",
    re.IGNORECASE,
)
TREATMENT = re.compile(
    r"therap|treatment|inhibitor|agonist|antagonist|antibod"
    r"|agents?\b|drug|surg|ectomy\b|plasty\b|otomy\b|lysis\b"
    r"|acupunctur|transplant|vaccin|contraceptive|(?:mab|nib"
    r"|statin|vir|zole|formin)s?\b|anticoag|transfusion|ization\b",
    re.IGNORECASE,
)


def is_bare(text: str) -> bool:
    """Whether `text` says nothing but how, of whom, or which aspect.

    >>> is_bare("Treatment Outcome"), is_bare("stem cell therapy")
    (True, False)
    """
    words = [matched(word) for word in re.findall(r"[^\W_]+", text)]
    return text.casefold() in _PHRASES or all(
        word in _BARE or word.isdigit() or len(word) == 1 for word in words
    )
