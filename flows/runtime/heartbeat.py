"""A dead man's switch: a watch service elsewhere hears of each success, and calls when it hears none."""

import sys
import time
from http import HTTPStatus
from urllib.parse import quote

import httpx

from flows.runtime.settings import Settings

TRIES = 3
SECONDS = 10


def ping(setting: Settings, watch: str, flow: str) -> bool:
    """Ask for SEEDWATCH_HEARTBEAT_URL, with {watch} and {flow} in it replaced; False if that failed.

    A run is not worse for it: the other side calls when it hears nothing.
    """
    if not setting.heartbeat_url:
        return True
    url = setting.heartbeat_url.replace("{watch}", quote(watch)).replace("{flow}", quote(flow))
    for attempt in range(TRIES):
        try:
            answer = httpx.get(url, timeout=SECONDS, follow_redirects=True)
            if answer.status_code < HTTPStatus.BAD_REQUEST:
                return True
            why = f"HTTP {answer.status_code}"
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            why = type(error).__name__
        time.sleep(attempt)
    print(f"seedwatch: SEEDWATCH_HEARTBEAT_URL did not answer ({why})", file=sys.stderr)  # noqa: T201
    return False
