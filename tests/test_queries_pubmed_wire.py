"""The door to PubMed: polite, patient, suspicious. Real HTTP on loopback, time that does not wait."""

import gzip
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager

import pytest
from support.scripted_server import Reply, Script, Time, error, json_reply, playing, searched

from queries.errors import HistoryExpired, Outage, OverCap, Refused, SettingsError, TooLarge
from queries.pubmed.wire import Patience, RequestEntry, Wire

KEY, EMAIL = "0123456789abcdef", "someone@example.org"


def wire(script: Script, at: Time | None = None, **settings: object) -> Wire:
    """A wire to the script; the jitter is drawn at one half."""
    at = at or Time()
    given = {"tool": "seedwatch", "email": EMAIL, "rate": float("inf")} | settings
    return Wire(script.url, sleep=at.sleep, clock=at.clock, draw=lambda: 0.5, **given)  # type: ignore[arg-type]


def once(first: Reply) -> AbstractContextManager[Script]:
    """A script that answers `first`, and then well."""
    return playing(lambda _, __, ordinal: first if ordinal == 0 else searched(1))


LIMIT = {"error": "API rate limit exceeded", "api-key": "192.0.2.1", "count": "4", "limit": "3"}


def test_every_call_is_a_post_with_tool_and_email_and_asks_for_gzip() -> None:
    packed = Reply(gzip.compress(searched(1).body), headers={"Content-Encoding": "gzip"})
    with once(packed) as script, wire(script) as door:
        assert b"<Id>1</Id>" in door.post("esearch", {"db": "pubmed", "term": "β-catenin & µm"})
    util, params = script.asked[0]
    assert util == "esearch"
    assert params["term"] == ["β-catenin & µm"]
    assert (params["tool"], params["email"]) == (["seedwatch"], [EMAIL])
    assert script.headers[0]["Accept-Encoding"] == "gzip"


@pytest.mark.parametrize("key", ["", "  "])
def test_an_empty_key_is_left_out_as_pubmed_refuses_it(key: str) -> None:
    with once(searched(1)) as script, wire(script, api_key=key) as door:
        door.post("esearch", {"term": "x"})
    assert "api_key" not in script.asked[0][1]


def test_repeated_ids_are_sent_one_by_one() -> None:
    with once(searched(1)) as script, wire(script) as door:
        door.post("elink", {"id": ["1", "2"]})
    assert script.asked[0][1]["id"] == ["1", "2"]


def test_key_and_email_are_neither_logged_nor_told() -> None:
    seen: list[RequestEntry] = []
    echo = json_reply({"error": "API key invalid", "api-key": KEY, "type": "invalid"}, 400)
    with once(echo) as script, wire(script, api_key=KEY, log=seen.append) as door:
        with pytest.raises(SettingsError) as caught:
            door.post("esearch", {"term": "x"})
        with pytest.raises(SettingsError):
            door.post("esearch", {"term": "y"})
    assert len(script.asked) == 1
    assert caught.value.subject == "NCBI_API_KEY"
    for text in (str(caught.value), repr(seen), repr(caught.value.__context__)):
        assert KEY not in text
        assert EMAIL not in text


def test_an_echoed_key_or_address_is_blotted_out_of_an_error() -> None:
    reply = json_reply({"error": f"No such thing, api_key={KEY} of {EMAIL}"}, 400)
    with once(reply) as script, wire(script, api_key=KEY) as door, pytest.raises(Refused) as caught:
        door.post("esearch", {"term": "x"})
    assert KEY not in str(caught.value)
    assert EMAIL not in str(caught.value)


def test_retry_after_is_honoured_and_the_rate_halved_for_a_minute() -> None:
    at = Time()
    throttled = json_reply(LIMIT, 429, Retry_After="2")
    with once(throttled) as script, wire(script, at, rate=10.0) as door:
        door.post("esearch", {"term": "x"})
        assert at.slept == [2.5]  # Retry-After and half of the first second
        began = at.now
        for _ in range(30):
            door.post("esearch", {"term": "x"})
        slow = at.now - began
        at.now += 60
        began = at.now
        for _ in range(30):
            door.post("esearch", {"term": "x"})
    assert slow > 1.5 * (at.now - began)


def test_retry_after_may_be_a_date() -> None:
    at = Time()
    dates = {"Date": "Mon, 23 Nov 2026 12:00:00 GMT", "Retry-After": "Mon, 23 Nov 2026 12:00:07 GMT"}
    with once(Reply(b"<html>slow down</html>", 429, dates)) as script, wire(script, at) as door:
        door.post("esearch", {"term": "x"})
    assert at.slept == [7.5]


def test_delays_grow_with_full_jitter_and_tries_end() -> None:
    at, seen = Time(), list[RequestEntry]()
    with (
        playing(lambda *_: Reply(b"<html><title>Error 500</title></html>", 500)) as script,
        wire(script, at, log=seen.append) as door,
        pytest.raises(Outage, match="Error 500"),
    ):
        door.post("esearch", {"term": "x"})
    assert at.slept == [0.5, 1.0, 2.0, 4.0, 8.0]
    assert len(script.asked) == 6
    assert [(entry.fault, entry.status, entry.attempt) for entry in seen] == [
        ("S9", 500, n) for n in range(1, 7)
    ]


def test_a_proxys_error_waits_longer_and_never_over_a_minute() -> None:
    at = Time()
    with (
        playing(lambda *_: Reply(b"<html>Bad Gateway</html>", 502)) as script,
        wire(script, at, patience=Patience(tries=7)) as door,
        pytest.raises(Outage),
    ):
        door.post("esearch", {"term": "x"})
    assert at.slept == [2.0, 4.0, 8.0, 16.0, 30.0, 30.0]


def test_a_call_ends_within_its_budget() -> None:
    at = Time()
    throttled = json_reply(LIMIT, 429, Retry_After="100")
    with (
        playing(lambda *_: throttled) as script,
        wire(script, at, patience=Patience(budget=250)) as door,
        pytest.raises(Outage, match="run again later"),
    ):
        door.post("esearch", {"term": "x"})
    assert len(script.asked) == 3
    assert sum(at.slept) < 250


def test_an_unreachable_service_costs_one_call_for_all_threads() -> None:
    with playing(lambda *_: searched(1)) as script:
        pass  # nobody listens there any more
    at, seen = Time(), list[RequestEntry]()
    with wire(script, at, log=seen.append) as door, ThreadPoolExecutor(8) as pool:
        calls = [pool.submit(door.post, "esearch", {"term": "x"}) for _ in range(8)]
        assert {type(call.exception()) for call in calls} == {Outage}
    assert len(seen) == 6
    assert {entry.status for entry in seen} == {None}


def test_the_circuit_opens_after_transients_in_a_row_and_stays_open() -> None:
    def play(_: str, __: object, ordinal: int) -> Reply:
        return searched(1) if ordinal == 0 else Reply(b"<html>temporarily unable</html>", 503)

    with playing(play) as script, wire(script, patience=Patience(in_a_row=4)) as door:
        door.post("esearch", {"term": "x"})
        for _ in range(3):
            with pytest.raises(Outage):
                door.post("esearch", {"term": "x"})
    assert len(script.asked) == 1 + 4


def test_a_planned_outage_is_not_waited_for() -> None:
    page = Reply(
        b'<!DOCTYPE html><html><a href="https://www.ncbi.nlm.nih.gov/down_bethesda.html">down</a></html>'
    )
    with once(page) as script, wire(script) as door, pytest.raises(Outage, match="planned outage"):
        door.post("esearch", {"term": "x"})
    assert len(script.asked) == 1


def test_what_is_optional_is_tried_less_and_ends_nothing() -> None:
    def play(util: str, *_: object) -> Reply:
        return error("the address table is empty", "eLinkResult") if util == "elink" else searched(1)

    with playing(play) as script, wire(script) as door:
        with pytest.raises(Outage):
            door.post("elink", {"id": "1"}, tries=2)
        door.post("esearch", {"term": "x"})
    assert [util for util, _ in script.asked] == ["elink", "elink", "esearch"]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (error("Search Backend failed: Exception:\n'retstart' cannot be larger than 9998."), OverCap),
        (error("Unable to obtain query #1", "eFetchResult"), HistoryExpired),
        (error("ID list is empty! Possibly it has no correct IDs.", "eFetchResult", 400), Refused),
        (Reply(b"too long", 414), Refused),
        (
            error("External viewer error: Empty Response. Bytes read: 0 Status: Timeout", "eFetchResult"),
            TooLarge,
        ),
    ],
)
def test_what_waiting_cannot_cure_is_raised_after_one_request(
    reply: Reply, expected: type[Exception]
) -> None:
    with once(reply) as script, wire(script) as door, pytest.raises(expected):
        door.post("efetch", {"id": "1"})
    assert len(script.asked) == 1


@pytest.mark.parametrize(
    "reply",
    [
        Reply(searched(1).body, cut=150),
        Reply(searched(1).body[:-20]),
        Reply(b'<?xml version="1.0"?>\n<!DOCTYPE eSearchResult>\n'),
        Reply(b""),
        Reply(b"not gzip at all", headers={"Content-Encoding": "gzip"}),
        Reply(hang_up=True),
    ],
    ids=["cut off", "short", "prolog only", "empty", "bad gzip", "hung up"],
)
def test_a_broken_answer_is_asked_for_again(reply: Reply) -> None:
    at = Time()
    with once(reply) as script, wire(script, at) as door:
        assert door.post("esearch", {"term": "x"}).rstrip().endswith(b"</eSearchResult>")
    assert len(script.asked) == 2
    assert at.slept == [0.5]


@pytest.mark.parametrize("util", ["esearch", "efetch", "elink"])
def test_a_bomb_is_read_no_further_than_its_bound(util: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """4 GB of nothing unpack from 4 MB; here it is less of both."""
    monkeypatch.setattr("queries.pubmed.wire.LARGEST", 1_000_000)
    bomb = Reply(gzip.compress(bytes(50_000_000)), headers={"Content-Encoding": "gzip"})
    tracemalloc.start()
    with playing(lambda *_: bomb) as script, wire(script) as door, pytest.raises((Outage, TooLarge)):
        door.post(util, {"id": "1"}, tries=1)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 10_000_000


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"error":' * 100_000])
def test_json_of_any_depth_is_an_answer_like_another(body: bytes) -> None:
    with playing(lambda *_: Reply(body)) as script, wire(script) as door, pytest.raises(Outage):
        door.post("esearch", {"term": "x"}, tries=1)


def test_a_kept_connection_that_died_is_replaced_at_once() -> None:
    """NCBI closes idle connections after four seconds; that is no fault of the service."""
    at = Time()

    def play(_: str, __: object, ordinal: int) -> Reply:
        return Reply(hang_up=True) if ordinal == 1 else searched(1)

    with playing(play) as script, wire(script, at) as door:
        door.post("esearch", {"term": "x"})
        door.post("esearch", {"term": "y"})
    assert len(script.asked) == 3
    assert at.slept == []


def test_connections_are_kept_alive() -> None:
    with playing(lambda *_: searched(1)) as script, wire(script) as door:
        for _ in range(5):
            door.post("esearch", {"term": "x"})
    assert len(script.connections) == 1


def test_a_hung_socket_is_left_after_the_read_timeout() -> None:
    patience = Patience(read=0.2)
    with once(Reply(searched(1).body, slow=1.0)) as script, wire(script, patience=patience) as door:
        assert door.post("esearch", {"term": "x"})
    assert len(script.asked) == 2


def test_an_address_that_is_none_is_a_settings_error() -> None:
    with pytest.raises(SettingsError, match="SEEDWATCH_EUTILS_URL"):
        Wire("eutils.ncbi.nlm.nih.gov", tool="t", email="e")


@pytest.mark.parametrize(("key", "rate"), [("", 3.0), (KEY, 10.0)])
def test_the_rate_is_ncbis_by_default(key: str, rate: float) -> None:
    with Wire(tool="t", email="e", api_key=key) as door:
        assert door.pace.rate == rate
