"""What the log of readers holds, into the library: whenever a run passes, each event once."""

from contextlib import suppress
from datetime import datetime

from flows.runtime import resources
from flows.runtime.settings import Settings
from flows.runtime.watches import scheduled
from flows.verdicts import log
from flows.verdicts.secret import verdict_secret
from queries.errors import WatchError
from queries.library import Library
from queries.records.library import HeardVerdict, Unsubscription
from queries.watch.file import Watch, load
from reports.digest.verdicts import address_id, reader_id

RELEVANT = {log.YES: True, log.NO: False, log.UNDO: None}


def hear_readers(setting: Settings, library: Library, watch: Watch, now: datetime) -> None:
    """Let the library know what readers of a watch said, and what it owes to nobody any more.

    A reader is called by his recipient's name, as far as the watch still has it. Whose address is not in the
    library waits in the log.
    """
    path = setting.home / log.NAME
    if not path.exists():
        return
    names = library.names(watch.name)
    events = [event for event in log.events(path) if event.watch in names]
    if not events:
        return
    secret = verdict_secret(setting)
    readers = {reader_id(secret, recipient.name): recipient.name for recipient in watch.recipients}
    addresses = {address_id(secret, address): address for address in library.addresses(watch.name)}
    verdicts = [
        HeardVerdict(each.pmid, RELEVANT[each.word], each.at, readers.get(each.reader, each.reader), each.id)
        for each in events
        if each.word in RELEVANT
    ]
    stops = [
        Unsubscription(addresses[each.reader].casefold(), each.word == log.STOP, each.at, each.id)
        for each in events
        if each.word in {log.STOP, log.RESUME} and each.reader in addresses
    ]
    with library.transaction():
        library.hear(watch.name, verdicts, now)
        library.unsubscribe(watch.name, stops)


def hear_all(setting: Settings, now: datetime) -> None:
    """The same for every watch on schedule; one whose file has a mistake is for others to complain of."""
    if not (setting.home / log.NAME).exists():
        return
    for path in scheduled(setting, resources.known_watches(setting)).values():
        with suppress(WatchError):
            watch = load(path)
            with resources.library(setting) as library:
                hear_readers(setting, library, watch, now)
