"""Text as the index holds it: letters and digits are words, all else parts them, accents don't count.

BCR-ABL, bcr/abl and BCR::ABL are one phrase. The star stays, for queries.
"""

import re
import unicodedata
from functools import lru_cache

# as _WORD finds them, for ASCII, and several times as fast
_ASCII = {code: chr(code).lower() if chr(code).isalnum() or code == ord("*") else " " for code in range(128)}
_WORD = re.compile(r"(?:[^\W_]|\*)+")
_MARKS = re.compile(r"[\u0300-\u036f]+")
_PUNCTUATION = re.compile(r"[.,;:()\[\]\s-]+")


def words(text: str) -> list[str]:
    """The words of a text, in order.

    >>> words("BCR::ABL1 in Müller's leuk*")
    ['bcr', 'abl1', 'in', 'muller', 's', 'leuk*']
    """
    if text.isascii():
        return text.translate(_ASCII).split()
    return _WORD.findall(_folded(text))


@lru_cache(1 << 14)
def plain(text: str) -> str:
    """A whole value (a heading, a name) without case, accents and punctuation that PubMed passes over.

    A hyphen is a space, as in recorded translations, and "&" is "and", as PubMed writes its subheadings.

    >>> plain("Leukemia, Myeloid  (Chronic-Phase)"), plain("prevention & control")
    ('leukemia myeloid chronic phase', 'prevention and control')
    """
    return _PUNCTUATION.sub(" ", _folded(text).replace("&", "and")).strip()


def _folded(text: str) -> str:
    text = text.lower()
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFD", text)))
