"""What a person at a terminal sees while a run is under way; nothing where there is none."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from queries.pubmed.wire import RequestEntry

Listener = Callable[["RequestEntry"], None]
STAGES = {
    "esearch": "asking PubMed",
    "efetch": "fetching records",
    "elink": "following links",
}
listener: ContextVar[Listener] = ContextVar("listener", default=lambda _: None)


@contextmanager
def shown(watch: str) -> Iterator[None]:
    """Show at once what is under way, and a bar that moves with each request, while the block lasts."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = SpinnerColumn(), TextColumn("{task.description}"), BarColumn(20), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(f"{watch}: starting", total=None)
        asked = 0

        def listen(entry: "RequestEntry") -> None:
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
