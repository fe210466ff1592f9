"""A fault as the flow that sends meets it: when it tries again, who is told, how it ends; no test module."""

import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flows.cli.run import run_flow
from flows.runtime import resources, settings
from flows.runtime.outcome import FlowOutcome
from flows.runtime.settings import Settings
from queries.records.outbox import Delivery
from queries.watch.file import SHIPPED
from reports.channels.channel import pack
from reports.formats.message import message
from support.channel_scenes import Scene
from support.library_samples import issue
from support.receivers import serving_hook
from support.reports_samples import empty
from support.scenario import write_small_watch

CHANNELS = "smtp", "slack webhook", "json"  # as the promise names them: SMTP, Slack, a generic web hook
_NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)


def by_flow(at: Scene) -> list[str]:
    """When it is tried again, whether the operator was told, the exit code: of `deliver` on this channel."""
    if at.channel not in CHANNELS:
        return []
    with tempfile.TemporaryDirectory() as folder, serving_hook() as hook:
        home = Path(folder)
        watches = write_small_watch(home / "watches", {"group": "$CHANNEL"})
        file = watches / "small.toml"
        file.write_text(file.read_text(encoding="utf-8") + f'format = "{at.form}"\n', encoding="utf-8")
        setting = Settings(
            home=home / "state",
            database=home / "library.duckdb",
            watches=(SHIPPED, watches),
            eutils_url="http://127.0.0.1:9/",
            ops_url=hook.url,
            secrets={"CHANNEL": at.url},
        )
        made = message(empty())
        text = made.text + "\n" + ("x" * 70 + "\n") * (at.fault.size // 71)
        whole = replace(made, watch="small", slack=made.slack * at.fault.parts, text=text)
        parcels = tuple(pack(whole, at.url, "group", at.form))
        with settings.replaced(setting):
            with resources.library(setting) as library:
                library.record(replace(issue(1, at=_NOW), watch="small", parcels=parcels))
            outcome = run_flow("deliver", {"watch": "small", "now": _NOW})
            with resources.library(setting) as library:
                deliveries = library.deliveries("small")
    return _columns(outcome, deliveries, hook.titles)


def _columns(outcome: FlowOutcome, deliveries: tuple[Delivery, ...], titles: list[str]) -> list[str]:
    waits = [_words(delivery.due - _NOW) if delivery.due else "-" for delivery in deliveries]
    told = "told" if titles else "-"
    return [f"{'+'.join(waits):17}", f"{told:8}", f"{outcome.exit_code:4}"]


def _words(wait: timedelta) -> str:
    minutes = round(wait.total_seconds() / 60)
    hours, days = minutes // 60, minutes // 1440
    return f"{days} d" if days else f"{hours} h" if hours else f"{minutes} min"
