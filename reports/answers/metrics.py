"""The watches' standing for Prometheus: the text that node_exporter's textfile collector reads. Pure."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from reports.answers.status import SCHEDULED, Status

Sample = tuple[dict[str, str], float]


def metrics(stands: Sequence[Status], now: datetime) -> str:
    """Every figure with its meaning, a line each (Prometheus text format 0.0.4); times are Unix seconds."""
    families: tuple[tuple[str, str, Iterable[Sample]], ...] = (
        ("last_success_timestamp_seconds", "When a flow last ran without trouble.", _successes(stands)),
        ("alarms", "What a person must look at.", _each(stands, lambda each: len(each.alarms))),
        ("overdue", "Flows that are due and have not run well.", _each(stands, lambda e: len(e.overdue))),
        (
            "pending",
            "PMIDs that PubMed counts and has not handed out.",
            _each(stands, lambda e: len(e.pending)),
        ),
        ("owed", "Messages that have not arrived for certain.", _each(stands, lambda each: len(each.owed))),
        ("gaps", "Spans of days that a lane has not read.", _each(stands, _gaps)),
        ("scheduled", "1 if the watch is on schedule, 0 if not.", _each(stands, _is_scheduled)),
        ("written_timestamp_seconds", "When these figures were written.", [({}, now.timestamp())]),
    )
    return "".join(line for family in families for line in _family(*family))


def _family(name: str, meaning: str, samples: Iterable[Sample]) -> Iterator[str]:
    yield f"# HELP seedwatch_{name} {meaning}\n# TYPE seedwatch_{name} gauge\n"
    for labels, value in samples:
        inner = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
        yield f"seedwatch_{name}{f'{{{inner}}}' if inner else ''} {value:.15g}\n"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _successes(stands: Sequence[Status]) -> Iterator[Sample]:
    for each in stands:
        for flow, moment in each.last.items():
            if moment:
                yield {"watch": each.watch, "flow": flow}, moment.timestamp()


def _each(stands: Sequence[Status], count: Callable[[Status], int]) -> Iterator[Sample]:
    return (({"watch": each.watch}, count(each)) for each in stands)


def _gaps(status: Status) -> int:
    return sum(len(lane.gaps) for lane in status.coverage)


def _is_scheduled(status: Status) -> int:
    return int(status.standing == SCHEDULED)
