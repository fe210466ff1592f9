"""NBIB, PubMed's own MEDLINE text, for tools that take what PubMed sends to a citation manager.

Tags: https://www.nlm.nih.gov/bsd/mms/medlineelements.html.
"""

from collections.abc import Iterator, Sequence
from textwrap import wrap

from queries.records.article import Article, Heading
from reports.digest.entry import clean
from reports.digest.told import ToldArticle
from reports.digest.wording import MONTHS
from reports.exports import fields

WIDTH = 82  # characters of a line after its tag, as PubMed has it
_WRAPPED = {"TI", "BTI", "AB", "JT", "SO"}


def written(told: Sequence[ToldArticle]) -> bytes:
    """A record a paper, with a blank line before it, in UTF-8."""
    return "".join(f"\n{''.join(_line(*tag) for tag in _tags(each))}" for each in told).encode()


def _line(tag: str, value: str) -> str:
    """Its lines, those after the first indented; a long word is never cut.

    Only what stands once is broken: Biopython takes the second line of a keyword for another one.
    """
    if tag not in _WRAPPED:
        return f"{tag:4}- {value}\n"
    first, *more = wrap(value, WIDTH, break_long_words=False, break_on_hyphens=False)
    return f"{tag:4}- {first}\n" + "".join(f"      {line}\n" for line in more)


def _tags(told: ToldArticle) -> Iterator[tuple[str, str]]:
    article, journal = told.article, told.article.journal
    rest = [("PMID", str(article.pmid)), ("OWN", "NLM"), ("STAT", article.status)]
    if article.book:
        rest += [("BTI", article.book.title), ("PB", article.book.publisher)]
        rest += [("ISBN", isbn) for isbn in article.book.isbns or (article.book.isbn,)]
        rest += [("FED", f"{editor.last}, {editor.fore}") for editor in article.book.editors if editor.last]
    rest += [("IS", journal.issn), ("VI", journal.volume), ("IP", journal.issue), ("DP", _date(article))]
    rest += [("TI", fields.title_of(article)), ("PG", article.pages)]
    rest += [("LID", article.doi and f"{article.doi} [doi]"), ("AB", fields.abstract_of(article))]
    for author in fields.authors_of(article):
        if author.collective:
            rest.append(("CN", author.collective))
            continue
        suffix = f", {author.suffix}" if author.suffix else ""
        rest.append(("FAU", f"{author.last}, {author.fore}{suffix}" if author.fore else author.last))
        rest.append(("AU", " ".join(filter(None, (author.last, author.initials, author.suffix)))))
        rest += [("AUID", author.orcid and f"ORCID: {author.orcid}")]
        rest += [("AD", place) for place in author.affiliations]
    rest += [("LA", language) for language in article.languages]
    rest += [("PT", each.name) for each in article.publication_types]
    rest += [("DEP", article.electronic.replace("-", ""))]
    rest += [
        ("PL", journal.country),
        ("TA", journal.abbreviation),
        ("JT", journal.title),
        ("JID", journal.nlm_id),
    ]
    rest += [("MH", _heading(heading)) for heading in article.mesh]
    rest += [("OT", ("*" if keyword.major else "") + keyword.text) for keyword in article.keywords]
    rest += [("PMC", article.pmcid)]
    rest += [("CRDT", f"{article.created:%Y/%m/%d %H:%M}" if article.created else "")]
    rest += [("AID", article.doi and f"{article.doi} [doi]"), ("SO", _source(article))]
    rest += [("GN", remark) for remark in fields.remarks_of(told)]
    yield from ((tag, text) for tag, value in rest if (text := clean(value)))


def _date(article: Article) -> str:
    """E.g. 2026 Nov 12; a season or a range as it is printed."""
    parts = fields.date_of(article)
    month = [MONTHS[int(parts[1]) - 1][:3]] if len(parts) > 1 and 1 <= int(parts[1]) <= len(MONTHS) else []
    return " ".join((*parts[:1], *month, *(str(int(part)) for part in parts[2:])))


def _heading(heading: Heading) -> str:
    """E.g. Leukemia/*drug therapy: the star stands on what is a major topic."""
    own = heading.major and (heading.both or not any(each.major for each in heading.qualifiers))
    qualifiers = "".join(f"/{'*' * each.major}{each.name}" for each in heading.qualifiers)
    return f"{'*' * own}{heading.name}{qualifiers}"


def _source(article: Article) -> str:
    """E.g. Leuk Lymphoma. 2025 Jul;66(7):1211-1220. doi: 10.1080/..."""
    journal = article.journal
    issue = f"{journal.volume}{f'({journal.issue})' if journal.issue else ''}"
    where = ":".join(filter(None, (issue, article.pages)))
    name = journal.abbreviation or fields.container_of(article)
    doi = f" doi: {article.doi}." if article.doi else ""
    return f"{name}. {';'.join(filter(None, (_date(article), where)))}.{doi}"
