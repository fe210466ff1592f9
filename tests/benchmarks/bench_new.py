"""Drafted watches of thirty reviews: is the subject right, are topics tautologies or methods, what is found.

The reviews and one reader's judgement stand in new_reviews.csv. `chosen` are those on which the rules of
queries/watch/concepts.py were chosen; `left out` are those on which no rule was chosen. Recall is of the
reviews' own references that are among the shared records: few are, and the figure says of how many.

    SEEDWATCH_REAL_DATA=… python tests/benchmarks/bench_new.py
"""

import csv
import gzip
import os
import sys
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from queries.mirror.language import Reader
from queries.mirror.load import load as load_corpus
from queries.mirror.mesh import Mesh
from queries.readers.pubmed_xml import parse
from queries.records.article import Article
from queries.terms.lint import lint
from queries.watch.bare import is_bare
from queries.watch.concepts import subject_and_topics
from queries.watch.draft import draft
from queries.watch.file import Watch, load
from queries.watch.naming import Concept, folded, nested

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 20, 12)  # noqa: DTZ001 - PubMed's clock carries no zone


def main() -> None:
    """Print a line a review, then the sums."""
    shared = Path(os.environ.get("SEEDWATCH_REAL_DATA", ""))
    source = shared / "pubmed" / "pubmed_real.xml.gz"
    if not source.is_file():
        sys.exit("SEEDWATCH_REAL_DATA is unset or has no pubmed/pubmed_real.xml.gz: skipped")
    with gzip.open(source) as stream:
        articles = {record.pmid: record for record in parse(stream) if isinstance(record, Article)}
    with (HERE / "new_reviews.csv").open(encoding="utf-8") as stream:
        reviews = list(csv.DictReader(stream))
    sums: dict[str, list[int]] = {}
    faults = 0
    watches: dict[int, Watch] = {}
    for review in reviews:
        article = articles[int(review["pmid"])]
        subject, topics = subject_and_topics([article], [])
        right = folded(subject.name) in {folded(name) for name in review["subject"].split("|")}
        sums.setdefault(review["split"], []).append(right)
        watches[article.pmid] = drafted(article)
        found = [
            *problems(subject, topics),
            *(str(each) for topic in watches[article.pmid].topics for each in lint(topic.term)),
        ]
        faults += len(found)
        print(
            f"{'right' if right else 'WRONG'}  {review['pmid']:>9}  {review['field']:<24} {subject.name}: ",
            end="",
        )
        print("; ".join(topic.name for topic in topics), *found, sep="  ! " if found else "")
    for split, rights in sums.items():
        print(f"subject right, {split}: {sum(rights)} of {len(rights)}")
    print(f"fields: {len({review['field'] for review in reviews})}")
    print(f"topics that a program can fault (nested, bare, lint): {faults}")
    recall(source, articles, watches)


def problems(subject: Concept, topics: list[Concept]) -> list[str]:
    """What a program can fault: a topic that says the subject or another again, or a method alone."""
    found = [f"{topic.name} is bare" for topic in topics if is_bare(topic.name)]
    every = [subject, *topics]
    for place, one in enumerate(every):
        found += [
            f"{other.name} says {one.name} again"
            for other in every[place + 1 :]
            if nested(folded(other.name), folded(one.name))
        ]
    return found


def drafted(article: Article) -> Watch:
    """The watch of one review, as its file is read."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "drafted.toml"
        path.write_text(draft([article], [], "drafted"), encoding="utf-8")
        return load(path)


def recall(source: Path, articles: dict[int, Article], watches: dict[int, Watch]) -> None:
    """How many references that are among the records any topic of their review's watch finds."""
    cited = {
        pmid: {each.pmid for each in articles[pmid].references if each.pmid in articles} for pmid in watches
    }
    # reviews beyond the thirty, so that there is anything to count
    for pmid, article in articles.items():
        own = {each.pmid for each in article.references if each.pmid in articles} - {pmid}
        if own and pmid not in cited:
            cited[pmid], watches[pmid] = own, drafted(article)
    held = found = 0
    with load_corpus([source]) as corpus:
        reader, view = Reader(corpus, Mesh(), ideal=True), corpus.view(NOW)
        for pmid, wanted in cited.items():
            if not wanted:
                continue
            hit = set[int]()
            for topic in watches[pmid].topics:
                hit |= {int(corpus.pmids[doc]) for doc in reader.search(topic.term, view, NOW.date()).docs}
            held, found = held + len(wanted), found + len(wanted & hit)
    articles_with = sum(bool(each) for each in cited.values())
    print(f"references among the records: {held}, of {articles_with} articles; found by a topic: {found}")


if __name__ == "__main__":
    main()
