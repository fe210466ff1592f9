"""What a person at a terminal sees while a run is under way; nothing where there is none."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from queries.pubmed.wire import RequestEntry

Listener = Callable[[RequestEntry], None]
STAGES = {
    "esearch": "asking PubMed",
    "efetch": "fetching records",
    "elink": "following links",
}
listener: ContextVar[Listener] = ContextVar("listener", default=lambda _: None)


@contextmanager
def shown(watch: str) -> Iterator[None]:
    """Show a bar that moves with each request for as long as the block lasts."""
    if not sys.stderr.isatty():
        yield
        return
    columns = SpinnerColumn(), TextColumn("{task.description}"), BarColumn(20), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(f"{watch}: starting", total=None)
        asked = 0

        def listen(entry: RequestEntry) -> None:
            nonlocal asked
            asked += 1
            stage = STAGES.get(entry.util, entry.util)
            trouble = f", try {entry.attempt} after {entry.fault}" if entry.fault else ""
            progress.update(task, description=f"{watch}: {stage}, {asked} requests{trouble}")

        token = listener.set(listen)
        try:
            yield
        finally:
            listener.reset(token)
