"""Which of the seed's keywords a record hits, and the very words that hit them.

Text and synonyms are cut into words, and the words compared in a folded form: case, plurals,
British spelling and Greek letters do not matter, nor what joins the words (BCR-ABL1, BCR::ABL1,
BCR ABL1). A synonym's word ending in * stands for all that begin so. A synonym of capitals alone
is an acronym: compared as written (CML, TKIs, pERK; never "cml"), and believed only where the
record spells it out, or holds some `context` of its anchor and no trap that it could be short for.
"""

import re
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import NamedTuple, Protocol

from queries.records.article import Article
from queries.text.fold import begins, cut, matched


class AnchorWords(Protocol):
    """What of a watch's anchor is looked for (queries.watch.file.Anchor); hashable."""

    @property
    def keyword(self) -> str: ...  # noqa: D102
    @property
    def synonyms(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def traps(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def context(self) -> tuple[str, ...]: ...  # noqa: D102


class KeywordHit(NamedTuple):
    """A seed keyword, the words of the record that hit it (as printed), and where they stand.

    `where` holds some of title, abstract, keyword, mesh (headings and substances), in this order.
    """

    keyword: str
    words: tuple[str, ...]
    where: tuple[str, ...]


class MarkedText(NamedTuple):
    """A stretch of text, and the seed keyword that it hits ("" for none)."""

    text: str
    keyword: str


class _Pattern(NamedTuple):
    keyword: str
    role: str  # synonym | acronym | trap | context
    source: str
    words: tuple[str, ...]  # folded; as written and with * where truncated
    gaps: tuple[str, ...]  # what joins them in the synonym
    stemmed: bool
    tail: str  # what follows the last, as in CD34+ and t(9;22)


class _Match(NamedTuple):
    start: int
    end: int
    pattern: _Pattern


@dataclass(frozen=True, slots=True)
class _Index:
    order: tuple[str, ...]
    whole: dict[str, tuple[_Pattern, ...]]  # by first word
    stems: dict[str, tuple[_Pattern, ...]]  # by the first letters of a truncated first word, folded
    guarded: frozenset[str]  # keywords whose acronyms need context


_WORD = re.compile(r"([^\W_]+)")
_HEAD = 2  # letters that no cut within a diphthong changes, if the stem has more
_WIDEST_GAP = 4
_APART = "\n" * (_WIDEST_GAP + 1)
_BREAKS = frozenset(".,;!?()")
_ACRONYM = re.compile(r"[a-z]?[A-Z]{2,5}")


def _pattern(keyword: str, role: str, source: str) -> _Pattern | None:
    """How `source` is looked for; None if it holds no word."""
    found = list(_WORD.finditer(source))
    if not found:
        return None
    words = tuple(
        f"{match[0]}*" if source[match.end() :].startswith("*") else matched(match[0]) for match in found
    )
    gaps = tuple(source[one.end() : two.start()] for one, two in pairwise(found))
    if role == "synonym" and _ACRONYM.fullmatch(source):
        role = "acronym"
    stemmed = any(word.endswith("*") for word in words)
    return _Pattern(keyword, role, source, words, gaps, stemmed, source[found[-1].end() :].removeprefix("*"))


@lru_cache(maxsize=1024)
def _index(anchors: tuple[AnchorWords, ...], keywords: tuple[str, ...]) -> _Index:
    known = {anchor.keyword: anchor for anchor in anchors}
    order = tuple(dict.fromkeys((*keywords, *known)))
    whole: dict[str, list[_Pattern]] = defaultdict(list)
    stems: dict[str, list[_Pattern]] = defaultdict(list)
    for keyword in order:
        anchor = known.get(keyword)
        roles = (
            ("synonym", dict.fromkeys((keyword, *(anchor.synonyms if anchor else ())))),
            ("trap", anchor.traps if anchor else ()),
            ("context", anchor.context if anchor else ()),
        )
        for role, sources in roles:
            for source in sources:
                if pattern := _pattern(keyword, role, source):
                    first = pattern.words[0]
                    if first.endswith("*"):
                        stems[matched(first[:-1])[:_HEAD]].append(pattern)
                    else:
                        whole[first].append(pattern)
    return _Index(
        order,
        {word: tuple(patterns) for word, patterns in whole.items()},
        {stem: tuple(patterns) for stem, patterns in stems.items()},
        frozenset(anchor.keyword for anchor in anchors if anchor.context),
    )


def _joined(gaps: Sequence[str], written: Sequence[str]) -> bool:
    """Whether `gaps` may stand between words that the synonym joins by `written`."""
    return all(
        gap == own or (len(gap) <= _WIDEST_GAP and _BREAKS.isdisjoint(gap))
        for gap, own in zip(gaps, written, strict=True)
    )


def _same(words: Sequence[str], printed: Sequence[str], pattern: _Pattern) -> bool:
    """Whether these words, folded and as printed, are the pattern's."""
    if not pattern.stemmed:
        return tuple(words) == pattern.words
    return len(words) == len(pattern.words) and all(
        begins(text, wanted[:-1]) if wanted.endswith("*") else word == wanted
        for word, text, wanted in zip(words, printed, pattern.words, strict=True)
    )


def _scan(text: str, index: _Index) -> Iterator[_Match]:
    """Every place where a pattern stands, whatever its role, from left to right."""
    pieces = _WORD.split(text)  # gap, word, gap, …, word, gap
    printed = pieces[1::2]
    words = list(map(matched, printed))
    starts = [at for at, word in enumerate(words) if word in index.whole or word[:_HEAD] in index.stems]
    if not starts:
        return
    ends = list(accumulate(map(len, pieces)))
    for at in starts:
        for pattern in (*index.whole.get(words[at], ()), *index.stems.get(words[at][:_HEAD], ())):
            after = at + len(pattern.words)
            if (
                not _same(words[at:after], printed[at:after], pattern)
                or not _joined(pieces[2 * at + 2 : 2 * after : 2], pattern.gaps)
                or (pattern.role == "acronym" and pieces[2 * at + 1].removesuffix("s") != pattern.source)
            ):
                continue
            start, end = ends[2 * at], ends[2 * after - 1]
            yield _Match(start, end + len(pattern.tail) * text.startswith(pattern.tail, end), pattern)


def _unmasked(matches: Sequence[_Match]) -> Iterator[_Match]:
    """Leave out the synonyms that stand in a trap of their own keyword."""
    traps = [match for match in matches if match.pattern.role == "trap"]
    for match in matches:
        if match.pattern.role in {"synonym", "acronym"} and not any(
            trap.pattern.keyword == match.pattern.keyword
            and trap.start < match.end
            and match.start < trap.end
            for trap in traps
        ):
            yield match


def _longest(matches: Iterable[_Match]) -> list[_Match]:
    """The matches that remain when a longer one wins over those it overlaps, from left to right."""
    kept: list[_Match] = []
    for match in sorted(matches, key=lambda match: (match.start - match.end, match.start)):
        if all(match.end <= other.start or other.end <= match.start for other in kept):
            kept.append(match)
    return sorted(kept)


def _texts(article: Article) -> Iterator[tuple[str, str]]:
    """What is read of a record, and where it stands."""
    yield "title", article.title
    for passages in (article.abstract, *(other.passages for other in article.other_abstracts)):
        for passage in passages:
            yield "abstract", passage.text
    for keyword in article.keywords:
        yield "keyword", keyword.text
    for heading in article.mesh:
        yield "mesh", heading.name
    for term in article.supplementary:
        yield "mesh", term.name
    for chemical in article.chemicals:
        yield "mesh", chemical.name


def abbreviates(acronym: str, phrase: str) -> bool:
    """Whether `acronym` could be short for `phrase`: the same first letter, the others in order."""
    letters = iter(phrase.casefold())
    return next(letters) == acronym[0].casefold() and all(
        letter in letters for letter in acronym[1:].casefold()
    )


class _Found(NamedTuple):
    place: str
    words: str
    pattern: _Pattern


def _believed(acronym: str, keyword: str, found: Sequence[_Found], index: _Index) -> bool:
    """Whether an acronym means `keyword`, judged by what else the record says."""
    mine = [one.pattern for one in found if one.pattern.keyword == keyword]
    if any(pattern.role == "synonym" for pattern in mine):
        return True
    if any(pattern.role == "trap" and abbreviates(acronym, pattern.source) for pattern in mine):
        return False
    return keyword not in index.guarded or any(pattern.role == "context" for pattern in mine)


def _found(article: Article, index: _Index) -> Iterator[_Found]:
    """Every match in the record; of overlapping synonyms of a keyword only the longest.

    The record is read as one text, its pieces too far apart for a synonym to reach across.
    """
    places, texts = zip(*_texts(article), strict=True)
    text = _APART.join(texts)
    matches = list(_scan(text, index))
    if not matches:
        return
    ends = list(accumulate(len(piece) + len(_APART) for piece in texts))
    by_keyword: dict[str, list[_Match]] = defaultdict(list)
    for match in _unmasked(matches):
        by_keyword[match.pattern.keyword].append(match)
    others = [match for match in matches if match.pattern.role in {"trap", "context"}]
    for match in (*others, *(kept for group in by_keyword.values() for kept in _longest(group))):
        yield _Found(places[bisect(ends, match.start)], text[match.start : match.end], match.pattern)


def hits(
    article: Article, anchors: tuple[AnchorWords, ...], keywords: tuple[str, ...] = ()
) -> tuple[KeywordHit, ...]:
    """The seed keywords that the record hits, in the seed's order; `keywords` may lack anchors."""
    index = _index(anchors, keywords)
    found = list(_found(article, index))
    hit: dict[str, list[_Found]] = defaultdict(list)
    for one in found:
        keyword, role, source = one.pattern[:3]
        if role == "synonym" or (role == "acronym" and _believed(source, keyword, found, index)):
            hit[keyword].append(one)
    for keyword in {
        one.pattern.keyword for one in found if (one.pattern.role, one.place) == ("trap", "title")
    }:
        hit[keyword] = [one for one in hit[keyword] if _names(one, keyword)]
    return tuple(
        KeywordHit(
            keyword,
            tuple(dict.fromkeys(one.words for one in hit[keyword])),
            tuple(dict.fromkeys(one.place for one in hit[keyword])),
        )
        for keyword in index.order
        if hit.get(keyword)
    )


def _names(one: _Found, keyword: str) -> bool:
    """Whether a match says the keyword itself: by one of its words, or short for it.

    Where the title is on something else that shares a synonym, as Ph+ ALL does with CML, nothing less counts.
    """
    words = {matched(word) for word in cut(keyword)}
    return any(
        word in words or (len(word) > 2 and abbreviates(word, keyword))  # noqa: PLR2004 - as CML, in CP-CML
        for word in one.pattern.words
    )


def highlight(
    text: str, anchors: tuple[AnchorWords, ...], hit: Sequence[KeywordHit] | None = None
) -> tuple[MarkedText, ...]:
    """Cut `text` into spans that join to it again, each with the keyword that it hits or "".

    With the record's `hit`, only keywords among them are marked, so that an acronym of another
    meaning stays plain.
    """
    wanted = None if hit is None else {one.keyword for one in hit}
    matches = [
        match
        for match in _unmasked(list(_scan(text, _index(anchors, ()))))
        if wanted is None or match.pattern.keyword in wanted
    ]
    spans: list[MarkedText] = []
    at = 0
    for match in _longest(matches):
        spans.append(MarkedText(text[at : match.start], ""))
        spans.append(MarkedText(text[match.start : match.end], match.pattern.keyword))
        at = match.end
    spans.append(MarkedText(text[at:], ""))
    return tuple(span for span in spans if span.text)
