"""DOIs and PMCIDs as they are written in the wild, brought to the one form that the library compares."""

import re
from html import unescape
from urllib.parse import unquote

# DOI Handbook 2.2: "10.", a registrant of digits and dots, a slash, anything printable.
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[^\s\"]+")
_CLEAN = re.compile(
    r"10\.\d{4,9}/[a-z\d._/-]*[a-z\d]", re.IGNORECASE | re.ASCII
)  # nearly all: nothing to mend
_BEFORE = re.compile(
    r"(?:(?:https?:)?(?://)?(?:(?:www|dx)\.)?doi\.org/|(?:urn|info):(?=doi)|doi\s*[:=/]?\s*)+", re.IGNORECASE
)
_PMCID = re.compile(r"\s*(?:PMC(?:ID)?\s*:?\s*)*(\d+)(?:\.\d+)?\s*", re.IGNORECASE)
_CLOSERS = {")": "(", "]": "[", "}": "{", ">": "<"}


def clean_doi(text: str) -> str:
    """The DOI that `text` is, in lower case without resolver, prefix or trailing punctuation.

    "" if `text` is not a DOI. A link's percent escapes and HTML's are undone; a closing bracket at the end
    stays only if the DOI opened it, as in 10.1016/s0140-6736(05)67889-x.
    """
    plain = text.strip()
    if _CLEAN.fullmatch(plain):
        return plain.lower()
    if not plain.startswith("10."):
        bare = _BEFORE.sub("", plain, count=1)
        plain = unquote(bare) if "%" in bare else bare
    while "&" in plain and plain != (once := unescape(plain)):
        plain = once
    found = _DOI.match(plain.strip())
    return _untrailed(found.group().lower()) if found else ""


def clean_pmcid(text: str) -> str:
    """The PMCID that `text` is, as "PMC" and digits; "" if it is none. A version is dropped."""
    found = _PMCID.fullmatch(text)
    return f"PMC{found.group(1)}" if found else ""


def _untrailed(doi: str) -> str:
    """`doi` without the punctuation of the sentence that it stood in."""
    while doi:
        last = doi[-1]
        opener = _CLOSERS.get(last)
        if last in ".,;:'" or (opener and doi.count(opener) < doi.count(last)):
            doi = doi[:-1]
        else:
            return "" if last == "/" else doi
    return ""
