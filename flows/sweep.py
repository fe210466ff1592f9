"""The back-sweep: everything of the last two years asked once more, so that nothing found late is lost."""

from datetime import datetime

from prefect import flow
from prefect.client.schemas.objects import State

from flows.harvest import gathered
from flows.outcome import Outcome, tell_operator


@flow(flow_run_name="{watch}", on_failure=[tell_operator], on_crashed=[tell_operator])
def sweep(watch: str, now: datetime | None = None) -> State[Outcome]:
    """Ask for all that a watch's topics match, and read all that was told again.

    Args:
        watch: The watch: its file's name without .toml.
        now: Run as of this moment.
    """
    return gathered("sweep", watch, None, None, now).state()
