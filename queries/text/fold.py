"""The one way to fold text: which writings count as one, at strengths that have names.

    strength  case, accents  Greek letters  plural          British spelling   used for
    indexed   case only      -              -               -                  what a search index holds
    plain     yes            by name        -               -                  names, journals, abstracts
    counted   (done by cut)  -              regular         where it is sure   words that similarity counts
    spelled   yes            by name        -               anywhere           beginnings of words
    matched   yes            by name        -s              anywhere           words that a synonym hits
    compact   yes            by name        -               anywhere and more  titles of one work

`counted` joins hardly any two English words; `compact` does so freely, since a title has many others
to tell it by.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_LETTERS = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma sigma tau "
    "upsilon phi chi psi omega"
)
GREEK = {chr(code): name for code, name in enumerate(_LETTERS.split(), 0x03B1)}  # with the final sigma
# British, American.
_ANYWHERE = (("ae", "e"), ("oe", "e"), ("our", "or"), ("ll", "l"))
_IN_WORDS = (*_ANYWHERE, ("isation", "ization"))
_IN_TITLES = (*_ANYWHERE, ("is", "iz"), ("ys", "yz"), ("gramme", "gram"), ("tre", "ter"), ("ph", "f"))
_SURE = re.compile(r"(?:ae|oe)(?!r)|(?<=[^aeiou]o)u(?=r)|(?<=l)l(?=ing|ed)|s(?=ation|ations$)")
_SURE_AMERICAN = {"ae": "e", "oe": "e", "u": "", "l": "", "s": "z"}


def indexed(text: str) -> str:
    """Words in small letters with one space between, as a search index has them; * stays.

    >>> indexed("BCR-ABL1 Leukaemi*")
    'bcr abl1 leukaemi*'
    """
    return " ".join(re.findall(r"[\w*]+", text.casefold()))


def cut(text: str) -> list[str]:
    """Words of letters and digits in small letters without accents, to be `counted`.

    >>> cut("Sjögren's β-catenin")
    ['sjogren', 's', 'β', 'catenin']
    """
    if text.isascii():
        return text.lower().translate(_ASCII).split()
    return unicodedata.normalize("NFKD", text).lower().translate(_breaks).split()


def plain(text: str) -> str:
    """`text` without case, accents and ligatures, its Greek letters by name; punctuation stays.

    >>> plain("Naïve TGF-β, ﬁbrosis")
    'naive tgf-beta, fibrosis'
    """
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(GREEK.get(letter, letter) for letter in folded if not unicodedata.combining(letter))


def counted(word: str) -> str:
    """A word of `cut` with the other spellings and the plurals that are surely the same word.

    abl1 is what HGNC now calls abl. A library keeps numbers made of these forms: change nothing here
    without a new tokens.VOCABULARY.

    >>> [counted(word) for word in ("leukaemias", "signalling", "therapies", "aerobic")]
    ['leukemia', 'signaling', 'therapy', 'aerobic']
    """
    word = _SURE.sub(lambda match: _SURE_AMERICAN[match[0]], word)
    if word == "abl1":
        return "abl"
    if word.endswith("yses"):
        return word[:-2] + "is"
    if len(word) > 4 and word.endswith("ies"):  # noqa: PLR2004 - lies, dies, ties keep their form
        return word[:-3] + "y"
    single = _singular(word)
    return word[:-2] if single != word and word.endswith(("ches", "shes", "xes", "sses")) else single


@lru_cache(maxsize=200_000)
def spelled(word: str) -> str:
    """A word as printed, in any spelling.

    >>> spelled("Haematopoietic")
    'hematopoietic'
    """
    return _respelled(plain(word), _IN_WORDS)


@lru_cache(maxsize=200_000)
def matched(word: str) -> str:
    """A word as printed, in any spelling and number.

    >>> [matched(word) for word in ("Leukaemias", "LSCs", "TKIs", "β")]
    ['leukemia', 'lsc', 'tkis', 'beta']
    """
    return _respelled(_singular(plain(word)), _IN_WORDS)


def begins(word: str, beginning: str) -> bool:
    """Whether a word as printed begins so; either may be spelled otherwise, and cut anywhere.

    >>> [begins("Leukaemia", beginning) for beginning in ("leukem", "leuka", "fibros")]
    [True, True, False]
    """
    return plain(word).startswith(plain(beginning)) or spelled(word).startswith(spelled(beginning))


def compact(words: Iterable[str]) -> str:
    """The `plain` words of a title, joined; other words than the spellings meant become one, too.

    >>> compact(("tumours", "of", "phase", "two"))
    'tumorsoffasetwo'
    """
    return _respelled("".join(words), _IN_TITLES)


def _singular(word: str) -> str:
    """The word without a plural's s; gas, virus and basis keep theirs."""
    long_enough = len(word) > 3  # noqa: PLR2004 - yes, was
    return word[:-1] if long_enough and word[-1] == "s" and word[-2] not in "sui" else word


def _respelled(text: str, pairs: Iterable[tuple[str, str]]) -> str:
    for british, american in pairs:
        text = text.replace(british, american)
    return text


class _Breaks(dict[int, int | str]):
    """A translation table: what is no letter or digit becomes a space, an accent nothing."""

    def __missing__(self, code: int) -> int | str:
        kept = self[code] = code if chr(code).isalnum() else "" if unicodedata.combining(chr(code)) else " "
        return kept


_breaks = _Breaks()
_ASCII = {code: code if chr(code).isalnum() else 32 for code in range(128)}
