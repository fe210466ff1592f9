"""Retries at their own hour: a Prefect server that runs us is asked to run `deliver` when it is due."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

import httpx
from prefect.deployments import run_deployment
from prefect.exceptions import PrefectException
from prefect.runtime import deployment


def schedule_delivery(watch: str, moments: Sequence[datetime]) -> None:
    """Have `deliver/WATCH` run at the first of the moments (aware), once however often it is asked for.

    From a shell nothing is scheduled. If the server can't be asked, the deployment's own schedule and every
    later run of the watch deliver what is due.
    """
    if not deployment.id or not moments:
        return
    first = min(moments)
    with suppress(PrefectException, httpx.HTTPError):
        run_deployment(
            f"deliver/{watch}",
            parameters={"watch": watch},
            scheduled_time=first,
            timeout=0,
            as_subflow=False,
            idempotency_key=f"deliver {watch} {first:%Y-%m-%dT%H:%M}",
        )
