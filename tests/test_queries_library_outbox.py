"""The outbox in the library: taken once, acknowledged for good, tried again, ended by a person."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from support.library_samples import FAILED, NOW, SENT, WATCH, decision, delivery, issue, pmid

from queries.errors import InputError
from queries.library import Library
from queries.records.outbox import Delivery, DeliveryState, Parcel, Receipt

SOON = NOW + timedelta(minutes=5)
LATER = NOW + timedelta(days=7)
UNKNOWN = Receipt(DeliveryState.UNKNOWN, "no answer")


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """A library with one digest, which ada and bo are to get."""
    with Library(tmp_path / "library.duckdb") as fresh:
        fresh.record(issue(1, decision(1)))
    return fresh


def due(library: Library, now: datetime) -> list[tuple[int, str, int]]:
    return [(each.number, each.recipient, each.part) for each in library.due(WATCH, now)]


def state(library: Library, recipient: str = "ada") -> Delivery:
    (found,) = (each for each in library.deliveries(WATCH) if each.recipient == recipient)
    return found


def test_a_parcel_comes_out_as_it_went_in(library: Library) -> None:
    with library:
        assert library.parcel(WATCH, state(library)) == issue(1, decision(1)).parcels[0]


def test_a_parcel_is_taken_once_and_acknowledged_for_good(library: Library) -> None:
    with library:
        assert due(library, NOW) == [(1, "ada", 1), (1, "bo", 1)]
        assert library.sending(WATCH, delivery(1, "ada"), NOW)
        assert not library.sending(WATCH, delivery(1, "ada"), NOW), "another run has it"
        assert due(library, LATER) == [(1, "bo", 1)]
        library.acknowledge(WATCH, delivery(1, "ada"), SENT, NOW)
        library.acknowledge(WATCH, delivery(1, "ada"), FAILED, LATER, LATER)
        assert not library.sending(WATCH, delivery(1, "ada"), LATER)
        assert due(library, LATER) == [(1, "bo", 1)]
        assert (state(library).state, state(library).tries) == (DeliveryState.SENT, 1)


def test_what_failed_is_due_when_it_is_due_and_not_before(library: Library) -> None:
    with library:
        library.sending(WATCH, delivery(1, "ada"), NOW)
        library.acknowledge(WATCH, delivery(1, "ada"), FAILED, NOW, SOON)
        assert due(library, NOW) == [(1, "bo", 1)]
        assert due(library, SOON) == [(1, "ada", 1), (1, "bo", 1)]
        assert library.sending(WATCH, delivery(1, "ada"), SOON)
        assert state(library).tries == 2


def test_a_time_that_a_wrong_clock_set_keeps_nothing_back(library: Library) -> None:
    """Nothing waits longer than the longest delay."""
    with library:
        library.sending(WATCH, delivery(1, "ada"), NOW)
        library.acknowledge(WATCH, delivery(1, "ada"), FAILED, NOW, NOW + timedelta(days=3650))
        assert (1, "ada", 1) in due(library, NOW)


def test_what_was_being_sent_when_a_run_died_is_sent_again_only_by_wish(library: Library) -> None:
    with library:
        library.sending(WATCH, delivery(1, "ada"), NOW)
        (doubt,) = library.settle_unknown(WATCH, LATER)
        assert (doubt.recipient, doubt.state) == ("ada", DeliveryState.UNKNOWN)
        assert library.settle_unknown(WATCH, LATER) == ()
        assert due(library, LATER) == [(1, "bo", 1)]
        assert not library.sending(WATCH, delivery(1, "ada"), LATER)
        with pytest.raises(InputError, match="seedwatch outbox cml"):
            library.plan_again(WATCH, 1, "ada", LATER, even_if_sent=False)
        library.plan_again(WATCH, 1, "ada", LATER, even_if_sent=True)
        assert library.sending(WATCH, delivery(1, "ada"), LATER)


def test_a_person_ends_what_is_owed_or_in_doubt_and_what_was_sent_stays_sent(library: Library) -> None:
    with library:
        library.sending(WATCH, delivery(1, "ada"), NOW)
        library.acknowledge(WATCH, delivery(1, "ada"), UNKNOWN, NOW)
        library.sending(WATCH, delivery(1, "bo"), NOW)
        library.acknowledge(WATCH, delivery(1, "bo"), SENT, NOW)
        library.waive(WATCH, 1, "ada", LATER)
        assert state(library).state is DeliveryState.WAIVED
        assert due(library, LATER + timedelta(days=30)) == []
        for number, recipient in ((1, "bo"), (1, "ada"), (4, "ada"), (1, "nobody")):
            with pytest.raises(InputError):
                library.waive(WATCH, number, recipient, LATER)


def test_the_parts_of_a_message_go_in_order_and_those_of_others_do_not_wait(tmp_path: Path) -> None:
    parcels = tuple(
        Parcel(recipient="lab", address=address, body=b"part", part=part, parts=2)
        for address in ("#one", "#two")
        for part in (1, 2)
    )
    with Library(tmp_path / "library.duckdb") as library:
        library.record(issue(1, decision(1), parcels=parcels))

        def tried(address: str, part: int, receipt: Receipt, again: datetime | None = None) -> None:
            (one,) = (
                each for each in library.deliveries(WATCH) if (each.address, each.part) == (address, part)
            )
            assert library.sending(WATCH, one, NOW)
            library.acknowledge(WATCH, one, receipt, NOW, again)

        def next_ones(now: datetime) -> list[tuple[str, int]]:
            return [(each.address, each.part) for each in library.due(WATCH, now)]

        assert next_ones(NOW) == [("#one", 1), ("#two", 1)]
        tried("#one", 1, FAILED, SOON)
        tried("#two", 1, SENT)
        assert next_ones(NOW) == [("#two", 2)]
        tried("#two", 2, SENT)
        assert next_ones(SOON) == [("#one", 1)]
        tried("#one", 1, UNKNOWN)
        assert next_ones(SOON) == [("#one", 2)], "a doubt about the first keeps the second from nobody"


def test_only_what_reached_a_reader_counts_as_read_by_him(library: Library) -> None:
    with library:
        assert library.were_sent(WATCH, [pmid(1)]) == {}
        library.sending(WATCH, delivery(1, "ada"), NOW)
        library.acknowledge(WATCH, delivery(1, "ada"), SENT, NOW)
        library.sending(WATCH, delivery(1, "bo"), NOW)
        library.acknowledge(WATCH, delivery(1, "bo"), FAILED, NOW, SOON)
        assert library.were_sent(WATCH, [pmid(1), pmid(2)]) == {"ada": frozenset({pmid(1)})}


def test_what_an_earlier_version_left_to_be_sent_is_packed_anew(library: Library) -> None:
    """It kept a row a recipient and no bytes; its rows have no address."""
    with library:
        library.ask(
            "parcel/repack", watch=WATCH, number=1, recipient="ada", address="ada@example.org", part=1
        )
        old = delivery(1, "bo")
        fresh = [
            Parcel(recipient="bo", address=each, body=b"mail") for each in ("a@example.org", "b@example.org")
        ]
        library.repack(WATCH, old, fresh, LATER)
        assert [each.address for each in library.due(WATCH, LATER)] == ["a@example.org", "b@example.org"]
