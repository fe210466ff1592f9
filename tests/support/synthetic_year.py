"""A synthetic year of PubMed, and a watch that lives through it under faults, outages and kills.

What a perfect observer would have seen is known from how the year was made. Deletions come at least
three weeks after a record could be found, as nobody who is away finds what is gone when he returns.
Only revised records bear a date of revision, so that no lane can do another one's work.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from queries.errors import PubMedError
from queries.library import Library
from queries.mirror.faults import Fault, FaultPlan
from queries.mirror.load import load
from queries.mirror.server import MirrorServer
from queries.pubmed.harvest import PriorKnowledge, ask_watch
from queries.pubmed.wire import Patience, RequestEntry, Wire
from queries.records.digest import Decision, Flow, Issue, Outcome
from queries.watch.file import Watch
from support.mirror_records import heading, record, write
from support.scripted_server import Time

FAR = datetime(2100, 1, 1, tzinfo=UTC)  # whatever was read by then

BEGIN = date(2026, 1, 5)
CAP = 50
AWAY = range(30, 34)  # days of each ninety on which PubMed is down
DRUG = heading("Imatinib Mesylate", ui="D000068877")
TROUBLE = ("429", "500html", "502", "html200", "error:E3", "truncate", "reset", "prolog_only")
WATCH = Watch.model_validate(
    {
        "name": "year",
        "title": "A year",
        "seed": {"pmid": 1, "keywords": ["imatinib"]},
        "topics": [
            {"name": "Drug", "short": "IMA", "term": 'imatinib[tiab] OR "Imatinib Mesylate"[mh]'},
            {"name": "Remission", "short": "TFR", "term": "remission[tiab]"},
        ],
        "routes": {"similar": False, "cited_by": False},
        "recipients": [{"name": "group", "url": "folder://out"}],
    }
)


class Killed(BaseException):
    """The process is gone: nothing after this was done."""


@dataclass
class Year:
    """The records of a year: `base` at their creation, `updates` by the day that they come into force."""

    base: list[str] = field(default_factory=list)
    updates: dict[date, list[str]] = field(default_factory=lambda: defaultdict(list))
    deleted: dict[date, list[int]] = field(default_factory=lambda: defaultdict(list))
    seen: set[int] = field(default_factory=set)  # by a perfect observer

    def write(self, folder: Path) -> Path:
        """Put the year into files as NLM does, a file a day."""
        write(folder / "base.xml", *self.base)
        for day in sorted({*self.updates, *self.deleted}):
            write(folder / f"u-{day}.xml", *self.updates[day], deleted=tuple(self.deleted[day]))
        return folder


def make_year(seed: int, days: int, records: int) -> Year:
    """Invent a year: late additions, late MeSH, new abstracts, deletions, bulk days over the cap."""
    chance, year = Random(seed), Year()  # noqa: S311 - to be repeatable
    bulks = [chance.randrange(days) for _ in range(max(1, days // 60))]
    for pmid in chance.sample(range(40_000_000, 43_000_000), records):
        day = BEGIN + timedelta(
            days=chance.choice(bulks) if chance.random() < 0.1 else chance.randrange(days)
        )
        kind = chance.choices(
            ("plain", "late entry", "late mesh", "new words", "deleted", "other"), (4, 1, 1, 1, 0.5, 3)
        )[0]
        later = day + timedelta(days=chance.randrange(15, 60))
        within = later < BEGIN + timedelta(days=days)
        title = "A drug" if kind in {"late mesh", "new words", "other"} else chance.choice(
            ("Of imatinib", "Remission", "Imatinib and remission")
        )  # fmt: skip
        created = f"{day} {chance.randrange(4, 12):02}:{chance.randrange(60):02}"
        old = f"{day.year - 7}-03-01 05:00" if kind == "late entry" else created
        year.base.append(record(pmid, title, created=created, entered=old, indexed=old, revised=""))
        if kind in {"plain", "late entry", "deleted"} or (kind in {"late mesh", "new words"} and within):
            year.seen.add(pmid)
        if kind == "late mesh" and within:
            moment = f"{later} 05:00"
            year.updates[later].append(
                record(pmid, title, created=created, indexed=moment, revised="", mesh=DRUG)
            )
        elif kind == "new words" and within:
            year.updates[later].append(record(pmid, "Remission", created=created, revised=str(later)))
        elif kind == "deleted" and within:
            year.deleted[later + timedelta(days=10)].append(pmid)
    return year


@dataclass
class YearRun:
    """What a watch lived through: PMIDs told, runs by how they ended, requests."""

    told: list[int] = field(default_factory=list)
    ends: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    requests: int = 0
    seen: set[int] = field(default_factory=set)
    gaps: int = 0


def run_year(folder: Path, year: Year, seed: int, days: int) -> YearRun:
    """A harvest each morning and a digest each week, with everything that goes wrong in between."""
    chance, run = Random(seed + 1), YearRun()  # noqa: S311 - to be repeatable
    library = folder / "library.duckdb"
    with (
        load([year.write(folder / "xml")]) as corpus,
        MirrorServer(corpus, now=datetime(2026, 1, 1, tzinfo=UTC), cap=CAP + 10) as mirror,
    ):
        for now in _mornings(days):
            last = now.date() > BEGIN + timedelta(days=days)
            away = not last and (now.date() - BEGIN).days % 90 in AWAY
            mirror.clock = now
            mirror.faults = None if last else FaultPlan(_faults(away=away), seed=chance.randrange(10**9))
            tries = 6 if last else chance.choice([1, 1, 6])
            kill_at = 0 if last or away else chance.choice([0] * 9 + [1, 3, 5, 7])
            end = _morning(mirror, library, now, tries=tries, kill_at=kill_at)
            run.ends[end] += 1
            run.requests += len(mirror.requests)
            mirror.requests.clear()
            if now.weekday() == 0 or last:
                run.told += _digest(library, now)
    with Library(library) as store:
        run.seen = store.seen("year")
        run.gaps = sum(len(lane.gaps) for lane in store.coverage("year", FAR))
    return run


def _mornings(days: int) -> Iterator[datetime]:
    for day in range(days + 3):
        yield datetime(BEGIN.year, BEGIN.month, BEGIN.day, 10, tzinfo=UTC) + timedelta(days=day)


def _faults(*, away: bool) -> list[Fault]:
    """An outage, or one request in twenty."""
    if away:
        return [Fault(kind="503")]
    return [Fault(kind=kind, one_in=20 * len(TROUBLE)) for kind in TROUBLE]


def _morning(mirror: MirrorServer, library: Path, now: datetime, *, tries: int, kill_at: int) -> str:
    """One harvest, killed at its `kill_at`-th request, or before its transaction if that never comes."""
    asked = []

    def log(entry: RequestEntry) -> None:
        asked.append(entry)
        if len(asked) == kill_at:
            raise Killed

    def unknown(pmids: object) -> set[int]:
        with Library(library) as store:
            return store.unknown(pmids)  # type: ignore[arg-type]

    with Library(library) as store:
        known = PriorKnowledge(
            watermarks=store.watermarks("year"),
            pending=[waiting.pmid for waiting in store.pending("year")],
            translations=store.translations("year"),
            unknown=unknown,
        )
    at = Time()
    try:
        with Wire(
            mirror.url, tool="t", email="a@example.org", rate=float("inf"), log=log,
            sleep=at.sleep, clock=at.clock, patience=Patience(tries=tries),
        ) as wire:  # fmt: skip
            brought = ask_watch(wire, WATCH, known, now=now, cap=CAP)
        if kill_at:
            return "killed"
        with Library(library) as store:
            store.remember(brought, now)
    except Killed:
        return "killed"
    except PubMedError:
        return "failed"
    return "degraded" if any(line.error for line in brought.lines) else "done"


def _digest(library: Path, now: datetime) -> list[int]:
    """Tell everything that was found and not told; the library refuses to tell twice."""
    with Library(library) as store:
        pmids = sorted(store.unreported("year"))
        store.record(
            Issue(
                watch="year",
                number=store.next_number("year"),
                made=now,
                since=now.date() - timedelta(days=7),
                until=now.date(),
                subject="A year",
                flow=Flow(len(pmids), 0, 0, 0, 0, len(pmids)),
                decisions=tuple(Decision(pmid, pmid, Outcome.TOLD) for pmid in pmids),
                scores=(),
                recipients=(),
                body="{}",
            )
        )
    return pmids
