"""Articles as counted terms: what similarity is computed from, stored once per article.

A term is a 35-bit number: its kind (3 bits) and a CRC-32 of what it says, so that the same word has
the same number in every process and every library, without a vocabulary to keep. The title counts
twice and MeSH headings are terms of their own, as in PubMed's related articles (Lin & Wilbur 2007,
https://doi.org/10.1186/1471-2105-8-423); so are the entries of the reference list.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import chain
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from queries.records.article import Article, Reference
from queries.text.fold import counted, cut

Ids = NDArray[np.int64]
BITS = 32
_TERM = BITS + 3
VOCABULARY = "1"  # raise it when the same article would be counted otherwise


class TermKind(IntEnum):
    """What a term is; the upper bits of its number."""

    WORD = 0
    NUMBER = 1  # and single letters: they tell a trial from a case report, hardly its topic
    MESH = 2  # a heading, counted twice if it is a major topic
    QUALIFIED = 3  # a heading with a subheading
    CITES = 4  # an entry of the reference list; an article cites itself twice, to meet those that cite it


STOP = frozenset(
    """
    a about above across after again against aim aims all almost along also although always among an
    and another any are as at background be because been before being below between both but by can
    conclusion conclusions could did do does doing done due during each either else especially etc
    even ever every few finally first following for found from further had has have having he hence
    her here him his how however i if in include included includes including indeed into is it its
    itself just kg km last latter least less made mainly make many may me method methods mg might ml
    mm more most mostly much must my nearly neither no nor not now objective objectives obtained of
    off often on one only or other others our out over overall own per perhaps purpose quite rather
    really regarding respectively result results second seem seen several she should show showed
    shown shows significantly since so some studies study such suggest than that the their theirs
    them then there thereby therefore these they third this those though three through throughout
    thus to together too toward towards two unassigned under until up upon use used using various
    very via was we were what when where whereas whether which while who whom whose why will with
    within without would you your
    """.split()  # noqa: SIM905 - a hundred and seventy quoted words would be no easier to read
)


class _Words(dict[str, int]):
    """Word → number, computed once a word; -1 for a stop word."""

    def __missing__(self, word: str) -> int:
        if word in STOP:
            number = -1
        else:
            kind = TermKind.NUMBER if word.isdigit() or len(word) == 1 else TermKind.WORD
            number = kind << BITS | crc32(counted(word).encode())
        self[word] = number
        return number


_numbers = _Words()


def word_ids(words: Iterable[str]) -> Ids:
    """The terms of a run of words, one each; -1 for stop words."""
    return np.fromiter(map(_numbers.__getitem__, words), dtype=np.int64)


def term(kind: TermKind, text: str) -> int:
    """The number of a heading, a keyword, an id."""
    return int(kind) << BITS | crc32(text.casefold().encode())


def cited(reference: Reference) -> str:
    """The one name of a reference: PMID, else DOI, else the citation's letters and digits."""
    if reference.pmid:
        return f"pmid {reference.pmid}"
    return f"doi {reference.doi}" if reference.doi else " ".join(cut(reference.citation))


def text_of(article: Article) -> str:
    """What is read of an article: title twice, abstract, keywords."""
    passages = " ".join(passage.text for passage in article.abstract)
    keywords = " ".join(keyword.text for keyword in article.keywords)
    return f"{article.title} {article.title} {passages} {keywords}"


def _facts(article: Article) -> Iterator[int]:
    """Terms that are not words; one that counts twice comes twice."""
    for heading in article.mesh:
        times = 2 if heading.major else 1
        yield from [term(TermKind.MESH, heading.name)] * times
        for qualifier in heading.qualifiers:
            yield from [term(TermKind.QUALIFIED, f"{heading.name}/{qualifier.name}")] * times
    for name in sorted({cited(reference) for reference in article.references}):
        yield term(TermKind.CITES, name)
    own = f"pmid {article.pmid}" if article.pmid > 0 else f"doi {article.doi}" if article.doi else ""
    if own:
        yield from [term(TermKind.CITES, own)] * 2


@dataclass(frozen=True, slots=True, eq=False)
class Vectors:
    """Counted terms of articles: row i holds `ids[starts[i]:starts[i+1]]`, ascending, and `counts`.

    A library keeps a row as two lists, of BIGINT and of USMALLINT, beside its PMID.
    """

    pmids: Ids
    starts: Ids
    ids: Ids
    counts: NDArray[np.uint16]

    def __len__(self) -> int:
        """How many articles."""
        return len(self.pmids)

    @classmethod
    def of_rows(cls, pmids: Sequence[int], rows: Sequence[tuple[Sequence[int], Sequence[int]]]) -> "Vectors":
        """Restore from stored (ids, counts) lists."""
        starts = np.cumsum([0, *(len(ids) for ids, _ in rows)], dtype=np.int64)
        ids = np.fromiter(chain.from_iterable(ids for ids, _ in rows), dtype=np.int64)
        counts = np.fromiter(chain.from_iterable(counts for _, counts in rows), dtype=np.uint16)
        return cls(np.array(pmids, dtype=np.int64), starts, ids, counts)

    @classmethod
    def joined(cls, parts: Sequence["Vectors"]) -> "Vectors":
        """One after the other."""
        lengths = np.concatenate([np.diff(part.starts) for part in parts])
        return cls(
            np.concatenate([part.pmids for part in parts]),
            np.concatenate(([0], np.cumsum(lengths))),
            np.concatenate([part.ids for part in parts]),
            np.concatenate([part.counts for part in parts]),
        )

    def taken(self, rows: NDArray[np.intp]) -> "Vectors":
        """Some rows, in this order."""
        lengths = np.diff(self.starts)[rows]
        starts = np.concatenate(([0], np.cumsum(lengths)))
        places = np.arange(starts[-1]) + np.repeat(self.starts[:-1][rows] - starts[:-1], lengths)
        return Vectors(self.pmids[rows], starts, self.ids[places], self.counts[places])

    def row(self, index: int) -> tuple[list[int], list[int]]:
        """One article's terms and their counts, to store."""
        place = slice(self.starts[index], self.starts[index + 1])
        return self.ids[place].tolist(), self.counts[place].tolist()


def vectorise(articles: Sequence[Article]) -> Vectors:
    """Count the terms of articles, in their order."""
    words = [cut(text_of(article)) for article in articles]
    facts = [list(_facts(article)) for article in articles]
    numbers = word_ids(chain.from_iterable(words))
    every = np.concatenate((numbers, np.fromiter(chain.from_iterable(facts), dtype=np.int64)))
    rows = np.arange(len(articles))
    owner = np.concatenate((np.repeat(rows, list(map(len, words))), np.repeat(rows, list(map(len, facts)))))
    keys, counts = np.unique(owner[every >= 0] << _TERM | every[every >= 0], return_counts=True)
    return Vectors(
        np.fromiter((article.pmid for article in articles), dtype=np.int64),
        np.searchsorted(keys >> _TERM, np.arange(len(articles) + 1)).astype(np.int64),
        keys & ((1 << _TERM) - 1),
        np.minimum(counts, np.iinfo(np.uint16).max).astype(np.uint16),
    )
