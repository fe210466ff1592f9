"""The seed article and what it cites: fetched, never retyped."""

from queries.errors import InputError
from queries.pubmed.eutils import FetchResult, efetch, elink, esearch
from queries.pubmed.wire import Wire
from queries.records.article import Article
from queries.records.ids import clean_doi


def resolve_seed(wire: Wire, seed: str | int) -> Article:
    """The PubMed record of a DOI or PMID.

    Raises InputError if PubMed has none, or none that bears this very DOI.
    """
    doi = "" if isinstance(seed, int) else clean_doi(seed)
    if not doi and not str(seed).strip().isdecimal():
        raise InputError(f"seed {seed}", "is neither a DOI nor a PMID", "Give one, such as 10.1000/182")
    pmids = esearch(wire, f'"{doi}"[aid]', shown=20).pmids if doi else (int(seed),)
    found = efetch(wire, pmids) if pmids else FetchResult()
    for article in found.articles:
        if not doi or article.doi == doi:
            return article
    why = f" ({found.refused[0].reason})" if found.refused else ""
    raise InputError(
        f"seed {seed}", f"PubMed has no record of it{why}", "Check it at pubmed.ncbi.nlm.nih.gov"
    )


def cited_pmids(wire: Wire, seed: Article) -> set[int]:
    """What the seed cites, as far as PubMed knows: its reference list, else ELink's."""
    listed = {reference.pmid for reference in seed.references if reference.pmid}
    return (listed or {link.pmid for link in elink(wire, seed.pmid, "pubmed_pubmed_refs")}) - {seed.pmid}


def references(wire: Wire, seed: Article) -> FetchResult:
    """The records of what the seed cites."""
    pmids = cited_pmids(wire, seed)
    return efetch(wire, pmids) if pmids else FetchResult()
