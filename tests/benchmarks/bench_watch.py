"""Known-item recall of the shipped watch on real records, and what it lets in that isn't its own.

The topics are put to the mirror over every shared record, with abstracts and by titles alone. Known
to be on the disease are the shared CML records: those of the 45 stopping studies and of the lists of
citations that spell it out or name it in their title, and those that cml_records.jsonl says so of.
The watch was written with these in view; nothing is held out.
"""

import re
import sys
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from evidence_labelled import stopping_studies
from figures import QUICK, figure, real_data
from support.evidence_corpora import corpora
from support.mirror_records import record, write

from queries.evidence import assess
from queries.mirror.language import Reader
from queries.mirror.load import load as load_corpus
from queries.mirror.mesh import Mesh
from queries.records.article import Article
from queries.watch.file import SHIPPED, load

WATCH = load(SHIPPED / "cml-stem-cells.toml")
NOW = datetime(2026, 11, 20, 12)  # noqa: DTZ001 - PubMed's clock carries no zone
NAMED = re.compile(
    r"chronic (?:phase )?(?:my(?:elo|el)\w*|granulocytic)[ -]+leuk|\bCML\b|\bBCR[-:]{1,2}ABL", re.IGNORECASE
)
NOT_CML = re.compile(
    r"metaphyseal|carboxymethyl|lympholysis|BCR[-:]{1,2}ABL\d?[- ](?:negative|like)|acute lymphoblastic",
    re.IGNORECASE,
)


def main() -> None:
    """Print the figures, and what was missed and let in."""
    folder = real_data("recall of the shipped watch")
    if not folder:
        return
    articles = corpora(folder)
    studies = {f"stopping:{each.id}": each for each in stopping_studies(folder)}
    articles |= {name: each.article for name, each in studies.items()}
    articles = {name: article for name, article in articles.items() if article.title}
    known = {name for name, article in articles.items() if _on_cml(article)}
    stopping = {name for name in known if name in studies and studies[name].tfr}
    stopping |= {name for name in known if name.startswith("cite:") and assess(articles[name]).tfr}
    for view in ("by title alone",) if QUICK else ("with abstracts", "by title alone"):
        found = _asked(articles, abstracts=view == "with abstracts")
        items = known if view == "with abstracts" else {n for n in known if NAMED.search(articles[n].title)}
        missed = sorted(name for name in items if not found[name])
        print(f"any topic, {view}: {_share(len(items) - len(missed), len(items))}")
        least = 0.97 if view == "with abstracts" else 0.95
        figure(f"shipped watch, {view}: found by any topic", 1 - len(missed) / len(items), at_least=least)
        for name in missed:
            print(f"    missed {name}: {articles[name].title[:100]}")
        lost = sorted(name for name in stopping if "TFR" not in found[name])
        print(f"TFR topic, {view}: {_share(len(stopping) - len(lost), len(stopping))}")
        found_by_tfr = 1 - len(lost) / len(stopping)
        figure(f"shipped watch, {view}: TFR papers found by its TFR topic", found_by_tfr, at_least=0.9)
        for name in lost:
            print(f"    not by TFR {name}: {articles[name].title[:100]}")
        false = sorted(name for name in found if found[name] and name not in known)
        others = len(articles) - len(known)
        print(f"false hits, {view}: {len(false)} of {others} = {1000 * len(false) / others:.2f} in 1,000")
        figure(f"shipped watch, {view}: false hits", 1000 * len(false) / others, "in 1,000", at_most=1)
        for name in false:
            print(f"    let in {name} {sorted(found[name])}: {articles[name].title[:100]}")


def _share(part: int, whole: int) -> str:
    return f"{part}/{whole} = {part / whole:.3f}"


def _on_cml(article: Article) -> bool:
    text = f"{article.title} {' '.join(part.text for part in article.abstract)}"
    if NAMED.search(article.title) and not NOT_CML.search(article.title):
        return True
    return len(NAMED.findall(text)) > 1 and not NOT_CML.search(text)


def _abstract(article: Article) -> str:
    """The abstract without what XML forbids."""
    text = "\n".join(part.text for part in article.abstract)
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", " ", text)


def _asked(articles: Mapping[str, Article], *, abstracts: bool) -> dict[str, set[str]]:
    """Record → the topics that find it."""
    names = dict(enumerate(articles, 90000001))
    records = [
        record(pmid, escape(articles[name].title), abstract=_abstract(articles[name]) if abstracts else "")
        for pmid, name in names.items()
    ]
    found: dict[str, set[str]] = {name: set() for name in articles}
    with (
        tempfile.TemporaryDirectory() as folder,
        load_corpus([write(Path(folder) / "all.xml", *records)]) as corpus,
    ):
        reader, view = Reader(corpus, Mesh(), ideal=True), corpus.view(NOW)
        for topic in WATCH.topics:
            for doc in reader.search(topic.term, view, NOW.date()).docs:
                found[names[int(corpus.pmids[doc])]].add(topic.short)
    return found


if __name__ == "__main__":
    main()
