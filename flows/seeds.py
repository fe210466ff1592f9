"""The seed set of a watch, fetched once: the seed, what it cites, and further articles like it."""

from datetime import datetime

from prefect import task
from prefect.cache_policies import NO_CACHE

from flows.runtime import resources
from flows.runtime.outcome import patient
from flows.runtime.settings import Settings
from queries.errors import InputError, PubMedError
from queries.pubmed import seed as seed_set
from queries.pubmed.eutils import FetchResult, efetch
from queries.pubmed.wire import Wire
from queries.records.article import Article
from queries.records.library import SeedPmids
from queries.watch.file import Routes, Watch


@task(name="find the seed set", cache_policy=NO_CACHE, **patient)
def complete(setting: Settings, watch: Watch, now: datetime) -> Watch:
    """Fetch the seed set unless the library has it; return the watch as it can be asked.

    A seed that PubMed doesn't hold (yet) has no links to follow: the watch comes back without
    routes, its keywords must do, and the next harvest looks for the seed again. So it does where
    the links to what the seed cites could not be read: they help to rank, and end no harvest.
    """
    with resources.library(setting) as library:
        if library.seeds(watch.name, watch.seed).seed:
            return watch
    with resources.pubmed(setting) as wire:
        seed = _resolve(wire, watch.seed.pmid or watch.seed.doi)
        cited = _cited(wire, seed) if seed else FetchResult()
        more = _more(wire, watch.seed.more)
    references = cited.articles if cited else ()
    pmids = SeedPmids(
        seed.pmid if seed and cited is not None else None,
        tuple(article.pmid for article in references),
        tuple(article.pmid for article in more),
    )
    with resources.library(setting) as library:
        library.keep_seeds(
            watch.name, watch.seed, pmids, (*references, *more, *([seed] if seed else [])), now
        )
    return watch if seed else watch.model_copy(update={"routes": Routes(similar=False, cited_by=False)})


def _resolve(wire: Wire, seed: str | int) -> Article | None:
    try:
        return seed_set.resolve_seed(wire, seed)
    except InputError:
        return None


def _cited(wire: Wire, seed: Article) -> FetchResult | None:
    try:
        return seed_set.references(wire, seed)
    except PubMedError:
        return None


def _more(wire: Wire, ids: tuple[str, ...]) -> tuple[Article, ...]:
    """The further examples that PubMed has; PMIDs go in one request."""
    pmids = {int(each) for each in ids if each.isdecimal()}
    by_pmid = efetch(wire, pmids).articles if pmids else ()
    by_doi = (_resolve(wire, each) for each in ids if not each.isdecimal())
    return (*by_pmid, *(article for article in by_doi if article))
