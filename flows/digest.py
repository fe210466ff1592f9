"""The digest: rank what is unreported, compose, record what was decided, then send what is owed."""

from collections.abc import Mapping
from datetime import datetime

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from flows.inputs import gather
from flows.runtime import resources, settings
from flows.runtime.outcome import FlowOutcome, operated, superseded
from flows.runtime.parameters import Moment, as_of
from flows.runtime.settings import Settings
from queries.records.digest import DeliveryState, Issue, Owed, Receipt
from queries.watch.check import resolve
from queries.watch.file import Watch
from reports.channels.delivery import deliver
from reports.digest.edit import edit
from reports.digest.record import for_topics, load
from reports.formats.markdown import markdown
from reports.formats.message import message as message_of


@task(name="compose and record", cache_policy=NO_CACHE)
def decide(setting: Settings, watch: Watch, now: datetime) -> Issue:
    """Compose the next digest and record it, with the deliveries it owes, before anything is sent."""
    with resources.library(setting) as library:
        inputs = gather(library, watch, now)
    issue = edit(inputs, sample=setting.sample)
    with resources.library(setting) as library:
        library.record(issue)
    return issue


@task(name="send", task_run_name="send {owed.number} to {owed.recipient}", cache_policy=NO_CACHE)
def send(setting: Settings, watch: Watch, owed: Owed, now: datetime) -> Receipt:
    """Send one digest to one recipient and remember what came back.

    It is marked as being sent before, so that a run killed meanwhile leaves a doubt on record.
    """
    recipient = next((each for each in watch.recipients if each.name == owed.recipient), None)
    if recipient is None:
        reason = "is owed a digest and is no longer in the watch"
        return Receipt(owed.recipient, DeliveryState.FAILED, reason=reason)
    url = resolve(recipient, watch.name, setting.secrets)
    message = message_of(for_topics(load(owed.body), recipient.topics))
    with resources.library(setting) as library:
        if not library.sending(watch.name, owed.number, owed.recipient, now):
            return Receipt(owed.recipient, DeliveryState.UNKNOWN, reason="another run has taken it")
    receipt = deliver(message, url, recipient.name, recipient.format)
    with resources.library(setting) as library:
        library.acknowledge(watch.name, owed.number, receipt, now)
    return receipt


def owing(setting: Settings, watch: Watch, now: datetime) -> tuple[list[Owed], list[str]]:
    """What is to be sent, the oldest first; and what nobody knows to have arrived, in words."""
    with resources.library(setting) as library:
        library.settle_unknown(watch.name, now)
        every = library.owed(watch.name)
    if setting.preview:  # a rehearsal shows its own digest, and neither sends nor blames what is owed
        every = [owed for owed in every if owed.recipient in {each.name for each in watch.recipients}]
    doubts = [
        f"Nobody knows whether digest {owed.number} reached {owed.recipient}: ask, then "
        f"`seedwatch resend {watch.name} {owed.number} {owed.recipient}` or leave it"
        for owed in every
        if owed.state is DeliveryState.UNKNOWN
    ]
    return [owed for owed in every if owed.state is not DeliveryState.UNKNOWN], doubts


@flow(flow_run_name="{watch}", **operated)
def digest(watch: str, now: Moment | None = None, anyway: bool = False) -> State[FlowOutcome]:
    """Rank what is unreported, compose the digest, record it, and send all that is owed.

    Args:
        watch: The watch: its file's name without .toml.
        now: Run as of this moment.
        anyway: Send although there is more, or less, than the watch expects.
    """
    return make_digest(watch, as_of(now), anyway=anyway).state()


def make_digest(name: str, now: datetime, *, anyway: bool) -> FlowOutcome:
    """Make the next digest of a watch, alone, and tell how it went; a failure is noted for `status`."""
    setting = settings.read()
    watch = resources.watch(setting, name)
    for recipient in watch.recipients:
        resolve(recipient, name, setting.secrets)  # a missing secret stops the run before it decides
    with resources.alone(setting, name), resources.noting_failure(setting, name, "digest", now):
        with resources.library(setting) as library:
            last = library.last_digest(name)
        if superseded(last.made if last else None):
            line = f"{name}: a later run has made the digest that this one was due for."
            return FlowOutcome(watch=name, flow="digest", line=line)
        if not anyway and (doubt := unexpected(setting, watch)):
            with resources.library(setting) as library:
                library.ran(name, "digest", now, now, (doubt,))
            return FlowOutcome(watch=name, flow="digest", line=f"{name}: no digest.", trouble=(doubt,))
        issue = decide(setting, watch, now)
        owed, doubts = owing(setting, watch, now)
        receipts = [(each.number, send(setting, watch, each, now)) for each in owed]
        made = load(issue.body)
        trouble = (*made.trouble, *doubts, *_failures(receipts))
        with resources.library(setting) as library:
            library.ran(name, "digest", now, now, trouble)
    create_markdown_artifact(markdown(made), key=f"digest-{name}", description=issue.subject)
    return FlowOutcome(
        watch=name,
        flow="digest",
        line=_line(issue, receipts),
        trouble=trouble,
        notes=made.notes,
        facts={
            "number": issue.number,
            "subject": issue.subject,
            "flow_line": issue.flow._asdict(),
            "told": [entry.pmid for entry in made.entries],
            "deliveries": [{"digest": number, **_shown(receipt)} for number, receipt in receipts],
        },
    )


def unexpected(setting: Settings, watch: Watch) -> str:
    """Why a person should look before anything is sent, "" if nobody need."""
    with resources.library(setting) as library:
        waiting = len(library.unreported(watch.name))
    if watch.expect.min <= waiting <= watch.expect.max:
        return ""
    return (
        f"{waiting} records wait to be told, where {watch.expect.min} to {watch.expect.max} are expected. "
        f"All are stored, nothing was sent: see `seedwatch digest {watch.name} --anyway --preview DIR`, "
        "then send with --anyway, or mend the watch's topics or its [expect]"
    )


def _line(issue: Issue, receipts: list[tuple[int, Receipt]]) -> str:
    sent = sum(receipt.state is DeliveryState.SENT for _, receipt in receipts)
    parts = " + ".join(f"{count} {name}" for name, count in issue.flow._asdict().items() if name != "found")
    return (
        f"{issue.watch}: digest {issue.number}, {issue.flow.found} found = {parts}; "
        f"{sent} of {len(receipts)} deliveries sent."
    )


def _failures(receipts: list[tuple[int, Receipt]]) -> list[str]:
    return [
        f"Digest {number} was not delivered to {receipt.recipient} ({receipt.state}): {receipt.reason}"
        for number, receipt in receipts
        if receipt.state is not DeliveryState.SENT
    ]


def _shown(receipt: Receipt) -> Mapping[str, str]:
    return {"recipient": receipt.recipient, "state": receipt.state.value, "reason": receipt.reason}
