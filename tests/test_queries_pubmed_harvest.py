"""A harvest as a whole: complete whatever PubMed does, or honest about what is not."""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.scripted_server import Reply, Script, Time, articles, error, ids, json_reply, playing, searched

from queries.errors import Outage, Refused, SettingsError
from queries.pubmed.harvest import PriorKnowledge, ask_watch
from queries.pubmed.wire import Wire
from queries.records.harvest import Harvest, Lane, LedgerLine, Watermark
from queries.watch.file import Watch

NOW = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
DOWN = Reply(b"<html>Service Unavailable</html>", 503)
E12 = error("Couldn't resolve #exLinkSrv2, the address table is empty.", "eLinkResult")
WATCH = Watch.model_validate(
    {
        "name": "sample",
        "title": "Sample",
        "seed": {"pmid": 1, "keywords": ["imatinib"]},
        "topics": [
            {"name": "Imatinib", "short": "IMA", "term": "imatinib[tiab]"},
            {"name": "Remission", "short": "TFR", "term": "remission[mh]"},
        ],
        "routes": {"similar": False, "cited_by": False},
        "recipients": [{"name": "group", "url": "folder://out"}],
    }
)
ROUTED = WATCH.model_copy(
    update={"routes": WATCH.routes.model_copy(update={"similar": True, "cited_by": True})}
)
ONE = WATCH.model_copy(update={"topics": WATCH.topics[:1]})
_BETWEEN = re.compile(r'\("([\d/]+)"\[crdt\] : "([\d/]+)"\[crdt\]\)')
_UID = re.compile(r"(?<![:\d])(\d+)\[uid\]")
_UIDS = re.compile(r"(\d+):(\d+)\[uid\]")
Asked = dict[str, list[str]]


@dataclass
class Tiny:
    """The smallest PubMed: PMIDs with a day of creation, of which a search shows at most `shown`."""

    created: dict[int, date]
    shown: int = 9_999
    absent: Collection[int] = ()
    revised: Collection[int] = ()
    links: Collection[int] = ()
    fault: Callable[[str, Asked, int], Reply | None] = field(default=lambda *_: None)

    def __call__(self, util: str, params: Asked, ordinal: int) -> Reply:
        """Answer."""
        if reply := self.fault(util, params, ordinal):
            return reply
        if util == "efetch":
            return articles(*(pmid for pmid in ids(params) if pmid not in self.absent))
        if util == "elink":
            name = params["linkname"][0]
            links = "".join(f"<Link><Id>{pmid}</Id></Link>" for pmid in self.links)
            return Reply(
                f'<?xml version="1.0"?><eLinkResult><LinkSet><LinkSetDb><LinkName>{name}</LinkName>{links}'
                "</LinkSetDb></LinkSet></eLinkResult>".encode()
            )
        if named := _UID.findall(params["term"][0]):
            return searched(*(pmid for pmid in map(int, named) if pmid not in self.absent))
        hits = self.hits(params["term"][0])
        return searched(*hits[: self.shown], count=len(hits))

    def hits(self, term: str) -> list[int]:
        """What a term of ours finds."""
        found = self.revised if "[lr]" in term else [] if "[mhda]" in term else self.created
        for low, high in _BETWEEN.findall(term):
            found = [pmid for pmid in found if low <= f"{self.created[pmid]:%Y/%m/%d}" <= high]
        for first, last in _UIDS.findall(term):
            found = [pmid for pmid in found if int(first) <= pmid <= int(last)]
        return sorted(found, reverse=True)


def reap(
    play: Callable[[str, Asked, int], Reply], watch: Watch = ONE, **settings: Any
) -> tuple[Harvest, Script]:
    """One harvest of a script, without waiting."""
    at = Time()
    known = settings.pop("known", PriorKnowledge())
    with (
        playing(play) as script,
        Wire(
            script.url, tool="t", email="a@example.org", rate=float("inf"), sleep=at.sleep, clock=at.clock
        ) as wire,
    ):
        return ask_watch(wire, watch, known, **({"now": NOW} | settings)), script


def days(*ages: int, first: int = 101) -> dict[int, date]:
    """PMIDs from `first`, created so many days before NOW."""
    return {first + place: NOW.date() - timedelta(days=age) for place, age in enumerate(ages)}


def lane(found: Harvest, which: Lane) -> list[LedgerLine]:
    return [line for line in found.lines if line.lane is which]


def adds_up(line: LedgerLine) -> bool:
    return line.received == line.known + line.new + line.missing + line.refused


def found_by(found: Harvest, which: Lane = Lane.NEW) -> set[int]:
    return {sighting.pmid for sighting in found.sightings if sighting.lane is which}


def without(known: Iterable[int]) -> Callable[[Collection[int]], set[int]]:
    return lambda asked: set(asked) - set(known)


def test_a_harvest_brings_what_is_unknown_and_says_how_far_it_read() -> None:
    brought, script = reap(Tiny(days(1, 2, 3)), known=PriorKnowledge(unknown=without([102])))
    assert sorted(article.pmid for article in brought.articles) == [101, 103]
    (new,) = lane(brought, Lane.NEW)
    assert (new.count, new.received, new.known, new.new) == (3, 3, 1, 2)
    assert new.term == '(imatinib[tiab]) AND ("2026/10/21"[crdt] : "3000"[crdt])'
    assert brought.watermarks == (
        Watermark("IMA", Lane.NEW, date(2026, 11, 19)),
        Watermark("IMA", Lane.REVISED, date(2026, 11, 19)),
    )
    assert brought.trouble == ()
    assert found_by(brought) == {101, 102, 103}
    assert brought.started == NOW
    assert len(script.asked) == 3


def test_requests_are_lanes_and_batches_and_links_and_no_more() -> None:
    """Topics times lanes (2 + 3), 450 unknown records in 3 batches, 2 links."""
    records = days(*[1] * 450)
    _, script = reap(Tiny(records, revised=[101, 102], links=[103]), ROUTED)
    kinds = [util for util, _ in script.asked]
    assert sorted(kinds) == ["efetch"] * 3 + ["elink"] * 2 + ["esearch"] * 5


def test_what_is_known_is_not_fetched_again_unless_revised_pending_or_told() -> None:
    known = PriorKnowledge(unknown=without(range(101, 106)), pending=[105], told=[104])
    brought, script = reap(Tiny(days(1, 2, 3, 4, 5), revised=[103]), known=known)
    assert [ids(params) for util, params in script.asked if util == "efetch"] == [[103, 104, 105]]
    (reread,) = lane(brought, Lane.REREAD)
    assert (reread.topic, reread.received, reread.known) == ("told", 1, 1)


def test_a_told_record_that_is_gone_is_told_to_the_operator() -> None:
    known = PriorKnowledge(unknown=without([101]), told=[101])
    brought, _ = reap(Tiny(days(1), absent=[101]), known=known)
    assert brought.gone == (101,)
    assert not brought.missing
    assert any("PMID 101 is gone" in text for text in brought.notes)


def test_a_backfill_asks_its_own_window_and_moves_no_watermark() -> None:
    brought, _ = reap(Tiny(days(1, 100)), since=date(2026, 8, 1), until=date(2026, 9, 1))
    assert found_by(brought) == {102}
    assert brought.watermarks == ()
    assert lane(brought, Lane.NEW)[0].window == ("crdt", date(2026, 8, 1), date(2026, 9, 1))


def test_a_sweep_finds_what_every_window_missed() -> None:
    brought, script = reap(
        Tiny(days(1, 400)), ROUTED, flow="sweep", known=PriorKnowledge(unknown=without([101]))
    )
    assert [article.pmid for article in brought.articles] == [102]
    assert {line.lane for line in brought.lines} == {Lane.SWEEP}
    assert [util for util, _ in script.asked] == ["esearch", "esearch", "efetch"]


@settings(max_examples=30, deadline=None)
@given(
    ages=st.lists(st.sampled_from([1, 1, 1, 2, 5, 9, 29]), max_size=120),
    spread=st.integers(1, 400_000),
)
def test_slices_always_find_everything(ages: list[int], spread: int) -> None:
    """Whatever the days and PMIDs, a search over the cap comes home whole and proved."""
    records = {1_000 + place * spread: day for place, day in enumerate(days(*ages).values())}
    brought, _ = reap(Tiny(records, shown=12, revised=list(records)), cap=10)
    for each in (Lane.NEW, Lane.REVISED):
        assert found_by(brought, each) == set(records)
        assert all(line.count == line.received and adds_up(line) for line in lane(brought, each))
        assert sum(line.count for line in lane(brought, each)) == len(records)
    assert len(brought.watermarks) == 2


def test_a_count_that_falls_midway_is_accepted() -> None:
    def play(util: str, _: Asked, ordinal: int) -> Reply | None:
        first = util == "esearch" and ordinal == 0
        return searched(*range(101, 111), count=40) if first else None

    brought, _ = reap(Tiny(days(*range(1, 26)), fault=play), cap=30)
    assert len(found_by(brought)) == 25
    assert Watermark("IMA", Lane.NEW, date(2026, 11, 19)) in brought.watermarks


def test_a_count_that_never_agrees_leaves_the_lane_unsettled_and_keeps_what_came() -> None:
    """The whole says 40 for ever, its slices hold 25."""

    def play(util: str, params: Asked, _: int) -> Reply | None:
        whole = util == "esearch" and '"2026/10/21"[crdt] : "3000"' in params["term"][0]
        return searched(*range(101, 111), count=40) if whole else None

    brought, _ = reap(Tiny(days(*range(1, 26)), fault=play), cap=30)
    assert len(brought.articles) == 25
    assert [mark.lane for mark in brought.watermarks] == [Lane.REVISED]
    assert any("25 of 40" in line.error for line in lane(brought, Lane.NEW))
    assert any("25 of 40" in text for text in brought.trouble)


def test_an_answer_shorter_than_its_count_is_asked_again_and_then_sliced() -> None:
    brought, script = reap(Tiny(days(1, 2, 3, 4, 5, 6), shown=4))
    assert found_by(brought) == set(range(101, 107))
    terms = [params["term"][0] for util, params in script.asked if util == "esearch"]
    assert terms.count('(imatinib[tiab]) AND ("2026/10/21"[crdt] : "3000"[crdt])') == 2


def test_more_hits_than_pubmed_ever_shows_end_in_an_error_and_not_in_an_endless_search() -> None:
    def play(util: str, params: Asked, _: int) -> Reply | None:
        return searched(count=5) if util == "esearch" and "[crdt]" in params["term"][0] else None

    brought, _ = reap(Tiny({}, fault=play), since=date(2026, 11, 1), until=date(2026, 11, 1))
    assert any("fewer ids than it counts" in text for text in brought.trouble)
    assert brought.watermarks == ()


def test_if_nothing_is_answered_the_outage_is_raised() -> None:
    with pytest.raises(Outage):
        reap(lambda *_: DOWN, ROUTED)


def test_if_every_search_is_refused_that_is_raised() -> None:
    with pytest.raises(Refused):
        reap(lambda *_: error("Empty term and query_key - nothing todo"))


def test_a_bad_key_is_raised_after_one_request() -> None:
    asked = []

    def play(util: str, *_: object) -> Reply:
        asked.append(util)
        return json_reply({"error": "API key invalid", "api-key": "x"}, 400)

    with pytest.raises(SettingsError):
        reap(play, ROUTED)
    assert asked == ["esearch"]


def test_one_topic_out_of_order_takes_no_other_with_it() -> None:
    def play(util: str, params: Asked, _: int) -> Reply | None:
        return error("Something new") if util == "esearch" and "remission" in params["term"][0] else None

    brought, _ = reap(Tiny(days(1), fault=play), WATCH)
    assert {mark.topic for mark in brought.watermarks} == {"IMA"}
    (trouble,) = brought.trouble
    assert trouble.startswith("TFR new, TFR indexed, TFR revised: ")
    assert "Something new" in trouble


def test_records_that_could_not_be_fetched_hold_their_lane_back_and_wait() -> None:
    def play(util: str, params: Asked, _: int) -> Reply | None:
        return DOWN if util == "efetch" and 101 in ids(params) else None

    brought, _ = reap(Tiny(days(*[1] * 250), revised=[350], fault=play))
    assert len(brought.articles) == 50
    (new,) = lane(brought, Lane.NEW)
    assert new.missing == 200
    assert adds_up(new)
    assert "200 records were not fetched" in new.error
    assert [mark.lane for mark in brought.watermarks] == [Lane.REVISED]
    assert len(brought.missing) == 200


def test_links_that_fail_degrade_and_block_nothing() -> None:
    brought, _ = reap(Tiny(days(1), fault=lambda util, *_: E12 if util == "elink" else None), ROUTED)
    assert len(brought.watermarks) == 5
    (trouble,) = brought.trouble
    assert trouble.startswith("similar, cited_by: ")


def test_scores_that_fail_fall_back_to_plain_neighbours() -> None:
    def play(util: str, params: Asked, _: int) -> Reply | None:
        return E12 if util == "elink" and params["cmd"] == ["neighbor_score"] else None

    brought, _ = reap(Tiny(days(1), links=[101, 900], fault=play), ROUTED)
    assert brought.trouble == ()
    assert lane(brought, Lane.SIMILAR)[0].received == 2


def test_a_neighbour_is_news_only_if_it_was_created_since() -> None:
    """The seed's neighbours of ten years are stored at once, so that they are not fetched again."""

    def play(util: str, params: Asked, _: int) -> Reply | None:
        if util != "efetch":
            return None
        return Reply(articles(*ids(params)).body.replace(b"<Year>2026</Year>", b"<Year>2016</Year>"))

    brought, _ = reap(Tiny({}, links=[900], fault=play), ROUTED)
    assert [article.pmid for article in brought.articles] == [900]
    assert brought.sightings == ()
    recent, _ = reap(Tiny({}, links=[901]), ROUTED)
    assert {(s.topic, s.lane) for s in recent.sightings} == {
        ("similar", Lane.SIMILAR),
        ("cited_by", Lane.CITED_BY),
    }


def test_a_seed_known_by_doi_only_is_looked_up_and_brought_along() -> None:
    seed = WATCH.seed.model_copy(update={"pmid": None, "doi": "10.5555/sample.77"})
    watch = ROUTED.model_copy(update={"seed": seed})

    def play(util: str, params: Asked, _: int) -> Reply | None:
        return searched(77) if util == "esearch" and "[aid]" in params["term"][0] else None

    brought, script = reap(Tiny(days(1), fault=play), watch)
    assert sorted(article.pmid for article in brought.articles) == [77, 101]
    assert {params["id"][0] for util, params in script.asked if util == "elink"} == {"77"}
    known = PriorKnowledge(seed=77)
    _, script = reap(Tiny(days(1), fault=play), watch, known=known)
    assert not any("[aid]" in params["term"][0] for util, params in script.asked if util == "esearch")


def test_a_term_that_pubmed_reads_otherwise_than_last_time_is_reported_once() -> None:
    before = {("IMA", Lane.NEW): '"imatinib"[All Fields]', ("IMA", Lane.REVISED): '"imatinib"[All Fields]'}
    brought, _ = reap(Tiny({}), known=PriorKnowledge(translations=before))
    (trouble,) = brought.notes
    assert trouble.startswith('IMA: PubMed now reads the term as "imatinib"[Title/Abstract]')


def test_pubmeds_warnings_are_in_the_ledger() -> None:
    said = "<ErrorList><PhraseNotFound>zzq</PhraseNotFound></ErrorList>"
    brought, _ = reap(lambda *_: searched(more=said))
    assert lane(brought, Lane.NEW)[0].warnings == ("PhraseNotFound: zzq",)
