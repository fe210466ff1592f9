"""Why, in words that stand in the record and in the seeds."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from queries.records.article import Article
from queries.text import tokens
from queries.text.fold import counted, cut
from queries.text.tokens import TermKind

MOST = 4
# Words of papers, not of subjects, and adverbs; words that mean something else where these phrases stand.
_EMPTY = frozenset(
    """
    blind blinded control controlled double open placebo randomised randomized randomly statistical
    ability absence access advance analysis application approach aspect assessment association attempt
    author baseline basis benefit candidate case challenge change characteristic choice combination
    common comparison complex component concept concern consequence consideration contrast contribution
    criteria current data decade decision decrease demand dependent design detail determination
    development difference difficulty discussion distinct effect effort emergence emerging event
    evidence evaluation examination example existence expectation experience experiment explanation
    extent fact factor failure feature finding frequency function future goal hypothesis idea impact
    implication importance improvement incidence increase indication individual influence information
    insight interest introduction investigation issue knowledge lack level limitation literature majority
    manner measure measurement mechanism model need newly novel number observation occurrence opportunity
    option outcome overview parameter part patient perspective phenomenon possibility potential practice
    presence present problem procedure process progress property proportion protocol question range rate
    reason recent recommendation reduction relationship relevance report research resource response role
    sample scale score significance similarity situation standard state strategy structure subject success
    summary support survey system target targeting task technique term test time tool topic treatment
    trend trial type understanding unique update use utility value variety view way world year
    """.split()  # noqa: SIM905 - quoted, they would be no easier to read
)
_ADVERB = re.compile(r"[^\W_]{3,}(?:al|ant|ent|iv|at|ed|ing|ar|ous|ic)ly")
_ELSEWHERE = re.compile(r"stem[- ]cell[- ](?:transplant|donor|donation|mobili)\w*", re.IGNORECASE)
_SURFACE = re.compile(r"[^\W_]+(?:(?:::|[-/'\u2019.])[^\W_]+)*")
_PLAIN = re.compile(r"[^\W_]{3,}|[^\W_]*[A-Z][^\W_]+")


def surfaces(text: str) -> dict[int, dict[str, str]]:
    """Per word: its forms as printed, by their lower case, which is preferred where it is printed too.

    A compound counts for each of its words.
    """
    found: dict[int, dict[str, str]] = {}
    for match in _SURFACE.finditer(text):
        for printed in (match[0], *re.findall(r"[^\W_]+", match[0])):
            for number in tokens.word_ids(cut(printed)).tolist():
                if number >= 0 and number >> tokens.BITS == TermKind.WORD and _PLAIN.match(printed):
                    forms = found.setdefault(number, {})
                    forms[printed.lower()] = min(printed, forms.get(printed.lower(), printed), key=_capitals)
    return found


def _capitals(printed: str) -> int:
    return sum(letter.isupper() for letter in printed)


@dataclass(frozen=True, slots=True)
class SeedWords:
    """What the seeds print, and what the review cites."""

    forms: Mapping[int, frozenset[str]] = field(repr=False)
    headings: frozenset[str]
    ids: frozenset[str]
    cited: frozenset[str]

    @classmethod
    def of(
        cls, seeds: Sequence[Article], review: Article | None, references: Iterable[Article]
    ) -> "SeedWords":
        """Read them off the seed articles."""
        forms: dict[int, set[str]] = {}
        for article in seeds:
            for number, printed in surfaces(tokens.text_of(article)).items():
                forms.setdefault(number, set()).update(printed)
        cited = {f"pmid {article.pmid}" for article in references}
        cited |= {tokens.cited(reference) for reference in review.references} if review else set()
        return cls(
            {number: frozenset(printed) for number, printed in forms.items()},
            frozenset(heading.name for article in seeds for heading in article.mesh),
            frozenset({f"pmid {review.pmid}", f"doi {review.doi}"} if review else ()),
            frozenset(cited),
        )


def words(article: Article, shares: Mapping[int, float], seeds: SeedWords) -> tuple[str, ...]:
    """The words that add most, as the record prints them; only such as the seeds print alike."""
    here = surfaces(_ELSEWHERE.sub("", tokens.text_of(article)))
    chosen: dict[str, str] = {}
    for number in sorted(shares, key=lambda number: (-shares[number], number)):
        alike = [form for form in here.get(number, {}) if form in seeds.forms.get(number, ()) and _says(form)]
        if alike and not any(form in taken or taken in form for form in alike for taken in chosen):
            longest = max(alike, key=lambda form: (len(form), form))
            chosen[longest] = here[number][longest]
        if len(chosen) == MOST:
            break
    return tuple(chosen.values())


def _says(form: str) -> bool:
    return not _ADVERB.fullmatch(form) and not any(counted(word) in _EMPTY for word in cut(form))


# NLM gives them to nearly every record: true, and no reason
CHECK_TAGS = frozenset(
    [
        "Humans",
        "Animals",
        "Mice",
        "Male",
        "Female",
        "Child",
        "Adolescent",
        "Young Adult",
        "Adult",
        "Middle Aged",
        "Aged",
        "Aged, 80 and over",
    ]
)


def headings(article: Article, shares: Mapping[int, float], seeds: SeedWords) -> tuple[str, ...]:
    """The MeSH headings in common, the heaviest first."""
    both = {heading.name for heading in article.mesh} & seeds.headings - CHECK_TAGS
    weight = {name: shares.get(tokens.term(TermKind.MESH, name), 0.0) for name in both}
    return tuple(
        sorted((name for name in both if weight[name] > 0), key=lambda name: (-weight[name], name))[:3]
    )


def citations(article: Article, seeds: SeedWords) -> tuple[str, ...]:
    """How the article and the review cite each other and the same work."""
    cites = {tokens.cited(reference) for reference in article.references}
    common = len(cites & seeds.cited)
    said = []
    if cites & seeds.ids:
        said.append("cites the review")
    if {f"pmid {article.pmid}", f"doi {article.doi}"} & seeds.cited:
        said.append("cited by the review")
    if common:
        said.append(
            f"cites {common} of the review's references" if common > 1 else "cites a reference of the review"
        )
    return tuple(said)


def judged(odds: float) -> tuple[str, ...]:
    """What readers' verdicts on its like say of an article."""
    return (f"resembles what readers found {'useful' if odds > 0 else 'not useful'}",) if odds else ()


def sentence(said: Mapping[str, tuple[str, ...]]) -> str:
    """The line under an article: what it is on, shares, cites, in this order; "" if there is nothing."""
    phrases = {
        "anchors": "on {}",
        "text": "shares {}",
        "references": "{}",
        "mesh": "MeSH {}",
        "verdicts": "{}",
    }
    return "; ".join(
        phrase.format(", ".join(said[name])) for name, phrase in phrases.items() if said.get(name)
    )
