"""The outbox emptied: what is due is sent, parcel by parcel, and what came back is kept."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from flows.runtime import resources, settings
from flows.runtime.outcome import FlowOutcome, operated
from flows.runtime.parameters import Moment, as_of, check_moment
from flows.runtime.retries import schedule_delivery
from flows.runtime.settings import Settings
from flows.verdicts.drain import hear_readers
from flows.verdicts.links import message_for
from queries.records.outbox import Delivery, DeliveryState, Receipt
from queries.watch.check import resolve
from queries.watch.file import Recipient, Watch
from reports.answers.outbox import LEFT, sentence
from reports.channels.channel import pack, send
from reports.digest.reader import for_reader
from reports.digest.record import load

# After the first try that failed, the second, …: nearly a week in all; then a person is asked.
DELAYS: Final = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 60, 240, 720, 1440, 2880, 4320))


@flow(flow_run_name="{watch}", **operated)
def deliver(watch: str, now: Moment | None = None) -> State[FlowOutcome]:
    """Send what is due, and nothing else: retries of what failed, and what a killed run left.

    Args:
        watch: The watch: its file's name without .toml.
        now: Run as of this moment.
    """
    setting = settings.read()
    found, moment = resources.watch(setting, watch), as_of(now)
    check_moment(setting, moment)
    with resources.alone(setting, watch), resources.noting_failure(setting, watch, "deliver", moment):
        tried = empty_outbox(setting, found, moment)
        trouble = failures(found, tried)
        with resources.library(setting) as library:
            library.ran(watch, "deliver", moment, moment, trouble)
    return FlowOutcome(
        watch=watch,
        flow="deliver",
        line=f"{watch}: {counted(tried)}.",
        trouble=trouble,
        facts={"deliveries": [shown(delivery) for delivery in tried]},
    ).state()


def empty_outbox(setting: Settings, watch: Watch, now: datetime) -> list[Delivery]:
    """Send all that is due by `now`, in order; return where each parcel that was touched stands afterwards.

    What a run that died was sending is in doubt first, and sent again only where its recipient wants that.
    Of several addresses and parts each has a fate of its own, and the others don't wait for it.
    """
    recipients = {recipient.name: recipient for recipient in watch.recipients}
    for recipient in watch.recipients:
        resolve(recipient, watch.name, setting.secrets)  # a missing secret stops the run before it sends
    with resources.library(setting) as library:
        tried = [] if setting.preview else list(library.settle_unknown(watch.name, now))
        for number, delivery in enumerate(tried):
            owner = recipients.get(delivery.recipient)
            if owner and owner.on_unknown == "resend":
                receipt = Receipt(DeliveryState.UNKNOWN, delivery.reason)
                library.acknowledge(watch.name, delivery, receipt, now, now)
                tried[number] = delivery._replace(due=now)
    _repack(setting, watch, now)
    while True:
        with resources.library(setting) as library:
            hear_readers(setting, library, watch, now)
            library.waive_unsubscribed(watch.name, now)
            due = library.due(watch.name, now)
        if setting.preview:  # a rehearsal shows its own digest, and neither sends nor blames what is owed
            due = [delivery for delivery in due if delivery.recipient in recipients]
        if not due:
            break
        tried += [attempt(setting, watch, recipients.get(each.recipient), each, now) for each in due]
    latest = {(each.number, each.recipient, each.address, each.part): each for each in tried}
    if not setting.preview:
        schedule_delivery(watch.name, [each.due for each in latest.values() if each.due])
    return list(latest.values())


def _repack(setting: Settings, watch: Watch, now: datetime) -> None:
    """Pack what a version that kept no bytes left to be sent, from the digests as they were recorded."""
    recipients = {recipient.name: recipient for recipient in watch.recipients}
    with resources.library(setting) as library:
        old = [delivery for delivery in library.due(watch.name, now) if not delivery.address]
        bodies = {past.number: past.body for past in library.digests(watch.name)} if old else {}
    for delivery in old:
        if recipient := recipients.get(delivery.recipient):
            digest = load(bodies[delivery.number])
            changed = frozenset(change.told_pmid for change in digest.changes)
            own = for_reader(digest, recipient, changed)
            url = resolve(recipient, watch.name, setting.secrets)
            parcels = pack(message_for(setting, own, recipient, url), url, recipient.name, recipient.format)
            with resources.library(setting) as library:
                library.repack(watch.name, delivery, parcels, now)


@task(
    name="send",
    task_run_name="send {delivery.number} to {delivery.recipient}",
    cache_policy=NO_CACHE,
)
def attempt(
    setting: Settings, watch: Watch, recipient: Recipient | None, delivery: Delivery, now: datetime
) -> Delivery:
    """Send one parcel and keep what came back.

    It is marked as being sent before, so that a run killed meanwhile leaves a doubt on record.
    """
    with resources.library(setting) as library:
        if not library.sending(watch.name, delivery, now):
            return delivery._replace(due=None)
        parcel = library.parcel(watch.name, delivery)
    if recipient is None:
        receipt = Receipt(DeliveryState.FAILED, LEFT, permanent=True)
    else:
        url = resolve(recipient, watch.name, setting.secrets)
        receipt = send(parcel, url, recipient.format)
    tries = delivery.tries + 1
    again = recipient is not None and recipient.on_unknown == "resend"
    due = next_try(receipt, tries, now, again=again)
    with resources.library(setting) as library:
        library.acknowledge(watch.name, delivery, receipt, now, due)
    return delivery._replace(state=receipt.state, reason=receipt.reason, tries=tries, changed=now, due=due)


def next_try(receipt: Receipt, tries: int, now: datetime, *, again: bool) -> datetime | None:
    """When a parcel is tried by itself after this many tries: growing delays, and an end. None: never.

    What was refused for good is a person's to mend. What may have arrived is sent again only for those who
    want it (`again`). No sooner than the server asks.
    """
    lost = receipt.state is DeliveryState.FAILED or (receipt.state is DeliveryState.UNKNOWN and again)
    if not lost or receipt.permanent or tries > len(DELAYS):
        return None
    return now.astimezone(UTC) + max(DELAYS[tries - 1], timedelta(seconds=receipt.retry_after))


def failures(watch: Watch, tried: Sequence[Delivery]) -> tuple[str, ...]:
    """What this run could not deliver, or cannot know, in words."""
    return tuple(
        sentence(watch.name, delivery) for delivery in tried if delivery.state is not DeliveryState.SENT
    )


def counted(tried: Sequence[Delivery]) -> str:
    """How many of the parcels that were tried arrived."""
    if not tried:
        return "nothing was due to be sent"
    sent = sum(delivery.state is DeliveryState.SENT for delivery in tried)
    return f"{sent} of {len(tried)} deliveries sent"


def shown(delivery: Delivery) -> dict[str, object]:
    """A delivery for a script."""
    return {
        "digest": delivery.number,
        "recipient": delivery.recipient,
        "address": delivery.address,
        "part": delivery.part,
        "state": delivery.state.value,
        "tries": delivery.tries,
        "due": delivery.due,
        "reason": delivery.reason,
    }
