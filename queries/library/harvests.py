"""What harvests brought home: the ledger, sightings, watermarks, and what is still awaited."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from queries.calendar import settled
from queries.errors import InputError
from queries.ledger import coverage
from queries.library.articles import BEGINNING, keep, stop_waiting, stored
from queries.library.file import LibraryFile
from queries.library.rows import aware, columns, fingerprint, to_json, utc
from queries.records.harvest import Harvest, Lane, LedgerLine, Missing, Sighting, Watermark
from queries.records.library import Coverage, Pending, Remembered, Run, Searched, Seen, Strategy

LINE = (
    "topic", "lane", "slice", "term", "field", "since", "until", "translation", "warnings", "count",
    "received", "known", "new", "missing", "refused", "error",
)  # fmt: skip


class Harvests(LibraryFile):
    """The first commit point, and the questions that the next harvest starts from."""

    def remember(self, harvest: Harvest, now: datetime) -> Remembered:
        """Write a harvest in one transaction: all of it, its watermarks included, or nothing.

        The same harvest may be remembered again (a task that was retried) and changes nothing.
        A watermark never moves back, unless it stands where no clock can have been.
        What was missing or refused waits as pending until it comes.
        """
        mark = fingerprint(to_json(replace(harvest, articles=())))
        moment, watch = utc(now), harvest.watch
        with self.transaction():
            kept = keep(self, harvest.articles, now)
            sighted = stored(self, {sighting.pmid for sighting in harvest.sightings})
            known = sighted.keys() - {*kept.new, *kept.changed}
            remembered = kept._replace(known=tuple(sorted(known.union(kept.known))))
            if self.ask("run/remember", watch=watch, fingerprint=mark):
                return remembered
            run = _ran(self, watch, harvest.flow, (harvest.started, now), harvest.trouble, mark)
            self.ask("ask/remember", run=run, **columns(LINE, map(_line, harvest.lines)))
            self.ask(
                "sighting/remember",
                watch=watch, now=moment, **columns(Sighting._fields, harvest.sightings),
            )  # fmt: skip
            sighted_pmids = [sighting.pmid for sighting in harvest.sightings]
            self.ask("undecided/remember", watch=watch, pmids=sighted_pmids)
            refused = {r.pmid: f"not readable: {r.reason}" for r in harvest.refused if r.pmid}
            missing = {m.pmid: m.reason for m in harvest.missing}
            self.ask("refusal/remember", run=run, **columns(("pmid", "reason"), harvest.refused))
            self.ask(
                "pending/remember",
                watch=watch, now=moment, **columns(Missing._fields, (refused | missing).items()),
            )  # fmt: skip
            self.ask("digest_entry/remember", watch=watch, now=moment, pmids=list(harvest.baseline))
            self.ask("undecided/decide", watch=watch, pmids=list(harvest.baseline))
            if harvest.gone:
                self.ask("tombstone/remember", now=moment, pmids=list(harvest.gone))
            stop_waiting(self, [*harvest.gone, *(article.pmid for article in harvest.articles)])
            self.ask(
                "watermark/remember",
                watch=watch, settled=settled(harvest.started),
                **columns(Watermark._fields, harvest.watermarks),
            )  # fmt: skip
        return remembered

    def ran(
        self, watch: str, flow: str, started: datetime, now: datetime, trouble: tuple[str, ...] = ()
    ) -> None:
        """Note that a flow other than a harvest ran, for `status`."""
        with self.transaction():
            _ran(self, watch, flow, (started, now), trouble)

    def runs(self, watch: str) -> tuple[Run, ...]:
        """The watch's runs, in the order in which they ran, whatever their clocks said."""
        return tuple(self.read(Run, "run/runs", watch=watch))

    def watermarks(self, watch: str) -> tuple[Watermark, ...]:
        """Up to which day each lane of each topic has been read completely."""
        return tuple(self.read(Watermark, "watermark/watermarks", watch=watch))

    def translations(self, watch: str) -> dict[tuple[str, Lane], str]:
        """How PubMed translated each topic and lane when it was asked last."""
        rows = self.ask("ask/translations", watch=watch)
        return {(topic, Lane(lane)): translation for topic, lane, translation in rows}

    def warnings(self, watch: str) -> frozenset[tuple[str, str]]:
        """Every (topic, warning) that PubMed ever gave."""
        return frozenset(self.ask("ask/warnings", watch=watch))

    def pending(self, watch: str) -> tuple[Pending, ...]:
        """What PubMed counted and has not handed out, or not readably: to be asked for again."""
        return tuple(self.read(Pending, "pending/pending", watch=watch))

    def dismiss(self, watch: str, pmid: int, now: datetime) -> None:
        """End the alarm of a PMID that is pending; it is asked for all the same, and told if it comes.

        Raises InputError if nobody waits for it.
        """
        if not self.ask("pending/dismiss", watch=watch, pmid=pmid, now=utc(now)):
            waiting = ", ".join(str(each.pmid) for each in self.pending(watch)) or "none"
            raise InputError(f"{watch} {pmid}", "is not pending", f"Name one of these: {waiting}")

    def seen(self, watch: str, pmids: Collection[int] | None = None) -> set[int]:
        """Every PMID (of those) that the watch ever found."""
        wanted = None if pmids is None else list(pmids)
        return {pmid for (pmid,) in self.ask("sighting/seen", watch=watch, pmids=wanted)}

    def sightings(self, watch: str, pmids: Collection[int]) -> tuple[Seen, ...]:
        """Which topics and lanes found the PMIDs, and when; by PMID, the first sighting first."""
        return tuple(self.read(Seen, "sighting/sightings", watch=watch, pmids=list(pmids)))

    def unreported(self, watch: str) -> set[int]:
        """PMIDs found, stored, not deleted, and not decided yet; those held over are among them."""
        return unreported(self, watch)

    def found(self, watch: str, since: datetime | None) -> set[int]:
        """What the flow line counts: PMIDs seen after `since` (ever), and all that is unreported."""
        rows = self.ask("sighting/found", watch=watch, since=since and utc(since))
        return {pmid for (pmid,) in rows} | unreported(self, watch)

    def ledger(self, watch: str, since: datetime = BEGINNING) -> tuple[LedgerLine, ...]:
        """The lines of the watch's ledger of the runs after `since`, the oldest run first."""
        return tuple(self.read(LedgerLine, "ask/ledger", watch=watch, since=utc(since)))

    def searches(self, watch: str, since: datetime, until: datetime) -> tuple[Searched, ...]:
        """What each lane of each topic was asked by runs from `since` on and before `until`, summed."""
        return tuple(self.read(Searched, "ask/searches", watch=watch, since=utc(since), until=utc(until)))

    def strategies(self, watch: str, since: datetime, until: datetime) -> tuple[Strategy, ...]:
        """Every search that those runs asked, as typed and as PubMed translated it."""
        return tuple(self.read(Strategy, "ask/strategies", watch=watch, since=utc(since), until=utc(until)))

    def coverage(self, watch: str, now: datetime) -> tuple[Coverage, ...]:
        """Which days each lane of each topic has read completely by `now`, and which gaps it left."""
        rows = self.ask("ask/coverage", watch=watch)
        windows = (
            (topic, Lane(lane), since, until, aware(started)) for topic, lane, since, until, started in rows
        )
        return coverage(windows, now)


def unreported(library: LibraryFile, watch: str) -> set[int]:
    """PMIDs found, stored, not deleted, and not decided yet; those held over are among them."""
    return {pmid for (pmid,) in library.ask("undecided/unreported", watch=watch)}


def _ran(
    library: LibraryFile, watch: str, flow: str, times: tuple[datetime, datetime], trouble: tuple[str, ...],
    mark: str = "",
) -> int:  # fmt: skip
    """Write down a run from its start to its end; return its id."""
    started, ended = map(utc, times)
    rows = library.ask(
        "run/ran",
        watch=watch, flow=flow, started=started, ended=ended, trouble=list(trouble), fingerprint=mark,
    )  # fmt: skip
    return int(rows[0][0])


def _line(line: LedgerLine) -> tuple[object, ...]:
    field, since, until = line.window or (None, None, None)
    return (
        line.topic, line.lane, line.slice, line.term, field, since, until, line.translation,
        list(line.warnings), line.count, line.received, line.known, line.new, line.missing,
        line.refused, line.error,
    )  # fmt: skip
