"""Text of an element: plain for searching, and as safe HTML for showing.

PubMed's titles and abstracts are mixed content: b, i, sup, sub, u, mml:math and, in old records,
whatever a publisher left behind. Plain text is all of it flattened; HTML keeps five tags.
"""

import re
from collections.abc import Iterator
from html import escape

from lxml.etree import _Element as Element
from lxml.etree import strip_elements

from queries.records.article import Passage

_SHOWN = frozenset(("b", "i", "sub", "sup", "u"))
_MATH = "{http://www.w3.org/1998/Math/MathML}"
_DEEPEST = 16  # no print nests deeper; a hostile record may, and recursion has an end

# Invisible characters that could reorder or hide what a reader sees (Unicode TR36: controls, soft
# hyphen, bidi marks, embeddings and isolates, zero-width spaces, tags, halves of surrogate pairs).
# Whitespace is not among them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def tidy(raw: str) -> str:
    """`raw` on one line, with single spaces and without characters that nobody sees."""
    if raw.isprintable() and "  " not in raw:  # nearly always; a line's end is not printable
        return raw.strip()
    line = " ".join(raw.split())
    return line if line.isprintable() else " ".join(_UNSEEN.sub("", line).split())


def plain(element: Element | None) -> str:
    """All text in `element`, markup flattened; "" for an absent element."""
    if element is None:
        return ""
    raw = element.text if not len(element) else _flat(element)
    return tidy(raw) if raw else ""


def leaf(element: Element) -> str:
    """The text of an element that NLM's DTD gives no markup: `plain`, for lists of thousands."""
    raw = element.text
    if raw is None:
        return ""
    return raw if raw.isalnum() else tidy(raw)


def shown(element: Element | None, text: str) -> str:
    """`element` as escaped HTML with no tags but b, i, sub, sup, u; `text` is its plain form."""
    if element is None or not len(element):
        return escape(text, quote=False)
    return tidy("".join(_shown(element, _DEEPEST)))


def passage(element: Element) -> Passage:
    """AbstractText: its @Label, @NlmCategory, text and HTML."""
    text = plain(element)
    label = element.get("Label")
    return Passage(tidy(label) if label else "", element.get("NlmCategory", ""), text, shown(element, text))


def passages(abstract: Element | None) -> tuple[Passage, ...]:
    """Abstract/AbstractText, those with text."""
    if abstract is None:
        return ()
    found = [passage(element) for element in abstract if element.tag == "AbstractText"]
    return tuple([each for each in found if each.text])


def _flat(element: Element) -> str:
    """All text but mml:annotation's, in which a formula stands again, in TeX or another MathML."""
    strip_elements(element, _MATH + "annotation", _MATH + "annotation-xml", with_tail=False)
    return "".join(map(str, element.itertext()))


def _shown(element: Element, depth: int) -> Iterator[str]:
    yield escape(element.text or "", quote=False)
    for child in element:
        tag = child.tag
        if depth == 0 or (isinstance(tag, str) and tag.startswith(_MATH)):
            yield escape(_flat(child), quote=False)
        elif tag in _SHOWN:
            yield f"<{tag}>"
            yield from _shown(child, depth - 1)
            yield f"</{tag}>"
        else:
            yield from _shown(child, depth - 1)
        yield escape(child.tail or "", quote=False)
