"""What a seed is about: the subject that all topics of its watch share, and the concepts beside it.

Candidates are the authors' keywords, the major headings, what the title abbreviates in the abstract, and what
stands between the little words of the title. The subject is the one that most speaks for: it names a disease,
stands in the title, is a major heading, a keyword, abbreviated, hit by many references; a treatment is
rather a topic. Methods, bare qualifiers and check tags are none of it (queries/watch/bare.py).
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from queries.records.article import Article
from queries.text.acronyms import Definition, definitions
from queries.text.keywords import hits
from queries.watch.bare import DISEASE, ORGANS, TREATMENT, is_bare
from queries.watch.naming import Concept, Folded, clean, concept, folded, nested, uninverted

_BETWEEN = re.compile(
    r"[^\w\s'\u2019/:β-]+|:\s|\b(?:an?|and|as|at|by|for|from|in|into|is|are|its|of|on|or|the|their|to|towards?|via|with|"
    r"within|"
    r"between|how|why|what|who|does|do|we|new|role|roles|using|treating|review|study|studies|systematic|update|current|"
    r"induced|based|related|associated|patients?|through|than|more|use)\b",
    re.IGNORECASE,
)
_SUBTITLE = re.compile(r":\s|\s[-\u2013\u2014]\s|\?\s")
_CODE = re.compile(r"[A-Za-z]+[- ]?\d[\w-]*")  # a gene, an enzyme, a virus
_SHORT = re.compile(r"(.*\S)\s*\(([A-Z][A-Za-z0-9-]{1,7})\)")
_ALSO = (
    r"(?:also (?:known|referred to) as|also called|formerly known as)\s+(?:the\s+)?"
    r"([\w' -]{4,40}?)\s*(?:[,.;()]|$)"
)
_DISEASED = frozenset(
    {"complications", "diet therapy", "drug therapy", "epidemiology", "etiology", "prevention & control"}
    | {"radiotherapy", "rehabilitation", "therapy", "mortality", "diagnosis", "physiopathology", "surgery"}
)
_MOST_TOPICS, _FEW, _FEWEST = 8, 3, 1
_OFTEN = 1.0  # of _mentions: three times
_LONGEST = 5  # words of a piece of title that can be a concept


@dataclass(slots=True)
class _Candidate:
    text: str
    from_: set[str] = field(default_factory=set)  # keyword | heading | title | acronym
    diseased: bool = False


def subject_and_topics(
    seeds: Sequence[Article], references: Sequence[Article]
) -> tuple[Concept, list[Concept]]:
    """The concept that all topics share, and those that each stand for a topic, the authors' own first.

    The list is empty where the records name too little.
    """
    own = definitions(text for seed in seeds for text in prose(seed))
    every = definitions(text for article in (*seeds, *references) for text in prose(article))
    shorts = {each.short for each in own}
    known = (*own, *(each for each in every if each not in own and each.short not in shorts), *every)
    named = list(_candidates(seeds, own))
    if not named:
        return Concept(""), []
    count = Counter(
        hit.keyword for article in references for hit in hits(article, (), tuple(one.text for one in named))
    )
    most = max(count.values(), default=0) or 1
    best = max(named, key=lambda one: _weight(one, named, seeds, own) + 2 * count[one.text] / most)
    corpus = (*seeds, *references)
    subject = _subject(best, named, known, seeds, corpus)
    chosen: list[Concept] = []
    # the authors' and indexers' words first, then the lesser headings, and pieces of the title if need be
    said = {one.text for one in named if _mentions(one, seeds, own) >= _OFTEN}
    surer = [one.text for one in named if one.from_ != {"title"} or one.text in said]
    pieces = [one.text for one in named if one.text not in surer]
    for place, name in enumerate((*surer, *_further(seeds), *pieces)):
        if place < len(surer) or len(chosen) < (_FEW if name not in pieces else _FEWEST):
            _add(chosen, concept(name, known, corpus), subject)
    return subject, chosen[:_MOST_TOPICS]


def prose(article: Article) -> Iterator[str]:
    """Title and abstract."""
    yield article.title
    for passage in article.abstract:
        yield passage.text


def _candidates(seeds: Sequence[Article], own: Sequence[Definition]) -> Iterator[_Candidate]:
    """What the seeds name, the authors' words first; the same thing once, by its longest name."""
    found: dict[Folded, _Candidate] = {}
    longs = {one.short: one.long for one in own}
    for text, source in _sources(seeds, own):
        split = _SHORT.fullmatch(clean(text))
        name = clean(split[1]) if split else clean(text)
        name = longs.get(name.removesuffix("s") if name[:-1].isupper() else name, name)
        if " and " in name:  # "primary and secondary hemostasis"
            kept = [word for word in name.split() if not is_bare(word) and word != "and"]
            name = kept[0] if len(kept) == 1 else name
        key = tuple(sorted(folded(uninverted(name))))
        if not re.search(r"[^\W\d_]{3}|[A-Z]{2}", name) or is_bare(name):
            continue
        same = found.setdefault(key, _Candidate(name))
        same.from_.add(source)
    diseased = {
        tuple(sorted(folded(heading.name)))
        for seed in seeds
        for heading in seed.mesh
        if {qualifier.name for qualifier in heading.qualifiers} & _DISEASED
    }
    for key, one in found.items():
        one.diseased = bool(DISEASE.search(one.text)) or key in diseased
        yield one


def _sources(seeds: Sequence[Article], own: Sequence[Definition]) -> Iterator[tuple[str, str]]:
    """Each text that may name a concept, and where it stands: the authors' words first."""
    titles = [folded(seed.title) for seed in seeds]
    headings = [heading for seed in seeds for heading in seed.mesh]
    words = [keyword for seed in seeds for keyword in seed.keywords if keyword.owner == "NOTNLM"]
    yield from ((keyword.text, "keyword") for keyword in words)
    yield from ((heading.name, "heading") for heading in headings if heading.major)
    for heading in headings:
        if not heading.major and _in_title(folded(uninverted(heading.name)), titles) == 1.0:
            yield heading.name, "lesser"
    yield from ((one.long, "acronym") for one in own if _in_title(folded(one.long), titles) == 1.0)
    phrases = (phrase for seed in seeds for phrase in _BETWEEN.split(seed.title))
    yield from ((phrase, "title") for phrase in phrases if 0 < len(folded(phrase)) <= _LONGEST)


def _weight(
    one: _Candidate, named: Sequence[_Candidate], seeds: Sequence[Article], own: Sequence[Definition]
) -> float:
    """How much speaks for a candidate as what all is about."""
    words = folded(uninverted(one.text))
    within = [other for other in named if set(folded(uninverted(other.text))) <= set(words)]
    sources = one.from_.union(*(other.from_ for other in within)) if "acronym" in one.from_ else one.from_
    main = _in_title(words, [folded(_SUBTITLE.split(seed.title)[0]) for seed in seeds])
    in_title = max(main, _in_title(words, [folded(seed.title) for seed in seeds]) / 2)
    diseased = one.diseased and not (TREATMENT.search(one.text) and not DISEASE.search(one.text))
    abbreviated = any(
        folded(each.long) == words or (one.diseased and set(words) < set(folded(each.long))) for each in own
    )
    first = any(folded(seed.title)[: len(words)] == words for seed in seeds)
    treatment = bool(TREATMENT.search(one.text)) and not one.diseased
    headed = one.diseased and any(
        "heading" in other.from_ and set(words) <= set(folded(other.text)) for other in named
    )
    guessed = one.from_ == {"title"} and not headed
    return (
        4 * in_title
        + 3 * diseased
        + 2 * ("heading" in sources or headed)
        + ("keyword" in sources)
        + ("lesser" in sources)
        + (sum(folded(seed.title).count(words[0]) > 1 for seed in seeds) > 0 and in_title == 1.0)
        + abbreviated
        + _mentions(one, seeds, own)
        + 2 * (bool(_CODE.fullmatch(one.text)) and not treatment)
        + 1.5 * (first and not guessed)
        - 4 * all(word in ORGANS for word in words)
        - 3 * treatment
        - 2.5 * guessed
        + len(words) / 20
    )


def _mentions(one: _Candidate, seeds: Sequence[Article], own: Sequence[Definition]) -> float:
    """How often title and abstract say it, or its acronym: from 0 to 2, which is six times."""
    words = folded(uninverted(one.text))
    named = [words, *(folded(each.short) for each in own if folded(each.long) == words)]
    text = [word for seed in seeds for part in prose(seed) for word in folded(part)]
    count = sum(tuple(text[at : at + len(name)]) == name for name in named for at in range(len(text)))
    return min(count, 6) / 3


def _in_title(words: Folded, titles: Sequence[Folded]) -> float:
    """How well the words stand in the title where they do best."""
    return max(_stands(words, title) for title in titles)


def _stands(words: Folded, title: Folded) -> float:
    """1 if the words stand in the title one after the other, less where they stand apart."""
    if not words:
        return 0.0
    for at in range(len(title) - len(words) + 1):
        there = title[at : at + len(words)]
        if all(word in {other, f"{other}a"} for word, other in zip(words, there, strict=True)):
            return 1.0  # Insecta are insects
    return 0.5 if set(words) <= set(title) else 0.0


def _subject(
    best: _Candidate,
    named: Sequence[_Candidate],
    known: Sequence[Definition],
    seeds: Sequence[Article],
    corpus: Sequence[Article],
) -> Concept:
    """The shared concept with the disease that the indexers saw, and what the abstract also calls it."""
    made = concept(best.text, known, corpus)
    words = list(made.words)
    if not made.mesh and (seen := _indexed_as(best, seeds)):
        made = replace(made, mesh=(seen,))
        words.append(uninverted(seen))
    for text in (text for seed in seeds for text in prose(seed)):
        names = [re.escape(name) for name in made.texts]
        named_so = rf"(?:{'|'.join(names)})[^.]{{0,20}}?{_ALSO}"
        words += [clean(match[1]) for match in re.finditer(named_so, text, re.IGNORECASE)]
    if made.mesh:  # the indexers' heading by another of its names
        heading = sorted(folded(uninverted(made.mesh[0])))
        words += [one.text for one in named if sorted(folded(one.text)) == heading]
    for name in (made.name, *tuple(words)):  # what one paper calls a cancer another calls a tumour
        if match := re.fullmatch(r"(.{3,}) (?:cancer|neoplasm|carcinoma)s?", name, re.IGNORECASE):
            words += [f"{match[1]} {kind}" for kind in ("cancer", "carcinoma", "tumor", "neoplasm")]
    fresh = {tuple(sorted(folded(word))): uninverted(word) for word in words}
    fresh.pop(tuple(sorted(folded(made.name))), None)
    return replace(made, words=tuple(fresh.values()), acronyms=_guarded(made))


def _indexed_as(best: _Candidate, seeds: Sequence[Article]) -> str:
    """The major heading that stands for a disease whose words are others; "" if that isn't sure."""
    own = set(folded(best.text))
    majors = [
        heading.name
        for seed in seeds
        for heading in seed.mesh
        if heading.major
        and DISEASE.search(heading.name)
        and not TREATMENT.search(heading.name)
        and not set(folded(heading.name)) < own
    ]
    akin = [name for name in majors if own & set(folded(name))]
    if not best.diseased:
        return ""
    return akin[0] if akin else majors[0] if len(majors) == 1 else ""


def _guarded(concept: Concept) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Its acronyms, each believed beside the words that it is short for: the longest, least bare ones."""
    words = re.findall(r"[^\W\d_]{5,}", " ".join((concept.name, *concept.words)))
    telling = sorted(
        {word.lower() for word in words if not is_bare(word)}, key=lambda word: (-len(word), word)
    )
    return tuple((short, tuple(telling[:2])) for short, _ in concept.acronyms)


def _add(chosen: list[Concept], made: Concept, subject: Concept) -> None:
    """Add a concept unless it is bare, the subject again, or nested with one that is there."""
    if not folded(made.name) or is_bare(made.name):
        return
    for other in (subject, *chosen):
        if any(nested(folded(made.name), folded(name)) for name in other.texts):
            return
        if made.mesh and made.mesh[0] in other.mesh:
            return
        if {short for short, _ in made.acronyms} & {short for short, _ in other.acronyms}:
            return
    chosen.append(made)


def _further(seeds: Sequence[Article]) -> Iterator[str]:
    """What else the records are indexed by: substances, then lesser headings."""
    for seed in seeds:
        yield from (chemical.name.partition(" protein, ")[0] for chemical in seed.chemicals)
        yield from (term.name for term in seed.supplementary)
    for seed in seeds:
        yield from (heading.name for heading in seed.mesh if not heading.major)
