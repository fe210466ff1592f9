"""The library: what was found, decided, told and acknowledged, in one DuckDB file.

Three methods are the commit points of an article's way: `remember` (seen), `record` (told) and
`acknowledge` (acknowledged). A crash between two leaves work that the next run finds: what was
seen and not told is `unreported`, what was told and not acknowledged is `owed`.

Each family of tables has its own module and class, all on `LibraryFile`; each statement is
sql/<table>/<method>.sql.
"""

from queries.library.articles import Articles
from queries.library.digests import Digests
from queries.library.harvests import Harvests
from queries.library.outbox import Outbox
from queries.library.readers import Readers
from queries.library.seeds import Seeds
from queries.library.watches import Watches
from queries.library.works import Works
from queries.records.library import History


class Library(Articles, Works, Harvests, Digests, Outbox, Readers, Seeds, Watches):
    """The library file as one object: `with Library(path) as library:`, in short blocks."""

    def history(self, watch: str, pmid: int) -> History:
        """All that the library knows of a PMID for a watch."""
        one = [pmid]
        decisions = self.decisions(watch, one)
        numbers = {decided.number for decided in decisions}
        return History(
            pmid=pmid,
            article=next(iter(self.articles(one)), None),
            fetched=self.fetched(one).get(pmid),
            work=self.works(one)[pmid],
            seen=self.sightings(watch, one),
            pending=next((waiting for waiting in self.pending(watch) if waiting.pmid == pmid), None),
            revisions=self.revisions(one),
            links=self.links(one),
            scores=self.scores(watch, one),
            decisions=decisions,
            deliveries=self.deliveries(watch, numbers),
            verdicts=tuple(verdict for verdict in self.verdicts(watch) if verdict.pmid == pmid),
            tombstone=self.tombstones(one).get(pmid),
        )


__all__ = ["Library"]
