"""A channel under a fault: its URL, its server, and what truly arrived; not a test module."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from apprise.plugins.slack import NotifySlack

from queries.records.outbox import Parcel
from support.channel_faults import Fault
from support.faulty import FaultyServer
from support.faulty_mail import FaultyMail
from support.faulty_web import FaultyWeb, answer, slack_answer

SHORT = "cto=1&rto=0.6"  # seconds of patience, by the URL


@dataclass(frozen=True)
class Kind:
    """A channel over HTTP: its URL around a place, what its server says for yes, the digest's form."""

    url: str
    yes: bytes = answer(200, b"ok")
    form: str = "text"
    same: Callable[[Parcel, bytes], bool] | None = None


@dataclass(frozen=True)
class Scene:
    """What a parcel is sent to; `kept` gives what arrived, in order, `same` whether it is a parcel's own."""

    fault: Fault
    channel: str
    url: str
    form: str
    server: FaultyServer
    kept: Callable[[], list[bytes]]
    same: Callable[[Parcel, bytes], bool] | None


def whole(parcel: Parcel, body: bytes) -> bool:
    """The very bytes."""
    return body == parcel.body


def behind(parcel: Parcel, body: bytes) -> bool:
    """The very bytes, behind the name of the channel."""
    return body.endswith(parcel.body[1:])


_BOT = "xoxb-123456789012-1234567890123-abcdefghijklmnopqrstuvwx"
KINDS = {
    "slack webhook": Kind("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7/?", form="slack", same=whole),
    "slack bot": Kind(f"slack://{_BOT}/#lab?", slack_answer(ok=True), "slack", behind),
    "slack-like": Kind("json{s}://me:hunter22@{place}/hook?", form="slack", same=whole),
    "json": Kind("json{s}://me:hunter22@{place}/hook?"),
    "form": Kind("form{s}://me:hunter22@{place}/hook?"),
    "xml": Kind("xml{s}://me:hunter22@{place}/hook?"),
    "mattermost": Kind("mmost{s}://{place}/3ccdd113474722377935511fc85d3dd4?"),
    "gotify": Kind("gotify{s}://{place}/abcdefghijklmnopqrstuvwx?"),
    "ntfy": Kind("ntfy{s}://me:hunter22@{place}/topic?", slack_answer(id="1", event="message")),
    "matrix": Kind(
        "matrix{s}://abcdefghijklmnopqrstuvwx@{place}/!room:localhost?hsreq=no&",
        slack_answer(event_id="$1"),
    ),
}
_MATRIX_ASIDES = {
    "/join": slack_answer(room_id="!room:localhost"),
    "/versions": slack_answer(versions=["v1.1"]),
    "whoami": slack_answer(user_id="@me:localhost"),
}


@contextmanager
def scene(fault: Fault, channel: str, own: ssl.SSLContext | None) -> Iterator[Scene]:
    """A channel, "smtp" or one of KINDS, under a fault; `own` is a certificate that nobody vouches for."""
    tls = own if fault.tls == "own" else None
    with (_mail if channel == "smtp" else _web)(fault, channel, tls) as made:
        yield made


@contextmanager
def _mail(fault: Fault, channel: str, tls: ssl.SSLContext | None) -> Iterator[Scene]:
    features = ("8BITMIME", "AUTH PLAIN LOGIN") if fault.features is None else fault.features
    with FaultyMail(tls=tls, listening=fault.listening, features=features) as server:
        server.plans = list(fault.plans)
        to = ",".join(f"reader{number}@example.com" for number in range(fault.parts))
        secure = "s" if fault.tls else ""
        url = f"mailto{secure}://me:hunter22@{server.place}/?from=watch@example.org&to={to}"
        url += ("&verify=no" if fault.plans else "") + ("" if fault.patient else f"&{SHORT}")
        yield Scene(
            fault,
            channel,
            url,
            "text",
            server,
            lambda: [mail.content for mail in server.taken if mail.kept],
            whole,
        )


@contextmanager
def _web(fault: Fault, channel: str, tls: ssl.SSLContext | None) -> Iterator[Scene]:
    kind = KINDS[channel]
    with FaultyWeb(tls=tls, listening=fault.listening) as server:
        server.yes = kind.yes
        server.asides = _MATRIX_ASIDES if channel == "matrix" else {}
        server.plans = [
            {stage: [kind.yes if step == b"" else step for step in steps] for stage, steps in plan.items()}
            for plan in fault.plans
        ]
        if channel in {"slack webhook", "slack bot"}:  # apprise has their address in the class
            place = f"http{'s' if fault.tls else ''}://{server.place}"
            NotifySlack.webhook_url, NotifySlack.api_url = f"{place}/services", f"{place}/api/{{}}"
        url = kind.url.format(s="s" if fault.tls else "", place=server.place)
        url = url.rstrip("?&") if fault.patient else url + SHORT
        yield Scene(
            fault,
            channel,
            url,
            kind.form,
            server,
            lambda: [each.body for each in server.posted if each.kept],
            kind.same,
        )
