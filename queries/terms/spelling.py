"""The spellings that PubMed keeps apart: American and British, Greek letters, BCR-ABL and BCR::ABL1."""

import re

from queries.text.fold import GREEK

# American British; a leading ~ may stand within a word, the others only begin one ("chemotherapy").
_PAIRS = """
    ~leukemi leukaemi   anemi anaemi   ~glycemi glycaemi   ~ischemi ischaemi   ~lipidemi lipidaemi
    ~uremi uraemi   septicemi septicaemi   bacteremi bacteraemi   viremi viraemi   thalassemi thalassaemi
    polycythemi polycythaemi   ~hypoxemi hypoxaemi   ~uricemi uricaemi
    hemat haemat   hemo haemo   hemangio haemangio   anesthe anaesthe   etiolog aetiolog
    pediatric paediatric   orthopedic orthopaedic   gynecolog gynaecolog   celiac coeliac
    ~edema oedema   estrogen oestrogen   estradiol oestradiol   esophag oesophag   fetal foetal   fetus foetus
    diarrhea diarrhoea   dyspnea dyspnoea   apnea apnoea   tumor tumour   behavior behaviour
    ~signaling signalling   labeling labelling   ~modeling modelling   counseling counselling
    sulfate sulphate   sulfur sulphur   ~ization isation
"""
_WORDS = _PAIRS.split()
_AMERICAN = {
    american.removeprefix("~"): british for american, british in zip(*[iter(_WORDS)] * 2, strict=True)
}
_BRITISH = {british: american for american, british in _AMERICAN.items()}
_INNER = {word.removeprefix("~") for word in _WORDS if word.startswith("~")}
_INNER |= {_AMERICAN[word] for word in _INNER}
_GREEK = {letter: name for letter, name in GREEK.items() if name in {"alpha", "beta", "gamma", "kappa"}}
_LETTERS = {name: letter for letter, name in _GREEK.items()}
_SINGULARS = (
    (r"(?<=sta|gno|mbo|aly|the|cro|bro)ses$", "sis"),
    (r"(?<=[^aeiou])ies$", "y"),
    (r"(?<=[cs]h|ss|.x)es$", ""),
    (r"(?<=[^isu])s$", ""),
)
_ALWAYS = frozenset(
    {"ascites", "biceps", "caries", "diabetes", "faeces", "feces", "herpes", "measles", "mumps", "pancreas"}
    | {"rabies", "rickets", "scabies", "series", "species", "testes"}
)
_SHORTEST, _LONG = 4, 8  # letters of the last word of a phrase, and of a word, that is cut
_FUSION = re.compile(r"\bBCR[-\s/]*(?:::)?[-\s/]*ABL1?\b", re.IGNORECASE)


def _finder(words: dict[str, str]) -> re.Pattern[str]:
    return re.compile(
        "|".join(word if word in _INNER else rf"\b{word}" for word in sorted(words, key=len, reverse=True)),
        re.IGNORECASE,
    )


_TO_BRITISH, _TO_AMERICAN = _finder(_AMERICAN), _finder(_BRITISH)
_NAMED, _LETTERED = re.compile("|".join(_LETTERS)), re.compile("|".join(_GREEK))


def _respell(text: str, finder: re.Pattern[str], words: dict[str, str]) -> str:
    def other(match: re.Match[str]) -> str:
        word = words[match[0].lower()]
        return word.capitalize() if match[0][0].isupper() else word

    return finder.sub(other, text)


def variants(text: str) -> tuple[str, ...]:
    """`text` and how else it is spelled, itself first.

    >>> variants("Leukemic signaling")
    ('Leukemic signaling', 'Leukaemic signalling')
    >>> variants("BCR-ABL+")
    ('BCR-ABL+', 'BCR-ABL1+', 'BCR::ABL1+')
    """
    spelled = [text, _respell(text, _TO_BRITISH, _AMERICAN), _respell(text, _TO_AMERICAN, _BRITISH)]
    spelled += [_respell(one, _NAMED, _LETTERS) for one in spelled]
    spelled += [_respell(one, _LETTERED, _GREEK) for one in spelled]
    spelled += [_FUSION.sub(name, one) for one in spelled for name in ("BCR-ABL", "BCR-ABL1", "BCR::ABL1")]
    return tuple(dict.fromkeys(spelled))


def spellings(text: str) -> tuple[str, ...]:
    """Every spelling that can be reached from `text`, itself first."""
    found = [text]
    for spelling in found:
        found += [other for other in variants(spelling) if other not in found]
    return tuple(found)


def forms(text: str) -> tuple[str, ...]:
    """Every spelling and number of a word or phrase, as PubMed is asked: a safe ending is cut, others added.

    A long word and the last word of a phrase end in *; a short word gets its plural, as "gene*" would be
    "general", too. What holds * already, names with digits and capitals stay as they are; an acronym
    gets its s.

    >>> forms("stem cell"), forms("gene"), forms("thrombosis"), forms("CML"), forms("SDF-1")
    (('stem cell*',), ('gene', 'genes'), ('thrombosis', 'thromboses'), ('CML', 'CMLs'), ('SDF-1',))
    """
    last = re.split(r"[^\w]+", text)[-1]
    if "*" in text or not last.isalpha() or not last.isascii():
        return spellings(text)
    if found := re.fullmatch(r"([A-Z]{2,})s?", last):
        single = text[: len(text) - len(last)] + found[1]
        return tuple(dict.fromkeys((*spellings(single), *spellings(f"{single}s"))))
    if not re.fullmatch(r"[A-Za-z][a-z]{3,}", last) or last.lower() in _ALWAYS or last.endswith("ous"):
        return spellings(text)
    single = _singular(text)
    spelled = spellings(single)
    longest_cut = min(len(re.split(r"[^\w]+", each)[-1]) for each in spelled)
    if single.endswith(("is", "us")) or longest_cut < (_LONG if last == text else _SHORTEST):
        return tuple(dict.fromkeys((*spelled, *spellings(_plural(single)))))
    beginning = re.sub(r"(?<=[^aeiou])y$", "", single)
    return tuple(f"{each}*" for each in spellings(beginning))


def _singular(text: str) -> str:
    """`text` without a plural's ending, where it is sure to be one."""
    for ending, singular in _SINGULARS:
        if re.search(ending, text):
            return re.sub(ending, singular, text)
    return text


def _plural(text: str) -> str:
    """`text` in the plural, by the rules of English."""
    if text.endswith("is"):
        return f"{text[:-2]}es"
    if re.search(r"[^aeiou]y$", text):
        return f"{text[:-1]}ies"
    return f"{text}es" if re.search(r"(?:s|x|ch|sh)$", text) else f"{text}s"
