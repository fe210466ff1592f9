"""The digest: rank what is unreported, compose, record it with its parcels, then send what is due."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from flows.archive import attached
from flows.deliver import counted, empty_outbox, failures, shown
from flows.harvest import harvest_watch
from flows.inputs import gather
from flows.publish import published
from flows.runtime import resources, settings
from flows.runtime.due import serves
from flows.runtime.outcome import LOGGER, FlowOutcome, on_schedule, operated
from flows.runtime.parameters import Moment, as_of, check_moment
from flows.runtime.rehearsal import rehearsal_if
from flows.runtime.settings import Settings
from flows.verdicts.links import message_for
from flows.verdicts.mailbox import mailbox_trouble
from queries.errors import InputError, SeedwatchError
from queries.library import Library
from queries.records.digest import Issue
from queries.records.library import PastDigest
from queries.records.outbox import Delivery, Parcel
from queries.watch.check import resolve
from queries.watch.file import Recipient, Watch
from reports.channels.channel import pack
from reports.digest.edit import edit, worth_sending
from reports.digest.reader import for_reader, gets_next, together
from reports.digest.record import Digest, load
from reports.formats.markdown import markdown


@flow(flow_run_name="{watch}", **operated)
def digest(
    watch: str,
    now: Moment | None = None,
    anyway: bool = False,
    again: bool = False,
    preview: bool = False,
) -> State[FlowOutcome]:
    """Send what is due; then, if a digest is due or there is news, compose it, record it and send it.

    On schedule it first does the harvest of its time, if that has not been done.
    """
    if on_schedule() and not now:
        harvest_before(watch, as_of(now))
    with rehearsal_if(preview, watch):
        return make_digest(watch, as_of(now), anyway=anyway, again=again).state()


def harvest_before(name: str, now: datetime) -> None:
    """Do the harvest that the schedule wants before this moment's digest, unless it has been done.

    One that fails is noted and stops no digest: that says itself which days it does not cover.
    """
    setting = settings.read()
    schedule = resources.watch(setting, name).schedule
    with resources.library(setting) as library:
        last = library.last_runs(now).get(name)
    if last and serves(last.harvested, schedule.last_time(schedule.harvest, now)):
        return
    try:
        LOGGER.info(harvest_watch("harvest", name, now, retried=False).line)
    except SeedwatchError as error:
        LOGGER.warning("The harvest before this digest failed: %s", error)


def make_digest(name: str, now: datetime, *, anyway: bool = False, again: bool = False) -> FlowOutcome:
    """Deliver what is due and make the next digest of a watch, alone, and tell how it went.

    A digest is made once for each time of the schedule; by hand also in between, if there is news. What an
    earlier run left to be sent comes first. A failure is noted for `status`.
    """
    setting = settings.read()
    check_moment(setting, now)
    watch = resources.watch(setting, name)
    with resources.alone(setting, name), resources.noting_failure(setting, name, "digest", now):
        unheard = mailbox_trouble(setting, now)
        tried = [] if setting.preview else empty_outbox(setting, watch, now)
        with resources.library(setting) as library:
            last = library.last_digest(name)
        wanted = again or bool(setting.preview) or is_due(watch, last, now)
        issue, line, doubt = None, "", ""
        if not wanted and on_schedule():
            line = f"digest {last.number if last else 0} has been made for this time"
        elif not anyway and (doubt := unexpected(setting, watch)):
            line = "no digest"
        else:
            issue = decide(setting, watch, now, only_news=not wanted)
            line = _sum(issue) if issue else "nothing new; --again makes a digest that says so"
        if issue:
            tried += empty_outbox(setting, watch, now)
        if setting.preview and failures(watch, tried):
            raise InputError(f"--preview {setting.preview}", tried[-1].reason, "Name a folder to be made")
        made = load(issue.body) if issue else None
        trouble = (*(made.trouble if made else ()), *filter(None, [doubt]), *unheard)
        with resources.library(setting) as library:  # what could not be sent `status` sees in the outbox
            library.ran(name, "digest", now, now, trouble)
        trouble = (*trouble, *failures(watch, tried))
    if issue and made:
        trouble = (*trouble, *published(setting))
        kind = "preview" if setting.preview else "digest"
        create_markdown_artifact(markdown(made), key=f"{kind}-{name}", description=issue.subject)
    return FlowOutcome(
        watch=name,
        flow="digest",
        line=f"{name}: {line}; {_arrived(setting, tried)}.",
        trouble=trouble,
        notes=made.notes if made else (),
        facts=_facts(issue, made, tried),
    )


@task(name="compose and record", cache_policy=NO_CACHE)
def decide(setting: Settings, watch: Watch, now: datetime, *, only_news: bool = False) -> Issue | None:
    """Compose the next digest and record it, with its parcels as they are to arrive, before anything is sent.

    With `only_news` a digest that would tell nothing is neither recorded nor sent: None.
    """
    with resources.library(setting) as library:
        inputs = gather(library, watch, now)
        earlier = earlier_digests(library, watch, now)
        changed = {update.told_pmid for update in inputs.updates}
        changed |= {change.told_pmid for some in earlier.values() for each in some for change in each.changes}
        were_sent = library.were_sent(watch.name, changed)
    issue = edit(inputs, sample=setting.sample)
    made = load(issue.body)
    if only_news and not made.entries and not made.changes:
        return None
    issue = packed(setting, watch, issue, were_sent, earlier)
    with resources.library(setting) as library:
        library.record(issue)
    return issue


def earlier_digests(library: Library, watch: Watch, now: datetime) -> dict[str, list[Digest]]:
    """Per recipient who gets the next digest, the earlier ones that it holds as well.

    Those are of his month if he reads monthly, and what was kept back for him until he changed to weekly.
    """
    past = library.digests(watch.name)
    made = {digest.number: digest.made for digest in past}
    last = {row.recipient: row.number for row in library.deliveries(watch.name)}  # the oldest digest first
    return {
        recipient.name: [
            load(digest.body)
            for digest in past
            if digest.number > last.get(recipient.name, digest.number)
            and (recipient.frequency == "monthly" or _was_kept(watch, recipient, made, last, digest))
        ]
        for recipient in watch.recipients
        if gets_next(watch, recipient, made.get(last.get(recipient.name, 0)), now)
    }


def _was_kept(
    watch: Watch, recipient: Recipient, made: Mapping[int, datetime], last: Mapping[str, int],
    past: PastDigest,
) -> bool:  # fmt: skip
    """Whether a digest was to wait for a monthly reader's next month, and tells this one something."""
    monthly = recipient.model_copy(update={"frequency": "monthly"})
    if gets_next(watch, monthly, made.get(last[recipient.name]), past.made):
        return False
    digest = load(past.body)
    own = for_reader(digest, recipient, frozenset(change.told_pmid for change in digest.changes))
    return bool(own.entries or own.changes)


def packed(
    setting: Settings, watch: Watch, issue: Issue, were_sent: Mapping[str, frozenset[int]],
    earlier: Mapping[str, Sequence[Digest]],
) -> Issue:  # fmt: skip
    """The issue with what arrives at each address, as bytes, and with what each recipient's own digest tells.

    `were_sent` says which PMIDs that have changed reached whom; `earlier` who gets it, and which others
    before it are in it for him. Raises SettingsError for a URL that is unset or that no channel reads:
    nothing is recorded then.
    """
    made = load(issue.body)
    parcels: list[Parcel] = []
    readings: set[tuple[str, int]] = set()
    for recipient in watch.recipients:
        if recipient.name not in earlier:
            continue
        whole = together([*earlier[recipient.name], made])
        own = for_reader(whole, recipient, were_sent.get(recipient.name, frozenset()))
        if not worth_sending(own, watch):
            continue
        url = resolve(recipient, watch.name, setting.secrets)
        letter = message_for(setting, own, recipient, url)
        letter = replace(letter, attachments=attached(setting, own, recipient.attach))
        parcels += pack(letter, url, recipient.name, recipient.format)
        told = {each.pmid for each in own.entries} | {miss.pmid for miss in own.beyond}
        told |= {change.pmid for change in own.changes}
        readings |= {(recipient.name, pmid) for pmid in told}
    names = {parcel.recipient for parcel in parcels}
    recipients = tuple(each.name for each in watch.recipients if each.name in names)
    return replace(
        issue, recipients=recipients, parcels=tuple(parcels), readings=tuple(sorted(readings))
    )  # fmt: skip


def is_due(watch: Watch, last: PastDigest | None, now: datetime) -> bool:
    """Whether the schedule's last time has no digest yet; one from the future is a clock's mistake."""
    slot = watch.schedule.last_time(watch.schedule.digest, now)
    return last is None or last.made > now or not serves(last.made, slot)


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


def _sum(issue: Issue) -> str:
    parts = " + ".join(f"{count} {name}" for name, count in issue.flow._asdict().items() if name != "found")
    return f"digest {issue.number}, {issue.flow.found} found = {parts}"


def _arrived(setting: Settings, tried: Sequence[Delivery]) -> str:
    return f"written to {setting.preview}, nothing sent" if setting.preview else counted(tried)


def _facts(issue: Issue | None, made: Digest | None, tried: Sequence[Delivery]) -> dict[str, object]:
    facts: dict[str, object] = {"deliveries": [shown(delivery) for delivery in tried]}
    if issue and made:
        facts |= {
            "number": issue.number,
            "subject": issue.subject,
            "flow_line": issue.flow._asdict(),
            "told": [entry.pmid for entry in made.entries],
        }
    return facts
