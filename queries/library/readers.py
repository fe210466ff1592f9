"""What readers said: verdicts on articles, and who wants no more."""

from collections.abc import Collection, Mapping
from datetime import datetime

from queries.errors import InputError
from queries.library.file import LibraryFile
from queries.library.rows import aware, columns, utc
from queries.records.library import HeardVerdict, Unsubscription, Verdict


class Readers(LibraryFile):
    """Everything that readers said stays; what counts is the newest of each reader."""

    def judge(self, watch: str, verdicts: Mapping[int, bool | None], now: datetime, reader: str = "") -> None:
        """Keep what a reader said: is the article relevant to the watch; None takes his verdict back."""
        rows = verdicts.items()
        self.ask(
            "feedback/judge", watch=watch, now=utc(now), reader=reader, **columns(("pmid", "relevant"), rows)
        )

    def hear(self, watch: str, verdicts: Collection[HeardVerdict], now: datetime) -> None:
        """Keep verdicts that came with an id, those that are not here yet, as heard now."""
        rows = [verdict._replace(given=utc(verdict.given)) for verdict in verdicts]
        self.ask("feedback/hear", watch=watch, now=utc(now), **columns(HeardVerdict._fields, rows))

    def feedback(self, watch: str, until: datetime | None = None) -> dict[int, bool]:
        """The newest verdict on each article that stands, of those that were heard by `until`."""
        standing: dict[tuple[int, str], bool] = {}
        for verdict in self.verdicts(watch):
            if until and verdict.heard > until:
                continue
            standing.pop((verdict.pmid, verdict.reader), None)
            if verdict.relevant is not None:
                standing[verdict.pmid, verdict.reader] = verdict.relevant
        return {pmid: relevant for (pmid, _), relevant in standing.items()}

    def verdicts(self, watch: str) -> tuple[Verdict, ...]:
        """Every verdict, the oldest first."""
        return tuple(self.read(Verdict, "feedback/verdicts", watch=watch))

    def take_back(self, watch: str, pmid: int, now: datetime) -> int:
        """Take back what every reader said of an article; return how many had said something.

        Raises InputError if nobody had.
        """
        latest = {each.reader: each.relevant for each in self.verdicts(watch) if each.pmid == pmid}
        readers = [reader for reader, relevant in latest.items() if relevant is not None]
        if not readers:
            raise InputError(f"PMID {pmid}", f"has no verdict for {watch}", "There is nothing to take back")
        with self.transaction():
            for reader in readers:
                self.judge(watch, {pmid: None}, now, reader)
        return len(readers)

    def unsubscribe(self, watch: str, rows: Collection[Unsubscription]) -> None:
        """Keep who wants no more of a watch, or wants it again, what is not here yet by its id."""
        rows = [row._replace(given=utc(row.given)) for row in rows]
        self.ask("unsubscription/unsubscribe", watch=watch, **columns(Unsubscription._fields, rows))

    def unsubscribed(self, watch: str) -> dict[str, datetime]:
        """The addresses that want no more of a watch, and since when."""
        rows = self.ask("unsubscription/unsubscribed", watch=watch)
        return {address: aware(given) for address, given in rows}

    def addresses(self, watch: str) -> tuple[str, ...]:
        """Every address that a digest of the watch was packed for."""
        return tuple(address for (address,) in self.ask("parcel/addresses", watch=watch))

    def waive_unsubscribed(self, watch: str, now: datetime) -> None:
        """End what is owed to those who want no more, whatever capitals their addresses have."""
        stopped = {address.casefold() for address in self.unsubscribed(watch)}
        if not stopped:
            return
        addresses = [address for address in self.addresses(watch) if address.casefold() in stopped]
        self.ask("parcel/waive_unsubscribed", watch=watch, addresses=addresses, now=utc(now))
