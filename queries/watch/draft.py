"""A first watch file from a seed's own record: its keywords become anchors and topics.

The disease that all topics share is the keyword that names one and that most references hit; every
other keyword becomes a topic with it. Synonyms are what the seed and its references abbreviate
alike (queries/text/acronyms.py), and the MeSH headings they carry that share most words with a keyword.
It is a draft: a specialist should read it over.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from queries.errors import WatchError
from queries.records.article import Article
from queries.terms.spelling import variants
from queries.text.acronyms import Definition, definitions
from queries.text.fold import matched
from queries.text.keywords import hits

_DISEASE = re.compile(
    r"leuk[ae]+mi|lymphom|cancer|carcinom|sarcom|tumou?r\b|neoplasm|diseas|syndrom|disorder|infecti|diabet"
    r"|fibrosis|(om|emi|pathi|algi|i)a\b|itis\b|osis\b|pathy\b",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"[^\w\s'/+-]+|\b(?:an?|and|as|at|by|for|from|in|into|is|its|of|on|or|the|their|to|towards?|via|with|within|"
    r"between|how|why|what|new|role|roles|review|study|studies|systematic)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+")
_MOST_KEYWORDS, _MOST_HEADINGS = 10, 3
_SHORTEST = 4  # letters of a word that can be truncated, or told from another
_ALIKE = 0.6  # share of a keyword's words that a heading has to have

_REST = """
[routes]
similar  = true
cited_by = true

[schedule]
timezone = "UTC"
first    = "30 days"
harvest  = "0 6 * * *"
digest   = "0 7 * * MON"
sweep    = "0 5 1 * *"

[digest]
must_read = 4
cap       = 20
threshold = "auto"
empty     = true

[[recipients]]
name   = "group"
url    = "$SEEDWATCH_MAIL"   # an apprise URL from the environment; never a secret in the file
format = "html"

[expect]
min = 0
max = 400
"""


def draft(seed: Article, references: Sequence[Article], name: str) -> str:
    """The TOML of a watch called `name`; `references` are the seed's own, any number of them.

    Raises WatchError where the record names fewer than two things to search for.
    """
    corpus = (seed, *references)
    known = definitions(text for article in corpus for text in _prose(article))
    keywords = _keywords(seed, known)
    if len(keywords) < 2:  # noqa: PLR2004 - a topic is the disease and something else
        raise WatchError(
            f"PMID {seed.pmid}",
            "has too few keywords, MeSH headings and title words to make topics of",
            "Copy the shipped cml-stem-cells.toml and write its topics by hand",
        )
    shared = _shared(keywords, references)
    head = shared.split()[-1] if len(shared.split()[-1]) >= _SHORTEST else ""
    headings = {keyword: _headings(keyword, corpus) for keyword in keywords}
    disease = _facet(shared, known, headings[shared], head)
    topics = [keyword for keyword in keywords if keyword != shared]
    shorts = _shorts(topics, known)
    return "".join(
        (
            _head(seed, name, keywords),
            *(_anchor(keyword, known, headings[keyword], head) for keyword in keywords),
            *(
                _topic(keyword, short, disease, _facet(keyword, known, headings[keyword], ""))
                for keyword, short in zip(topics, shorts, strict=True)
            ),
            _REST,
        )
    )


def _clean(text: str) -> str:
    """`text` in one line, without what cannot be printed."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _searchable(text: str) -> str:
    """`text` without the marks that mean something to PubMed or end a TOML literal."""
    return " ".join(re.sub(r"[^\w\s'/+-]|_|'(?=')", " ", _uninverted(text)).split())


def _uninverted(text: str) -> str:
    """A heading as it is said: Chronic Myeloid Leukemia, not "Leukemia, Myeloid, Chronic"."""
    return " ".join(reversed(text.split(", ")))


def _folded(text: str) -> tuple[str, ...]:
    return tuple(map(matched, _WORD.findall(text)))


def _prose(article: Article) -> Iterator[str]:
    yield article.title
    for passage in article.abstract:
        yield passage.text


def _phrases(title: str) -> list[str]:
    """What stands between the little words of a title."""
    return [phrase for piece in _BETWEEN.split(title) if len(phrase := _clean(piece)) >= _SHORTEST]


def _keywords(seed: Article, known: Sequence[Definition]) -> list[str]:
    """The authors' keywords; where they are few, the major headings too, then the title's phrases."""
    sources = (
        [keyword.text for keyword in seed.keywords if keyword.owner == "NOTNLM"],
        [heading.name for heading in seed.mesh if heading.major],
        _phrases(seed.title),
    )
    chosen: dict[tuple[str, ...], str] = {}
    for source in sources:
        for text in map(_clean, source):
            same = {_folded(text), *(_folded(other) for other in _synonyms(text, known))}
            if re.search(r"[^\W\d_]{3}", _searchable(text)) and chosen.keys().isdisjoint(same):
                chosen[_folded(text)] = text
        if len(chosen) > 1:
            break
    return list(chosen.values())[:_MOST_KEYWORDS]


def _shared(keywords: Sequence[str], references: Sequence[Article]) -> str:
    """The keyword that names a disease, hit by most references; the earlier one of equals."""
    count = Counter(hit.keyword for article in references for hit in hits(article, (), tuple(keywords)))
    return max(keywords, key=lambda keyword: (bool(_DISEASE.search(keyword)), count[keyword]))


def _synonyms(keyword: str, known: Sequence[Definition]) -> list[str]:
    """The acronyms of a keyword, and what else they are short for that shares a word with it."""
    own = _folded(keyword)
    shorts = {each.short for each in known if _folded(each.long) == own or each.short == keyword}
    longs = [
        each.long
        for each in known
        if each.short in shorts and (each.short == keyword or {*_folded(each.long)} & {*own})
    ]
    texts = dict.fromkeys((*sorted(shorts), *longs))
    return list({_folded(text): text for text in texts if _folded(text) != own}.values())


def _headings(keyword: str, corpus: Iterable[Article]) -> list[str]:
    """The MeSH headings of the corpus that share most words with the keyword."""
    own = _folded(keyword)
    count = Counter(name for article in corpus for name in {heading.name for heading in article.mesh})
    share = {name: _alike(own, _folded(name)) for name in count}
    near = sorted(
        (name for name in count if share[name] >= _ALIKE), key=lambda name: (-share[name], -count[name], name)
    )
    return near[:_MOST_HEADINGS]


def _alike(own: Sequence[str], other: Sequence[str]) -> float:
    """Which part of the words of `own` begins like some word of `other`; 1 if they join to the same."""
    if "".join(own) == "".join(other):
        return 1.0
    begins = {word[: max(_SHORTEST, len(word) - 3)] for word in other}
    return sum(any(word.startswith(stem) for stem in begins) for word in own) / len(own)


def _facet(keyword: str, known: Sequence[Definition], headings: Iterable[str], head: str) -> str:
    """A facet of a term, text OR MeSH; `head` is the word that has to stand by a bare acronym."""
    clauses = [f'"{name}"[mh]' for name in map(_clean, headings) if '"' not in name and "*" not in name]
    for text in (keyword, *_synonyms(keyword, known)):
        words = _searchable(text)
        if not words:
            continue
        if _acronym(text):
            beside = " OR ".join(f'"{spelling}"[tiab]' for spelling in _spellings(head)) if head else ""
            own = " OR ".join(f'"{spelling}"[tiab]' for spelling in _spellings(words))
            clauses.append(f"(({own}) AND ({beside}))" if beside else own)
        else:
            clauses += [f'"{spelling}"[tiab]' for spelling in _spellings(_truncated(words))]
    return "\n  OR ".join(dict.fromkeys(clauses))


def _truncated(words: str) -> str:
    """The words with * for the plural's s, unless some spelling of the last is too short for one."""
    lasts = [spelling.split()[-1] for spelling in _spellings(words)]
    return words.removesuffix("s") + "*" if all(len(last) > _SHORTEST for last in lasts) else words


def _acronym(text: str) -> bool:
    return bool(re.fullmatch(r"[A-Z][A-Z0-9-]{1,6}", text))


def _spellings(text: str) -> list[str]:
    """Every spelling that can be reached from `text`."""
    found = [text]
    for spelling in found:
        found += [other for other in variants(spelling) if other not in found]
    return found


def _shorts(topics: Sequence[str], known: Sequence[Definition]) -> list[str]:
    """A short name for each topic: its acronym, its initials or its first letters; each once."""
    shorts: list[str] = []
    for topic in topics:
        words = _WORD.findall(topic)
        initials = "".join(word[0] for word in words) if len(words) > 1 else words[0][:3]
        acronym = next((each.short for each in known if _folded(each.long) == _folded(topic)), "")
        short = acronym or initials.upper()
        again = sum(other == short or other.startswith(f"{short}-") for other in shorts)
        shorts.append(f"{short}-{again + 1}" if again else short)
    return shorts


def _quoted(text: str) -> str:
    """A TOML basic string: JSON's escapes are TOML's too."""
    return json.dumps(_clean(text), ensure_ascii=False)


def _list(texts: Iterable[str]) -> str:
    return "[" + ", ".join(map(_quoted, texts)) + "]"


def _head(seed: Article, name: str, keywords: Sequence[str]) -> str:
    doi = f"doi      = {_quoted(seed.doi)}\n" if seed.doi else ""
    return f"""\
# {_clean(name)}: drafted from PMID {seed.pmid}. Read it over: `seedwatch check` finds
# what PubMed would misread, but only you know what your field calls things.

title = {_quoted(_clean(seed.title).rstrip(".") or name)}

[seed]
{doi}pmid     = {seed.pmid}
keywords = {_list(keywords)}
more     = []
"""


def _anchor(keyword: str, known: Sequence[Definition], headings: Iterable[str], head: str) -> str:
    synonyms = [text for text in (*_synonyms(keyword, known), *headings) if text != keyword]
    context = f"context  = {_list([head])}\n" if head and any(map(_acronym, synonyms)) else ""
    return f"""
[[anchors]]
keyword  = {_quoted(keyword)}
synonyms = {_list(dict.fromkeys(synonyms))}
{context}"""


def _topic(keyword: str, short: str, disease: str, concept: str) -> str:
    term = f"(\n  {disease}\n)\nAND\n(\n  {concept}\n)"
    literal = f"'''\n{term}\n'''"
    return f"""
[[topics]]
name  = {_quoted(keyword[0].upper() + keyword[1:])}
short = {_quoted(short)}
term  = {_quoted(term) if "'''" in term else literal}
"""
