"""A first watch file from seeds' own records: the subject is a facet of every topic, each concept one more.

What a seed is about says queries/watch/concepts.py; here it is written down. It is a draft: a specialist
should read it over.
"""

import json
import re
from collections.abc import Iterable, Sequence
from unicodedata import normalize

from queries.errors import WatchError
from queries.records.article import Article
from queries.text import fold
from queries.watch.concepts import subject_and_topics
from queries.watch.naming import Concept, clean
from queries.watch.values import LONGEST

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
url    = "{url}"   # an apprise URL from the environment; never a secret in the file
format = "html"

[expect]
min = 0
max = 400
"""
_MOST_MORE = 20  # articles that a watch is pointed to besides its seed


def draft(seeds: Sequence[Article], references: Sequence[Article], name: str) -> str:
    """The TOML of a watch called `name`; `references` are the seeds' own, any number of them.

    Raises WatchError where the records name fewer than two things to search for.
    """
    subject, topics = subject_and_topics(seeds, references)
    check_topics(seeds[0], topics)
    return text_of(seeds, subject, topics, name)


def check_topics(seed: Article, topics: Sequence[Concept]) -> None:
    """Raise WatchError where the seeds name too little."""
    if not topics:
        raise WatchError(
            f"PMID {seed.pmid}" if seed.pmid > 0 else "the seed",
            "has too few keywords, MeSH headings and title words to make topics of",
            "Give a second seed, or copy the shipped cml-stem-cells.toml and write its topics by hand",
        )


def text_of(seeds: Sequence[Article], subject: Concept, topics: Sequence[Concept], name: str) -> str:
    """The TOML of a watch on this subject with these topics."""
    concepts = [subject, *topics]
    names = slugs(concept.name for concept in concepts)
    shorts = _shorts(topics)
    return "".join(
        (
            _head(seeds, name, [concept.name for concept in concepts]),
            *map(facet_text, names, concepts),
            *(
                f"\n[[anchors]]\nkeyword = {quoted(concept.name)}\nfacet   = {quoted(slug)}\n"
                for slug, concept in zip(names, concepts, strict=True)
            ),
            *(
                topic_text(concept.name, short, (names[0], slug))
                for concept, short, slug in zip(topics, shorts, names[1:], strict=True)
            ),
            _REST.replace(
                "{url}", f"$SEEDWATCH_{re.sub(r'[^A-Z0-9]', '_', clean(name).upper()) or 'WATCH'}_MAIL"
            ),
        )
    )


def facet_text(slug: str, concept: Concept) -> str:
    """The TOML table of a facet."""
    lines = {
        "mesh": concept.mesh,
        "substances": concept.substances,
        "words": (*([] if _taken(concept) else [concept.name]), *concept.words),
    }
    text = f"\n[facets.{slug}]\n"
    text += "".join(f"{key:<10} = {_list(values)}\n" for key, values in lines.items() if values)
    if concept.acronyms:
        pairs = ", ".join(f"{quoted(short)} = {_list(context)}" for short, context in concept.acronyms)
        text += f"acronyms   = {{ {pairs} }}\n"
    return text


def topic_text(name: str, short: str, facets: Iterable[str]) -> str:
    """The TOML table of a topic of these facets."""
    long = quoted(name[0].upper() + name[1:])
    return f"\n[[topics]]\nname  = {long}\nshort = {quoted(short)}\nall   = {_list(facets)}\n"


def slugs(names: Iterable[str]) -> list[str]:
    """A facet's name for each: small letters, digits and hyphens, each once."""
    made: list[str] = []
    for name in names:
        plain = normalize("NFKD", fold.plain(name)).encode("ascii", "ignore").decode()
        slug = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:40].strip("-") or "facet"
        again = sum(other == slug or re.fullmatch(rf"{slug}-\d+", other) is not None for other in made)
        made.append(f"{slug}-{again + 1}" if again else slug)
    return made


def quoted(text: str) -> str:
    """A TOML basic string: JSON's escapes are TOML's too."""
    return json.dumps(clean(text), ensure_ascii=False)


def _taken(concept: Concept) -> bool:
    """Whether its name is among its acronyms already."""
    return concept.name in {short for short, _ in concept.acronyms}


def _shorts(topics: Sequence[Concept]) -> list[str]:
    """A short name for each topic: its acronym, its initials or its first letters; each once."""
    shorts: list[str] = []
    for topic in topics:
        words = re.findall(r"[^\W_]+", topic.name)
        initials = "".join(word[0] for word in words) if len(words) > 1 else words[0][:3]
        acronym = next((short for short, _ in topic.acronyms), "")
        short = acronym or (topic.name if topic.name.isupper() else initials.upper())
        again = sum(
            other == short or re.fullmatch(rf"{re.escape(short)}-\d+", other) is not None for other in shorts
        )
        shorts.append(f"{short}-{again + 1}" if again else short)
    return shorts


def _list(texts: Iterable[str]) -> str:
    return "[" + ", ".join(map(quoted, texts)) + "]"


def _head(seeds: Sequence[Article], name: str, keywords: Sequence[str]) -> str:
    seed, *others = seeds
    doi = f"doi      = {quoted(seed.doi)}\n" if seed.doi else ""
    pmid = f"pmid     = {seed.pmid}\n" if seed.pmid > 0 else ""
    more = [str(each.pmid) if each.pmid > 0 else each.doi for each in others if each.pmid > 0 or each.doi]
    origin = f"PMID {seed.pmid}" if seed.pmid > 0 else clean(seed.doi) or "a file"
    return f"""\
# {clean(name)}: drafted from {origin}. Read it over: `seedwatch check {clean(name)}` measures
# what it finds, but only you know what your field calls things; with --terms it shows what is asked.

title = {quoted(clean(seed.title)[:LONGEST] or name)}

[seed]
{doi}{pmid}keywords = {_list(keywords)}
more     = {_list(more[:_MOST_MORE])}

# ── Facets: what it is about, each written once; both spellings and plurals are asked by themselves ──
"""
