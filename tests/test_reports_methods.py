"""The report: its numbers are the ledger's in any history and span, its page and diagram say them."""

import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html
from support.reports_samples import digest

from queries.records.digest import Decision, Kind, Outcome
from queries.records.harvest import Lane
from queries.records.library import Decided, Run, Searched, Strategy
from reports.methods.crate import describe
from reports.methods.prisma_s import counted, items
from reports.methods.record import MethodsInputs, PrismaFlow, prisma_flow
from reports.methods.report import report

FIRST = datetime(2026, 1, 5, 6, tzinfo=UTC)
PMIDS = range(1, 13)
UPDATES = (Kind.RETRACTION, Kind.CORRECTION)


def week(number: int) -> datetime:
    """When digest `number` was made."""
    return FIRST + timedelta(weeks=number)


@st.composite
def histories(draw: st.DrawFn) -> list[Decided]:
    """What digests may decide: a PMID is new once, held over until told, judged again below, then known."""
    fate: dict[int, Outcome] = {}
    told: set[int] = set()
    found: list[Decided] = []
    for pmid in draw(st.sets(st.sampled_from(PMIDS), max_size=4)):
        fate[pmid] = Outcome.KNOWN
        found.append(Decided(0, week(0), Decision(pmid, pmid, Outcome.KNOWN, Kind.BASELINE)))
    for number in range(1, draw(st.integers(1, 6)) + 1):
        for pmid in draw(st.sets(st.sampled_from(PMIDS))):
            before = fate.get(pmid)
            if before in {None, Outcome.HELD} or (before is Outcome.BELOW and draw(st.booleans())):
                outcome = draw(st.sampled_from([Outcome.MERGED, Outcome.BELOW, Outcome.HELD, Outcome.TOLD]))
                fate[pmid] = outcome
            else:
                outcome = Outcome.KNOWN
            told |= {pmid} if outcome is Outcome.TOLD else set()
            found.append(Decided(number, week(number), Decision(pmid, pmid, outcome)))
        for pmid in draw(st.sets(st.sampled_from(sorted(told)))) if told else ():
            kind = draw(st.sampled_from(UPDATES))
            found.append(Decided(number, week(number), Decision(pmid, pmid, Outcome.TOLD, kind)))
    return draw(st.permutations(found))


def counted_by_hand(history: list[Decided], since: datetime, until: datetime) -> Counter[str]:
    """PMID by PMID: the last thing decided about it in the span, but that it was known."""
    counts: Counter[str] = Counter()
    for pmid in PMIDS:
        rows = sorted(
            (each for each in history if each.decision.pmid == pmid and since <= each.made < until),
            key=lambda each: each.number,
        )
        own = [row.decision for row in rows if not row.decision.kind.is_update]
        if not own:
            continue
        said = [each for each in own if each.outcome is not Outcome.KNOWN]
        if said:
            counts[said[-1].outcome] += 1
        else:
            counts["baseline" if own[0].kind is Kind.BASELINE else "before"] += 1
    return counts


@settings(max_examples=1000)
@given(histories(), st.integers(0, 7), st.integers(0, 7))
def test_the_flow_is_the_ledgers_in_any_span_of_any_history(history: list[Decided], a: int, b: int) -> None:
    since, until = week(min(a, b)), week(max(a, b))
    flow = prisma_flow(history, since, until)
    by_hand = counted_by_hand(history, since, until)
    for name in ("before", "baseline", "merged", "below", "held", "told"):
        assert getattr(flow, name) == by_hand[name], name
    assert flow.records == flow.before + flow.baseline + flow.merged + flow.judged
    assert flow.records == by_hand.total()
    # spans add up: what was told before and in it is what was told by its end
    assert flow.earlier + flow.works == prisma_flow(history, week(0), until).works
    told_kinds = [
        each.decision.kind for each in history if since <= each.made < until and each.decision.kind.is_update
    ]
    assert dict(flow.notices) == Counter(told_kinds)


def searched(topic: str, lane: Lane, **facts: object) -> Searched:
    """A question's sums."""
    known: dict[str, object] = {"field": "", "since": None, "until": None, "first": FIRST, "last": week(1)}
    sums = {"runs": 14, "counted": 1234, "received": 1234, "new": 30, "missing": 1, "refused": 0, "failed": 0}
    return Searched(topic, lane, **{**known, **sums, **facts})  # type: ignore[arg-type]


def inputs(**facts: object) -> MethodsInputs:
    """A fortnight of a watch."""
    one = digest(5)
    term = '"imatinib"[tiab] AND <b>&"x"'
    known: dict[str, object] = {
        "watch": "cml-stem-cells",
        "made": week(3),
        "since": week(0),
        "until": week(3),
        "digests": [one],
        "decided": [Decided(one.number, week(1), each) for each in one.decided],
        "searches": [
            searched("TKI", Lane.NEW, field="crdt", since=FIRST.date(), until=week(1).date()),
            searched("", Lane.CITED_BY),
        ],
        "strategies": [Strategy("TKI", term, "imatinib[All Fields]", FIRST, week(1))],
        "runs": [Run("harvest", FIRST, FIRST, ())],
        "waiting": 2,
    }
    return MethodsInputs(**{**known, **facts})  # type: ignore[arg-type]


def test_the_flow_of_one_digest_is_its_flow_line() -> None:
    made = digest(5)
    flow = prisma_flow([Decided(made.number, week(1), each) for each in made.decided], week(0), week(2))
    assert (flow.before, flow.merged, flow.below, flow.held, flow.told) == made.flow[1:]
    assert flow.records == made.flow.found


def test_items_are_filled_or_open_and_counted() -> None:
    given_ = inputs()
    every = items(given_, prisma_flow(given_.decided, given_.since, given_.until))
    assert [item.number for item in every] == list(range(1, 17))
    assert [item.number for item in every if item.open] == [3, 4, 6, 7, 10, 11, 14]
    assert counted(every) == "9 of 16 items filled from the ledger, 7 left open for a person"
    empty = inputs(searches=[], strategies=[], runs=[], decided=[])
    bare = items(empty, prisma_flow([], empty.since, empty.until))
    assert [item.number for item in bare if item.open] == [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]


def test_page_diagram_and_data_say_the_same_numbers() -> None:
    made = report(inputs())
    flow = made.flow
    page = html.fromstring(made.files["methods.html"])
    assert page.xpath("string(//pre)") == '"imatinib"[tiab] AND <b>&"x"'
    assert f"{flow.records} records = {flow.before} known before" in str(page.xpath("string()"))
    drawing = etree.fromstring(made.files["flow.svg"].encode())
    words = " ".join(map(str, drawing.itertext()))
    for number in (flow.records, flow.before, flow.merged, flow.below, flow.held, flow.works):
        assert f"(n = {number:,})" in words
    data = json.loads(made.files["report.json"])
    assert PrismaFlow(**data["flow"])[:-1] == flow[:-1]
    assert len(data["prisma_s"]) == 16
    assert report(inputs()).files == made.files
    assert not re.search(r"https?://(?!www\.w3\.org)", made.files["methods.html"])


def test_the_report_is_a_research_object(tmp_path: Path) -> None:
    made = report(inputs())
    for name, text in made.files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert describe(tmp_path, made.files, "cml-stem-cells", week(3))
    graph = json.loads((tmp_path / "ro-crate-metadata.json").read_text())["@graph"]
    assert set(made.files) <= {each["@id"] for each in graph}
