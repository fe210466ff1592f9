"""How two records agree, field by field: True, False, or None where one is silent or unclear."""

from typing import NamedTuple

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from queries.identity.normalised import Normalised, Pages

_LONG = 30  # letters of a title that says what the work is about: "bookreview" and the like do not
_MISPRINT = 90.0  # likeness of titles, 0 to 100, that one letter may cost
_LONG_WORD = 5  # letters in which one changed makes no other word, as it does in "hepatitis B"
_TELLING_ABSTRACT = 150
TELLING = 15  # letters that do not begin another title by chance
_CLOSE_NAME, _SHORT_NAME = 0.92, 4
_FEW_PAGES = 40  # a lone number up to this may be how many pages there are
_ARTICLE_NUMBER = 10_000  # a page above this is no page
_ACRONYM = range(3, 9)  # letters
_WHOLE_NAME = 4  # words of a name that another only continues
_SERVES = frozenset(
    ("proceedings", "annual", "international", "conference", "th", "nd", "rd", "st", "meeting")
)
_SUBTITLE = frozenset(("official", "journal", "publication", "organ", "revue", "zeitschrift"))


class Agreement(NamedTuple):
    """`title` and `abstract` are likenesses from 0 to 100; `years` is how far apart they are."""

    title: float
    exact: bool
    misprint: bool
    begins: bool
    long: bool
    authors: bool | None
    all_authors: bool
    years: int | None
    journal: bool | None
    volume: bool | None
    issue: bool | None
    first: bool | None
    last: bool | None
    abstract: float | None

    @property
    def placed(self) -> bool:
        """Whether volume and first page are the same."""
        return bool(self.volume and self.first)


def agree(a: Normalised, b: Normalised, title: float, abstract: float) -> Agreement:
    """Compare two records whose titles and abstracts are alike by as much (0 to 100)."""
    both_years = a.citation.year and b.citation.year
    return Agreement(
        title=title,
        exact=a.title == b.title and a.title != "",
        misprint=title >= _MISPRINT and _misprint(a.words, b.words),
        begins=begins(a.title, b.title),
        long=min(len(a.title), len(b.title)) >= _LONG and not (a.recurs or b.recurs),
        authors=_authors(a.authors, b.authors),
        all_authors=_all_authors(a.authors, b.authors),
        years=abs(a.citation.year - b.citation.year) if both_years else None,
        journal=_journal(a.journal, b.journal),
        volume=_volume(a, b),
        issue=bool(a.issues & b.issues) if a.issues and b.issues else None,
        first=_first(a.pages, b.pages),
        last=a.pages.last == b.pages.last if a.pages and b.pages and a.pages.last and b.pages.last else None,
        abstract=abstract if min(len(a.abstract), len(b.abstract)) >= _TELLING_ABSTRACT else None,
    )


def span(pages: Pages | None) -> int:
    """How many pages; 0 if only the first is known."""
    return pages.last - pages.first + 1 if pages and pages.last else 0


def begins(a: str, b: str) -> bool:
    """Whether one title is the other without its subtitle, or without what stands before it."""
    short, long = sorted((a, b), key=len)
    return len(short) >= TELLING and (long.startswith(short) or long.endswith(short))


def _misprint(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether one letter of one long word differs, and not its first: typical is not atypical."""
    if len(a) != len(b):
        return False
    odd = [pair for pair in zip(a, b, strict=True) if pair[0] != pair[1]]
    if len(odd) != 1:
        return False
    one, other = odd[0]
    same_start = one[0] == other[0] and min(len(one), len(other)) >= _LONG_WORD
    return same_start and DamerauLevenshtein.distance(one, other) == 1


def _volume(a: Normalised, b: Normalised) -> bool | None:
    if not (a.volume and b.volume):
        return None
    if a.volume == b.volume:
        return True
    return None if a.volume in b.issues or b.volume in a.issues else False


def _first(a: Pages | None, b: Pages | None) -> bool | None:
    if not (a and b) or (_no_place(a) and _no_place(b)) or a.first <= 1 or b.first <= 1:
        return None
    if a.first == b.first and (a.letter == b.letter or not (a.letter and b.letter)):
        return True
    if _no_place(a) or _no_place(b):
        return None
    if _article_number(a) != _article_number(b):
        return None  # a web page's number beside a printed page
    overlap = a.first <= b.last and b.first <= a.last
    return None if overlap and a.letter == b.letter else False


def _article_number(pages: Pages) -> bool:
    return pages.letter == "e" or pages.first >= _ARTICLE_NUMBER


def _no_place(pages: Pages) -> bool:
    """Whether the lone number may be how many pages there are."""
    return not pages.last and not pages.letter and pages.first <= _FEW_PAGES


Person = tuple[str, str]


def _authors(a: tuple[Person, ...], b: tuple[Person, ...]) -> bool | None:
    if not a or not b:
        return None
    few, many = sorted((a, b), key=len)
    shared = sum(any(_same_person(one, other) for other in many) for one in few)
    if not shared:
        return False
    enough = shared * 2 >= len(few)
    return True if enough and (_same_person(a[0], b[0]) or shared > 1) else None


def _all_authors(a: tuple[Person, ...], b: tuple[Person, ...]) -> bool:
    return len(a) == len(b) > 0 and all(map(_same_person, a, b))


def _same_person(a: Person, b: Person) -> bool:
    (name, initial), (other, letter) = a, b
    if _same_name(name, other):
        return not initial or not letter or initial == letter
    return bool(initial and letter) and name[0] == letter and other[0] == initial  # name and forename swapped


def _same_name(a: str, b: str) -> bool:
    if a == b:
        return True
    if min(len(a), len(b)) < _SHORT_NAME:
        return False
    return a in b or b in a or JaroWinkler.similarity(a, b) >= _CLOSE_NAME


def _journal(a: tuple[str, ...], b: tuple[str, ...]) -> bool | None:
    if not a or not b:
        return None
    if a == b:
        return True
    short, long = sorted((a, b), key=lambda words: (len(words), len("".join(words)), words))
    if _abbreviates(short, long):
        rest = long[len(short) :]
        whole = len(short) >= _WHOLE_NAME and short == long[: len(short)]
        return True if not rest or whole or _SUBTITLE.intersection(rest) else None
    bare_short, bare_long = (
        tuple(w for w in words if w not in _SERVES and not w[0].isdigit()) for words in (short, long)
    )
    if bare_short == bare_long:
        return True
    if any(
        _is_acronym(word, tuple(w for w in other if not w.isdecimal()))
        for words, other in ((bare_short, long), (bare_long, short))
        for word in words
    ):
        return True
    in_long = sum(any(_stands_for(word, other) for other in long) for word in bare_short)
    return None if in_long * 2 >= max(1, len(bare_short)) and bare_long else False


def _abbreviates(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """J Clin Oncol, for Journal of Clinical Oncology and whatever subtitle follows."""
    return all(_stands_for(word, other) for word, other in zip(short, long, strict=False))


def _stands_for(short: str, long: str) -> bool:
    """Natl for National, Br for British: the same first letter, the rest in their order."""
    if len(short) > len(long):
        short, long = long, short
    if short[0] != long[0]:
        return False
    letters = iter(long)
    return all(letter in letters for letter in short)


def _is_acronym(word: str, words: tuple[str, ...]) -> bool:
    """AMCIS, for Americas Conference on Information Systems: beginnings of all the words."""
    if len(word) not in _ACRONYM:
        return False

    def fits(rest: str, at: int) -> bool:
        if not rest:
            return at == len(words)
        if at == len(words):
            return False
        return any(
            fits(rest[length:], at + 1)
            for length in range(1, min(len(rest), len(words[at])) + 1)
            if rest[:length] == words[at][:length]
        )

    return fits(word, 0)
