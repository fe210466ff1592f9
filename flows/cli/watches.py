"""What can be said of watches without running them: list, check, new."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from unicodedata import normalize

from flows.runtime import resources as doors
from flows.runtime import settings
from flows.runtime.settings import Settings
from queries.errors import SeedwatchError, WatchError
from queries.pubmed.seed import references, resolve_seed
from queries.records.article import Article
from queries.records.digest import DeliveryState
from queries.watch import file as watch_file
from queries.watch.check import problems, resolve
from queries.watch.draft import draft
from queries.watch.file import Recipient, Watch
from reports.channels import delivery


def table() -> Iterator[str]:
    """A line a watch: name, topics, schedule, title; one that cannot be read says so."""
    for path in watch_file.watches(settings.read().watches):
        try:
            it = watch_file.load(path)
        except WatchError as error:
            yield f"{path.stem}\t{error}"
            continue
        topics = ", ".join(topic.short for topic in it.topics)
        yield f"{it.name}\t{it.title} ({topics}); digest {it.schedule.digest} {it.schedule.timezone}"


def check(name: str | None, *, send: bool) -> Iterator[tuple[str, bool]]:
    """What is in order and what is not, a line each; True marks a problem."""
    setting = settings.read()
    yield from _library(setting)
    files = {path.stem: path for path in watch_file.watches(setting.watches)}
    if name and name not in files:
        doors.watch(setting, name)  # raises, naming those that there are
    for each in [name] if name else files:
        try:
            it = watch_file.load(files[each])
        except WatchError as error:
            yield str(error), True
            continue
        found = list(problems(it, setting.secrets))
        yield from ((f"{each}: {problem}", True) for problem in found)
        if not found:
            yield f"{each}: {len(it.topics)} topics, {len(it.anchors)} anchors in order", False
        for recipient in it.recipients:
            yield _channel(setting, it, recipient, send=send)


def _library(setting: Settings) -> Iterator[tuple[str, bool]]:
    if setting.at_ncbi and not setting.email:
        yield "NCBI_EMAIL is not set: NCBI asks for an address to write to. Set yours", True
    else:
        yield f"PubMed: {setting.eutils_url}", False
    try:
        with doors.library(setting):
            yield f"Library: {setting.database}", False
    except SeedwatchError as error:
        yield str(error), True


def _channel(setting: Settings, it: Watch, recipient: Recipient, *, send: bool) -> tuple[str, bool]:
    """Whether a recipient's URL is set and names a channel; with `send`, whether a message gets there."""
    where = f"{it.name}: recipient {recipient.name}"
    try:
        url = resolve(recipient, it.name, setting.secrets)
    except SeedwatchError as error:
        return str(error), True
    channel = delivery.check(url)
    if channel is None:
        return f"{where}: its URL names no channel. See README, Channels", True
    if not send:
        return f"{where}: {channel}", False
    receipt = delivery.alert(url, f"seedwatch: test of {it.name}", "This channel works.", datetime.now(UTC))
    if receipt.state is DeliveryState.SENT:
        return f"{where}: {channel}, test message sent", False
    return f"{where}: {channel}, test message not sent: {receipt.reason}", True


def new(seed: str, name: str | None, folder: Path | None) -> str:
    """Write a watch file from the seed's PubMed record; return what to do next.

    Raises InputError if PubMed has no such record, WatchError if the file is there already.
    """
    setting = settings.read()
    with doors.pubmed(setting) as wire:
        article = resolve_seed(wire, int(seed) if seed.isdecimal() else seed)
        cited = references(wire, article).articles
    label = name or _name(article)
    place = folder or next(reversed(setting.watches[1:]), Path())
    path = place / f"{label}.toml"
    text = draft(article, cited, label)
    if path.exists():
        raise WatchError(str(path), "is there already", "Give another --name, or move it away")
    place.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    watch_file.load(path)
    return f"{path}\nRead it over, then: SEEDWATCH_WATCHES={place} seedwatch check {label}"


def _name(article: Article) -> str:
    """The seed's first author and year: gullaksen-2025."""
    author = next((each.last or each.collective for each in article.authors), "") or "seed"
    plain = normalize("NFKD", f"{author} {article.published[:4]}").encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or f"pmid-{article.pmid}"
