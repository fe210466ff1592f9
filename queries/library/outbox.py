"""The outbox: every parcel, frozen when its digest was recorded; where it stands; who was sent what."""

from collections.abc import Collection
from datetime import datetime

from queries.errors import InputError
from queries.library.file import LibraryFile
from queries.library.rows import columns, utc
from queries.records.outbox import Delivery, DeliveryState, Parcel, Receipt

AGAIN = DeliveryState.PLANNED, DeliveryState.FAILED, DeliveryState.UNKNOWN
PARCEL = "recipient", "address", "part", "parts", "message_id", "body"
OPEN = (*AGAIN, DeliveryState.SENDING)


class Outbox(LibraryFile):
    """The third commit point: `acknowledge`. What was sent or waived stays so, whatever comes later.

    `record` put the parcels there, due at once.
    """

    def deliveries(self, watch: str, numbers: Collection[int] | None = None) -> tuple[Delivery, ...]:
        """Where the parcels of the watch's digests (or of those numbers) stand, the oldest digest first."""
        wanted = None if numbers is None else list(numbers)
        return tuple(self.read(Delivery, "parcel/deliveries", watch=watch, numbers=wanted))

    def due(self, watch: str, now: datetime) -> list[Delivery]:
        """What may be sent by now, in order; of several parts of one message the first that is open."""
        return self.read(Delivery, "parcel/due", watch=watch, now=utc(now))

    def parcel(self, watch: str, delivery: Delivery) -> Parcel:
        """The parcel itself, as it was when the digest was recorded, and what its first part is called."""
        (parcel,) = self.read(Parcel, "parcel/parcel", watch=watch, **_key(delivery))
        return parcel

    def sending(self, watch: str, delivery: Delivery, now: datetime) -> bool:
        """Note that a parcel is about to be sent; False if another run took or ended it meanwhile."""
        return bool(self.ask("parcel/sending", watch=watch, now=utc(now), **_key(delivery)))

    def acknowledge(
        self, watch: str, delivery: Delivery, receipt: Receipt, now: datetime, due: datetime | None = None
    ) -> None:
        """Keep what came back, and when it is to be tried again (None: not by itself)."""
        self.ask(
            "parcel/acknowledge",
            watch=watch, state=receipt.state, reason=receipt.reason, due=due and utc(due), now=utc(now),
            message_id=receipt.message_id,
            **_key(delivery),
        )  # fmt: skip

    def repack(self, watch: str, delivery: Delivery, parcels: Collection[Parcel], now: datetime) -> None:
        """Put parcels in place of a delivery that an earlier version, which kept no bytes, left unsent."""
        rows = [tuple(getattr(parcel, name) for name in PARCEL) for parcel in parcels]
        with self.transaction():
            self.ask("parcel/repack", watch=watch, **_key(delivery))
            self.ask(
                "parcel/record", watch=watch, number=delivery.number, now=utc(now), **columns(PARCEL, rows)
            )

    def settle_unknown(self, watch: str, now: datetime) -> tuple[Delivery, ...]:
        """Mark as unknown what a run that died was sending, and return it."""
        return tuple(self.read(Delivery, "parcel/settle_unknown", watch=watch, now=utc(now)))

    def plan_again(
        self, watch: str, number: int, recipient: str, now: datetime, *, even_if_sent: bool
    ) -> tuple[Delivery, ...]:
        """Make what a recipient lacks of a digest due now, by a person's wish; all of it with `even_if_sent`.

        What may have arrived, and what was waived, goes again only with `even_if_sent`.

        Raises InputError if there is nothing of the kind.
        """
        before = tuple(DeliveryState) if even_if_sent else (DeliveryState.PLANNED, DeliveryState.FAILED)
        return self._move(watch, number, recipient, before, DeliveryState.PLANNED, now)

    def waive(self, watch: str, number: int, recipient: str, now: datetime) -> tuple[Delivery, ...]:
        """End what is owed to a recipient of a digest, by a person's wish.

        Raises InputError if nothing of it is open.
        """
        return self._move(watch, number, recipient, OPEN, DeliveryState.WAIVED, now)

    def doubt_all(self, reason: str, now: datetime) -> None:
        """Put every parcel of every watch that is open in doubt: it is not sent unasked."""
        self.ask("parcel/doubt_all", reason=reason, now=utc(now))

    def were_sent(self, watch: str, pmids: Collection[int]) -> dict[str, frozenset[int]]:
        """Per recipient, which of the PMIDs a digest told that reached him, or may have."""
        sent: dict[str, set[int]] = {}
        for recipient, pmid in self.ask("reader_entry/were_sent", watch=watch, pmids=list(pmids)):
            sent.setdefault(recipient, set()).add(pmid)
        return {recipient: frozenset(those) for recipient, those in sent.items()}

    def _move(
        self, watch: str, number: int, recipient: str, before: Collection[DeliveryState],
        after: DeliveryState, now: datetime,
    ) -> tuple[Delivery, ...]:  # fmt: skip
        due = utc(now) if after is DeliveryState.PLANNED else None
        moved = self.read(
            Delivery, "parcel/move",
            watch=watch, number=number, recipient=recipient, before=list(before), after=after, due=due,
            now=utc(now),
        )  # fmt: skip
        if not moved:
            raise InputError(
                f"{watch} {number} {recipient}",
                "nothing of that digest stands so for that recipient",
                f"See `seedwatch outbox {watch}`",
            )
        return tuple(moved)


def _key(delivery: Delivery) -> dict[str, object]:
    return {name: getattr(delivery, name) for name in ("number", "recipient", "address", "part")}
