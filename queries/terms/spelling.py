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
