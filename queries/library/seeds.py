"""What a watch compares with: the PMIDs of its seed, of what the seed cites, of further examples."""

from collections.abc import Collection
from datetime import datetime

from queries.library.articles import keep
from queries.library.file import LibraryFile
from queries.library.rows import columns
from queries.records.article import Article
from queries.records.library import SeedPmids
from queries.watch.file import Seed


class Seeds(LibraryFile):
    """The seed set of each watch, its records being among the articles."""

    def seeds(self, watch: str, seed: Seed) -> SeedPmids:
        """The seed set; nothing is known of a seed that the watch file names otherwise than it was kept."""
        rows = self.ask("seed_set/seeds", watch=watch, anchor=_anchor(seed))
        own = [pmid for role, pmid in rows if role == "seed"]
        cited, more = (tuple(pmid for role, pmid in rows if role == wanted) for wanted in ("cited", "more"))
        return SeedPmids(own[0] if own else None, cited, more)

    def keep_seeds(
        self, watch: str, seed: Seed, pmids: SeedPmids, articles: Collection[Article], now: datetime
    ) -> None:
        """Put a seed set in place of the one before, in one transaction with its records."""
        rows = [("cited", pmid) for pmid in pmids.cited] + [("more", pmid) for pmid in pmids.more]
        rows += [("seed", pmids.seed)] if pmids.seed else []
        with self.transaction():
            keep(self, articles, now)
            self.ask("seed_set/keep_seeds_drop", watch=watch)
            self.ask(
                "seed_set/keep_seeds", watch=watch, anchor=_anchor(seed), **columns(("role", "pmid"), rows)
            )


def _anchor(seed: Seed) -> str:
    return " ".join((seed.doi, str(seed.pmid or ""), *seed.more))
