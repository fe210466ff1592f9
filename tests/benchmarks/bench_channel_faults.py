"""What each channel claims under each fault, against what truly arrived.

FAILED though it arrived would be sent twice, SENT though it did not is lost: both are lies, and one of them
ends this benchmark with exit 1, as do a traceback, a secret in a reason, and bytes that are not the parcel's.
UNKNOWN is honest: a "doubt" where it had arrived, "cautious" where it had not. For SMTP, Slack and a generic
web hook the flow `deliver` is run against the same fault, too: when each parcel is tried again by itself
("-": never), whether the operator was told, and the exit code. --quick: every fourth fault.
"""

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

from apprise import NotifyBase
from figures import QUICK, figure
from support.channel_faults import SECRETS, Fault, mail_faults, web_faults
from support.channel_scenes import KINDS, Scene, scene
from support.faulty import own_certificate
from support.reports_samples import empty

from flows.runtime.settings import quiet_prefect
from queries.records.outbox import DeliveryState
from reports.channels.channel import pack, send
from reports.formats.message import message

IN_BASE64 = "AG1lAGh1bnRlcjIy"  # the login of me:hunter22
FLOW_HEAD = f"{'tried again after':17} operator exit"
HEAD = (
    "channel       fault                           claim              arrived verdict     conn "
    f"seconds bytes  {FLOW_HEAD}  reason"
)

More = Callable[[Scene], Sequence[str]]
"""Further columns of a row, from the flow run against a fresh scene."""


class FaultRow(NamedTuple):
    """What came of one fault on one channel; `arrived` counts how often each parcel did."""

    channel: str
    fault: str
    states: tuple[DeliveryState, ...] = ()
    arrived: tuple[int, ...] = ()
    connections: int = 0
    seconds: float = 0.0
    same: bool | None = None
    reason: str = ""
    leaks: bool = False
    broken: bool = False
    more: Sequence[str] = ()

    @property
    def verdicts(self) -> list[str]:
        """For each parcel: honest, doubt, cautious, or which lie."""
        return [verdict(state, count) for state, count in zip(self.states, self.arrived, strict=True)]

    def __str__(self) -> str:
        """A line of the table."""
        same = {True: "same", False: "OTHER", None: "-"}[self.same]
        verdicts = "TRACEBACK" if self.broken else "+".join(dict.fromkeys(self.verdicts))
        return (
            f"{self.channel:13} {self.fault:31} {'+'.join(self.states):18} "
            f"{'+'.join(map(str, self.arrived)):>7} {verdicts:11} {self.connections:>4} "
            f"{self.seconds:7.2f} {same:5}  {' '.join(self.more) or '-':{len(FLOW_HEAD)}}  {self.reason[:90]}"
        )


def verdict(state: DeliveryState, arrived: int) -> str:
    """Whether a claim is true."""
    if state is DeliveryState.UNKNOWN:
        return "doubt" if arrived else "cautious"
    if state is DeliveryState.SENT:
        return {0: "LIE: lost", 1: "honest"}.get(arrived, "LIE: twice")
    return "LIE: twice" if arrived else "honest"


def row(at: Scene) -> FaultRow:
    """Every parcel sent once: its state, how often it arrived, and the last reason."""
    fault = at.fault
    made = message(empty())
    text = made.text + "\n" + ("x" * 70 + "\n") * (fault.size // 71)
    parcels = list(
        pack(
            replace(made, slack=made.slack[:1] * fault.parts, slack_flat=(), text=text),
            at.url,
            "group",
            at.form,
        )
    )
    states, arrived, reason, same = [], [], "", []
    began = time.perf_counter()
    for parcel in parcels:
        before = len(at.kept())
        receipt = send(parcel, at.url, at.form, sleep=lambda _: None)
        time.sleep(0.02)  # the server's own thread writes down what it got
        new = at.kept()[before:]
        states.append(receipt.state)
        arrived.append(len(new))
        reason = receipt.reason or reason
        same += [at.same(parcel, body) for body in new] if at.same else []
    return FaultRow(
        channel=at.channel,
        fault=fault.name,
        states=tuple(states),
        arrived=tuple(arrived),
        connections=at.server.connections,
        seconds=time.perf_counter() - began,
        same=all(same) if same else None,
        reason=reason,
        leaks=any(word in reason for word in SECRETS if word in at.url) or IN_BASE64 in reason,
    )


def guarded(name: str, channel: str, run: Callable[[], FaultRow]) -> FaultRow:
    """A traceback is a row, too: nothing was claimed, and nobody knows."""
    try:
        done = run()
    except Exception as error:  # noqa: BLE001 - whatever is raised is a finding
        done = FaultRow(channel, name, reason=f"{type(error).__name__}: {error}", broken=True)
    print(done, file=sys.stderr, flush=True)
    return done


def table(more: More | None = None) -> list[FaultRow]:
    """All rows; `more` gives further columns."""
    NotifyBase.throttle = lambda *_, **__: None  # apprise's own pauses between two messages
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(6) as pool:
        own = own_certificate(Path(folder))

        def one(fault: Fault, channel: str) -> FaultRow:
            with scene(fault, channel, own) as at:
                done = row(at)
            if more is None:
                return done
            with scene(fault, channel, own) as at:
                return done._replace(more=more(at))

        def some(channel: str) -> list[FaultRow]:
            faults = list(mail_faults() if channel == "smtp" else web_faults())
            if QUICK:
                faults = [each for each in faults[::4] if not each.patient]
            return [
                guarded(fault.name, channel, partial(one, fault, channel))
                for fault in faults
                if channel not in fault.skip
            ]

        slack = ("slack webhook", "slack bot")  # one after the other: they share an address
        jobs = [("smtp",), slack, *((kind,) for kind in KINDS if kind not in slack)]
        return [
            done
            for rows in pool.map(lambda channels: [done for each in channels for done in some(each)], jobs)
            for done in rows
        ]


def main() -> None:
    """Print a line for each fault and channel, and what they come to."""
    began = time.perf_counter()
    quiet_prefect(Path(tempfile.mkdtemp(prefix="seedwatch-bench-")))
    from prefect.testing.utilities import prefect_test_harness  # noqa: PLC0415 - when its home is known
    from support.channel_flow import by_flow  # noqa: PLC0415

    from flows.deliver import DELAYS  # noqa: PLC0415

    with prefect_test_harness(server_startup_timeout=300):
        rows = table(by_flow)
    print(HEAD, *rows, sep="\n")
    print("\nWhat failed for now is tried again after", *map(str, DELAYS), "and then never", sep=" | ")
    verdicts = Counter(verdict for done in rows for verdict in done.verdicts)
    bad = {
        "tracebacks": sum(done.broken for done in rows),
        "secrets told": sum(done.leaks for done in rows),
        "with other bytes": sum(done.same is False for done in rows),
        "lies": sum(count for verdict, count in verdicts.items() if verdict.startswith("LIE")),
    }
    print(
        f"\n{len(rows)} rows of {len({done.fault for done in rows})} faults on "
        f"{len({done.channel for done in rows})} channels in {time.perf_counter() - began:.0f} s"
    )
    print(", ".join(f"{count} {name}" for name, count in (verdicts | bad).items()))
    tried = len({done.fault for done in rows})
    figure("channel faults tried, each on its channels", tried, at_least=None if QUICK else 40)
    for name, count in bad.items():
        figure(f"channel faults: {name}", count, at_most=0)
    if any(bad.values()):
        sys.exit(1)


if __name__ == "__main__":
    main()
