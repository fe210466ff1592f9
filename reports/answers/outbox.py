"""Where a parcel stands, in words: for a run's trouble, for `status` and for `seedwatch outbox`."""

from collections.abc import Iterator, Sequence

from queries.records.outbox import Delivery, DeliveryState

LEFT = "is no longer a recipient of the watch"
ENDED = frozenset({DeliveryState.SENT, DeliveryState.WAIVED})


def open_deliveries(deliveries: Sequence[Delivery]) -> tuple[Delivery, ...]:
    """Those that somebody still waits for."""
    return tuple(delivery for delivery in deliveries if delivery.state not in ENDED)


def sentence(watch: str, delivery: Delivery, *, left: bool = False) -> str:
    """What a person has to know of a parcel that is not known to have arrived, and what ends it.

    `left` says that its recipient is no longer one of the watch: only who is put back can be sent to.
    """
    where, reason = place(delivery), delivery.reason or "it has not been tried"
    action = f"{watch} {delivery.number} {delivery.recipient}`"
    waive = f"`seedwatch outbox waive {action}"
    unsure = delivery.state is DeliveryState.UNKNOWN
    first = "Put them back into the watch" if left else "Ask" if unsure else "Mend that"
    if unsure:
        again = f" It is sent again from {_moment(delivery)}." if delivery.due else ""
        return (
            f"Nobody knows whether digest {delivery.number} reached {where}: {reason}.{again} "
            f"{first}, then `seedwatch outbox resend {action} or {waive}"
        )
    if delivery.state is DeliveryState.SENDING:
        return (
            f"Digest {delivery.number} is being sent to {where}, or a run died over it: `seedwatch deliver "
            f"{watch}` waits for that run, and says so if nobody knows"
        )
    if delivery.due:
        when = f"tried again from {_moment(delivery)}"
        return f"Digest {delivery.number} has not reached {where}: {reason}; {when}"
    tries = f"given up after {delivery.tries} tries" if delivery.tries > 1 else "not tried again"
    return (
        f"Digest {delivery.number} has not reached {where}: {reason}; {tries}. "
        f"{first}, then `seedwatch outbox send {action}, or {waive}"
    )


def lines(watch: str, deliveries: Sequence[Delivery]) -> Iterator[str]:
    """The outbox of a watch as a person reads it, a line a parcel that is still open."""
    waiting = open_deliveries(deliveries)
    if not waiting:
        yield f"{watch}: nothing is owed"
    yield from (f"{watch}: {sentence(watch, delivery)}" for delivery in waiting)


def place(delivery: Delivery) -> str:
    """The recipient, with the address and the part where there are several."""
    part = f", part {delivery.part} of {delivery.parts}" if delivery.parts > 1 else ""
    return (
        f"{delivery.recipient} ({delivery.address}{part})" if delivery.address or part else delivery.recipient
    )


def _moment(delivery: Delivery) -> str:
    return f"{delivery.due:%Y-%m-%d %H:%M} UTC" if delivery.due else ""
