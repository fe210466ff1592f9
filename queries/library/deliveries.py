"""Deliveries: what is owed to whom, and what came back."""

from collections.abc import Collection
from datetime import datetime

from queries.errors import InputError
from queries.library.file import LibraryFile
from queries.library.rows import utc
from queries.records.digest import DeliveryState, Owed, Receipt
from queries.records.library import Delivery

READY = DeliveryState.PLANNED, DeliveryState.FAILED


class Deliveries(LibraryFile):
    """The third commit point. A delivery is planned → sending → sent, failed or unknown."""

    def owed(self, watch: str) -> list[Owed]:
        """Deliveries not acknowledged as sent, the oldest first; those planned or failed may be sent."""
        return self.read(Owed, "delivery/owed", watch=watch, sent=DeliveryState.SENT)

    def sending(self, watch: str, number: int, recipient: str, now: datetime) -> bool:
        """Note that a delivery is about to be sent; False if another run took or made it meanwhile."""
        return bool(
            self._move(watch, READY, DeliveryState.SENDING, now, number=number, recipient=recipient, tries=1)
        )

    def acknowledge(self, watch: str, number: int, receipt: Receipt, now: datetime) -> None:
        """Keep what came back; what was sent stays sent, whatever comes later."""
        self.ask(
            "delivery/acknowledge",
            watch=watch, number=number, recipient=receipt.recipient, state=receipt.state,
            message_id=receipt.message_id, reason=receipt.reason, sent=DeliveryState.SENT, now=utc(now),
        )  # fmt: skip

    def settle_unknown(self, watch: str, now: datetime) -> int:
        """Mark as unknown what a run that died was sending, and return how many: never sent again unasked."""
        return self._move(watch, (DeliveryState.SENDING,), DeliveryState.UNKNOWN, now)

    def resend(self, watch: str, number: int, recipient: str, now: datetime) -> None:
        """Plan a delivery once more, by a person's explicit wish.

        Raises InputError if that digest was never planned for that recipient.
        """
        states = tuple(DeliveryState)
        if not self._move(watch, states, DeliveryState.PLANNED, now, number=number, recipient=recipient):
            raise InputError(
                f"{watch} {number} {recipient}",
                "no such delivery",
                "See `seedwatch status` for digests and recipients",
            )

    def deliveries(self, watch: str, numbers: Collection[int] | None = None) -> tuple[Delivery, ...]:
        """Where the watch's digests (or those numbers) stand with each recipient."""
        wanted = None if numbers is None else list(numbers)
        return tuple(self.read(Delivery, "delivery/deliveries", watch=watch, numbers=wanted))

    def _move(
        self, watch: str, before: tuple[DeliveryState, ...], after: DeliveryState, now: datetime,
        *, number: int | None = None, recipient: str | None = None, tries: int = 0,
    ) -> int:  # fmt: skip
        """Change the state of deliveries that are in one of `before`; return how many there were."""
        rows = self.ask(
            "delivery/move",
            watch=watch, number=number, recipient=recipient, before=list(before), after=after,
            tries=tries, now=utc(now),
        )  # fmt: skip
        return len(rows)
