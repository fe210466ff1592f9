"""A record as MEDLINE text (rettype=medline), which Bio.Medline and reference managers read."""

from collections.abc import Iterator
from textwrap import wrap

from queries.mirror.index import full_name, short_name
from queries.records.article import Article, Author, Heading

_WIDTH = 88  # of a line; continuations are indented by six


def medline(article: Article) -> str:
    """One record: a blank line, then tagged lines."""
    lines = [""]
    for tag, text in _fields(article):
        if text:
            lines += wrap(
                text,
                _WIDTH,
                initial_indent=f"{tag:<4}- ",
                subsequent_indent=" " * 6,
                break_long_words=False,
                break_on_hyphens=False,
            )
    return "\n".join(lines) + "\n"


def _fields(article: Article) -> Iterator[tuple[str, str]]:  # noqa: C901 - a list of fields, not logic
    journal = article.journal
    yield from (("PMID", str(article.pmid)), ("OWN", "NLM"), ("STAT", article.status))
    yield "DCOM", f"{article.completed:%Y%m%d}" if article.completed else ""
    yield "LR", f"{article.revised:%Y%m%d}" if article.revised else ""
    yield from (("IS", journal.issn), ("VI", journal.volume), ("IP", journal.issue))
    yield from (
        ("DP", article.published_text or article.published),
        ("TI", article.title),
        ("PG", article.pages),
    )
    yield "LID", f"{article.doi} [doi]" if article.doi else ""
    yield (
        "AB",
        " ".join(f"{part.label}: {part.text}" if part.label else part.text for part in article.abstract),
    )
    yield "CI", article.copyright
    for author in article.authors:
        yield from _author(author)
    for language in article.languages:
        yield "LA", language
    for accession in article.accessions:
        yield "SI", f"{accession.bank}/{accession.number}"
    for grant in article.grants:
        yield "GR", "/".join(part for part in grant if part)
    for term in article.publication_types:
        yield "PT", term.name
    yield from (
        ("DEP", article.electronic.replace("-", "")),
        ("PL", journal.country),
        ("TA", journal.abbreviation),
    )
    yield from (("JT", journal.title), ("JID", journal.nlm_id))
    for chemical in article.chemicals:
        yield "RN", f"{chemical.registry} ({chemical.name})"
    for heading in article.mesh:
        yield "MH", _heading(heading)
    for keyword in article.keywords:
        yield "OT", ("*" if keyword.major else "") + keyword.text
    yield "COIS", article.coi
    for tag, moment in (("EDAT", article.entered), ("MHDA", article.indexed), ("CRDT", article.created)):
        yield tag, f"{moment:%Y/%m/%d %H:%M}" if moment else ""
    for milestone in article.history:
        yield "PHST", "" if milestone.partial else f"{milestone.at:%Y/%m/%d %H:%M} [{milestone.status}]"
    for number, kind in ((article.pii, "pii"), (article.doi, "doi")):
        yield "AID", f"{number} [{kind}]" if number else ""
    yield from (("PMC", article.pmcid), ("PST", article.publication_status))
    yield "SO", f"{journal.abbreviation}. {article.published_text or article.published}"


def _author(author: Author) -> Iterator[tuple[str, str]]:
    if author.collective:
        yield "CN", author.collective
        return
    yield "FAU", f"{author.last}, {author.fore}" if author.fore else full_name(author)
    yield "AU", short_name(author)
    yield "AUID", f"ORCID: {author.orcid}" if author.orcid else ""
    for affiliation in author.affiliations:
        yield "AD", affiliation


def _heading(heading: Heading) -> str:
    if not heading.qualifiers:
        return ("*" if heading.major else "") + heading.name
    name = "*" * heading.both + heading.name
    return "/".join((name, *(("*" if each.major else "") + each.name for each in heading.qualifiers)))
