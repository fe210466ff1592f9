"""How long a channel is waited for: what its URL says (cto=, rto=), else ours."""

import math
from typing import Final, NamedTuple

from apprise import URLBase

CONNECT: Final = 15.0  # seconds
ANSWER: Final = 60.0  # seconds; a server may scan a mail for long before it answers


class TimeLimits(NamedTuple):
    """Seconds until there is a connection, and until there is a whole answer; apprise has 4 for either."""

    connect: float = CONNECT
    answer: float = ANSWER


def patience(service: URLBase) -> TimeLimits:
    """What a URL says; its own defaults, and what is no time at all, count as unsaid."""
    kind = type(service)
    return TimeLimits(
        _said(service.socket_connect_timeout, kind.socket_connect_timeout, CONNECT),
        _said(service.socket_read_timeout, kind.socket_read_timeout, ANSWER),
    )


def _said(seconds: float, default: float, ours: float) -> float:
    return seconds if seconds != default and 0 < seconds < math.inf else ours
