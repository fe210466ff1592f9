"""The report's files: a page of methods, the flow diagram, and the same for machines."""

import json
from dataclasses import dataclass
from datetime import timedelta

from reports.digest.wording import LANES, day
from reports.formats.template import environment
from reports.methods.diagram import diagram
from reports.methods.prisma_s import PrismaItem, counted, items
from reports.methods.record import MethodsInputs, PrismaFlow, prisma_flow

PAGE, DIAGRAM, DATA = "methods.html", "flow.svg", "report.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodsReport:
    """The files by name, and what to tell of them."""

    flow: PrismaFlow
    items: list[PrismaItem]
    files: dict[str, str]

    @property
    def words(self) -> str:
        """How many items are filled and open: no claim of compliance."""
        return f"PRISMA-S: {counted(self.items)}"


def report(inputs: MethodsInputs) -> MethodsReport:
    """The report of a watch in a span. Pure: the same inputs give the same bytes."""
    flow = prisma_flow(inputs.decided, inputs.since, inputs.until)
    every = items(inputs, flow)
    title = inputs.digests[-1].title if inputs.digests else inputs.watch
    period = f"{day(inputs.since)} to {day(inputs.until - timedelta(days=1))}"
    drawn = diagram(flow, title, period)
    page = _TEMPLATES.get_template("methods.html.j2").render(
        i=inputs, flow=flow, items=every, counted=counted(every), name=title, period=period, drawn=drawn,
        lanes=LANES, sample=any(digest.sample for digest in inputs.digests),
    )  # fmt: skip
    files = {PAGE: page, DIAGRAM: drawn, DATA: _data(inputs, flow, every)}
    return MethodsReport(flow=flow, items=every, files=files)


def _data(inputs: MethodsInputs, flow: PrismaFlow, every: list[PrismaItem]) -> str:
    digests = [
        {"number": digest.number, "made": digest.made, **digest.flow._asdict()} for digest in inputs.digests
    ]
    facts = {
        "watch": inputs.watch,
        "made": inputs.made,
        "since": inputs.since,
        "before": inputs.until,
        "flow": flow._asdict() | {"notices": dict(flow.notices)},
        "digests": digests,
        "searches": [search._asdict() for search in inputs.searches],
        "strategies": [strategy._asdict() for strategy in inputs.strategies],
        "prisma_s": [item._asdict() for item in every],
        "pending": [waiting.pmid for waiting in inputs.pending],
        "waiting": inputs.waiting,
    }
    return json.dumps(facts, default=str, ensure_ascii=False, indent=1) + "\n"


_TEMPLATES = environment("reports.methods")
