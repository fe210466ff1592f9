"""Invented libraries of any size, written by DuckDB itself.

Titles and abstracts are words drawn by chance, so that records meet as real ones do; each has a vector. One
watch has seen them all, and a year of digests told 20 each.
"""

import random
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
from support.reports_samples import digest

from queries.identity.blocking import KEYS
from queries.library import Library
from queries.library.file import SETTINGS
from queries.library.rows import encode, fingerprint
from queries.records.article import Article, Author, Heading, Journal, Keyword, Passage, Reference, Term
from queries.records.harvest import Harvest, Lane, LedgerLine, Sighting, Watermark, Window
from queries.watch.file import Watch
from reports.digest.record import dump

NEW = 2_000  # records of a new week
RECENT = 16_000  # records of the last eight weeks, however large the library
TOLD, DIGESTS = 20, 50
NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
FIRST, FRESH = 10_000_000, 40_000_000  # PMIDs of the library, and of the new weeks
CHUNK = 50_000
SYLLABLES = ("leu", "ka", "ste", "mi", "nib", "cy", "to", "gra", "ne", "phi", "lo", "ver", "ti", "mu", "sa")
WORDS = [a + b + c for a in SYLLABLES for b in SYLLABLES for c in SYLLABLES[:6]]
NAMES = [word.capitalize() for word in WORDS[::3]]
CHANCE = random.Random(1)  # noqa: S311 - text to fill a page, no secret
SENTENCES = [" ".join(CHANCE.choices(WORDS, k=12)) + "." for _ in range(999)]
PMID, TITLE, AUTHOR, ABSTRACT = 77_777_777, "(title)", "(author)", "(abstract)"
WATCH = Watch.model_validate(
    {
        "name": "bench",
        "title": "A bench",
        "seed": {"pmid": FIRST, "keywords": ["Leukaemia"]},
        "topics": [{"name": "All", "short": "A", "term": "a"}, {"name": "Some", "short": "B", "term": "b"}],
        "recipients": [{"name": "ada", "url": "json://localhost"}],
    }
)


def article(pmid: int, title: str, author: str, abstract: str) -> Article:
    """A record of some 4 kB as JSON."""
    return Article(
        pmid=pmid,
        status="MEDLINE",
        title=title,
        title_html=title,
        abstract=(Passage("Methods", "METHODS", abstract, abstract),),
        authors=(Author(author, "Ada", "A"), *(Author(f"Sample{k}", "Bo", "B") for k in range(6))),
        journal=Journal("Journal of Samples", "J Sampl", "0000-0000", "1", str(pmid % 97 + 1), "5", "Norway"),
        pages=str(pmid % 2_003 + 1),
        published="2026-11",
        created=datetime(2026, 11, 20, 6, 0),  # noqa: DTZ001 - PubMed's Eastern
        revised=date(2026, 11, 21),
        doi=f"10.5555/bench.{pmid}",
        publication_types=(Term("D016428", "Journal Article"),),
        mesh=tuple(Heading(f"D{k:06}", f"Heading {k}", major=False) for k in range(10)),
        keywords=tuple(Keyword(word, "NOTNLM", major=False) for word in WORDS[:5]),
        references=tuple(Reference(f"Sample {k}. J Sampl. 2020", 1_000 + k, "", "") for k in range(20)),
    )


# Words and sentences by chance, the same for the same PMID; $words, $names and $sentences are lists.
TEXTS = """
CREATE OR REPLACE TEMP TABLE texts AS
SELECT
    i,
    $first + 3 * i AS pmid,
    array_to_string(list_transform(range(12), lambda k: $words[1 + (hash(i * 64 + k) % 999)::INTEGER]), ' ')
        AS title,
    array_to_string(
        list_transform(range(10), lambda k: $sentences[1 + (hash(i * 64 + 32 + k) % 999)::INTEGER]), ' '
    ) AS abstract,
    $names[1 + (hash(i) % 400)::INTEGER] AS author,
    $now - if(
        i >= $size - $recent,
        to_hours(((($size - i) * 56 * 24) // $recent)::INTEGER),
        to_days((57 + (i * 7_000) // $size)::INTEGER)
    ) AS seen
FROM range($start, $stop) AS numbers(i)
"""
# What each table holds of a chunk. `fresh` is what blocking makes keys from.
FILL = (
    """
    INSERT INTO article (
        pmid, title, journal, published, doi, pmcid, revised, hash, first_fetched, last_fetched, record,
        created
    )
    SELECT
        pmid, title, 'J Sampl', '2026-11', '10.5555/bench.' || pmid, '', seen::DATE, $hash, seen, seen,
        replace(replace(replace(replace($record, $p, pmid::VARCHAR), $t, title), $au, author), $ab, abstract),
        seen::DATE
    FROM texts
    """,
    """
    INSERT INTO citation
    SELECT
        pmid, pmid, title, author || '|A;Sample0|B;Sample1|B', 2026, 'Journal of Samples',
        (pmid % 97 + 1)::VARCHAR, '5', (pmid % 2_003 + 1)::VARCHAR, '10.5555/bench.' || pmid, '',
        left(abstract, 400), 'article', ''
    FROM texts
    """,
    """
    CREATE OR REPLACE TEMP VIEW fresh AS
    SELECT citation.*, split_part(authors, '|', 1) AS author
    FROM citation JOIN texts ON texts.pmid = citation.id
    """,
    f"INSERT INTO citation_key SELECT id, citation_hash(key) FROM ({KEYS})",  # noqa: S608 - our own file
    "DROP VIEW fresh",
    "INSERT INTO sighting SELECT 'bench', 'A', 'new', pmid, seen, seen FROM texts",
    "INSERT INTO sighting SELECT 'bench', 'B', 'new', pmid, seen, seen FROM texts WHERE i % 4 = 0",
    """
    INSERT INTO digest_entry
    SELECT
        'bench', number, pmid, pmid, if(told, 'told', 'below'), 'new', .5, if(told, 1, NULL), seen
    FROM (
        SELECT
            *, greatest(1, $digests - ($size - 1 - i) * $digests // $recent) AS number,
            i % ($recent // ($told * $digests)) = 0 AND i >= $size - $recent AS told
        FROM texts
    )
    """,
    """
    INSERT INTO score
    SELECT 'bench', 1, pmid, .5, '[["words",0.5,["sample"]]]', 'shares sample', false, '1' FROM texts
    """,
    """
    INSERT INTO identity_link
    SELECT pmid, pmid + 3, 'citation', 'title 100 %', seen, NULL, '' FROM texts WHERE i % 100 = 0
    """,
    """
    INSERT INTO revision
    SELECT
        pmid, seen + if(i >= $size - $recent AND i % 800 = 1, INTERVAL 1 HOUR, INTERVAL (-1) HOUR),
        ['mesh'], ['MeSH arrived'], '{"mesh":[]}'
    FROM texts
    WHERE i % 50 = 1
    """,
    "INSERT INTO tombstone SELECT pmid, NULL, seen, 'gone from PubMed' FROM texts WHERE i % 500 = 2",
    """
    INSERT INTO vector
    SELECT pmid, 'bench', unhex(repeat(md5(pmid::VARCHAR), 40)), unhex(repeat('0100', 80)) FROM texts
    """,
)
DIGESTS_MADE = """
INSERT INTO digest
SELECT
    'bench', i, made, made::DATE - 7, made::DATE, 'Digest', 0, 0, 0, 0, 0, 0, '1', $body
FROM (SELECT i, $now - to_days((7 * ($digests + 1 - i))::INTEGER) AS made FROM range(1, $digests + 1) AS n(i))
"""


def build(path: Path, size: int) -> None:
    """Write a library of `size` records."""
    with Library(path):
        pass
    record = encode(article(PMID, TITLE, AUTHOR, ABSTRACT))
    values: dict[str, object] = {
        "first": FIRST, "size": size, "recent": RECENT, "now": NOW.replace(tzinfo=None), "words": WORDS,
        "names": NAMES, "sentences": SENTENCES, "told": TOLD, "digests": DIGESTS,
        "record": record, "p": str(PMID), "t": TITLE, "au": AUTHOR, "ab": ABSTRACT,
        "hash": fingerprint(record), "body": dump(digest(TOLD)),
    }  # fmt: skip

    def run(connection: duckdb.DuckDBPyConnection, sql: str, **more: int) -> None:
        wanted = {
            name: value for name, value in (values | more).items() if name in set(re.findall(r"\$(\w+)", sql))
        }
        connection.execute(sql, wanted)

    with duckdb.connect(str(path), config=SETTINGS) as connection:
        for start in range(0, size, CHUNK):
            run(connection, TEXTS, start=start, stop=min(size, start + CHUNK))
            for sql in FILL:
                run(connection, sql)
        run(connection, DIGESTS_MADE)


def week(number: int) -> Harvest:
    """The harvest of a new week: 2,000 records, one in fifty of them a paper that is there already."""
    chance = random.Random(number)  # noqa: S311 - text to fill a page, no secret
    articles = []
    for at in range(NEW):
        title, abstract = " ".join(chance.choices(WORDS, k=12)), " ".join(chance.choices(SENTENCES, k=10))
        articles.append(article(FRESH + number * 10_000 + at, title, chance.choice(NAMES), abstract))
    pmids = [each.pmid for each in articles]
    today = (NOW + timedelta(days=7 * number)).date()
    window = Window("crdt", today - timedelta(days=14), None)
    line = LedgerLine(
        topic="A", lane=Lane.NEW, slice=0, term="a", window=window, count=NEW, received=NEW, new=NEW
    )
    again = [FIRST + 3 * at for at in range(0, RECENT, 16)]
    return Harvest(
        watch="bench",
        flow="harvest",
        started=NOW + timedelta(days=7 * number),
        lines=(line,),
        articles=tuple(articles),
        sightings=tuple(Sighting("A", Lane.NEW, pmid) for pmid in (*pmids, *again)),
        watermarks=(Watermark("A", Lane.NEW, today),),
        gone=(FIRST + 3 * number,),
    )
