"""What an answer of the E-utilities means, judged by its body first: status 200 proves nothing.

The codes S1…E18 are those of the project's catalogue of NCBI's errors: S come with a status of their
own, E inside an answer of status 200. An unknown error text is permanent, so that it is seen.
"""

import json
import re
from enum import StrEnum
from http import HTTPStatus
from typing import NamedTuple


class FaultKind(StrEnum):
    """What to do about a fault."""

    TRANSIENT = "transient"  # try again, with growing delays
    THROTTLED = "throttled"  # the same, and slower for a minute
    OUTAGE = "outage"  # NCBI says that it is down: hours
    TOO_LARGE = "too large"  # ask for less at once
    OVER_CAP = "over cap"  # slice the search
    EXPIRED = "expired"  # search again
    BAD_KEY = "bad key"  # the settings are wrong
    PERMANENT = "permanent"  # asking again would not help


class AnswerFault(NamedTuple):
    """What is wrong with an answer; `text` is PubMed's own, on one line."""

    code: str
    kind: FaultKind
    text: str


_TEXTS = tuple(
    (re.compile(pattern, re.IGNORECASE | re.DOTALL), code, kind)
    for pattern, code, kind in (
        (r"API rate limit exceeded", "S1", FaultKind.THROTTLED),
        (r"API key invalid", "S2", FaultKind.BAD_KEY),
        (r"'retstart' cannot be larger|out of acceptable range", "E2", FaultKind.OVER_CAP),
        (r"OUT OF RANGE", "S3", FaultKind.PERMANENT),
        (r"Unable to obtain query|Cannot retrieve history data", "E6", FaultKind.EXPIRED),
        (r"Database is not supported", "E1", FaultKind.TRANSIENT),
        (r"External viewer error", "S5", FaultKind.TOO_LARGE),
        (r"proxy_stream\(\)|Failed to connect", "S6", FaultKind.TRANSIENT),
        (r"502 Proxy Error|HTTP Request processing error", "E3", FaultKind.TRANSIENT),
        (r"address table is empty", "E12", FaultKind.TRANSIENT),
        (r"Read failed|TXCLIENT", "E13", FaultKind.TRANSIENT),
        (r"ID list is empty", "S4", FaultKind.PERMANENT),
        (r"Empty term and query_key", "E4", FaultKind.PERMANENT),
        (r"Invalid db name", "E5", FaultKind.PERMANENT),
        (r"id parameter is empty", "E7", FaultKind.PERMANENT),
        (r"PMID is not available", "E8", FaultKind.PERMANENT),
        (r"Too many UIDs", "E9", FaultKind.PERMANENT),
        (r"Invalid uid|cannot get document summary", "E10", FaultKind.PERMANENT),
        (r"DocSum Backend failed", "E11", FaultKind.TRANSIENT),
        (r"Empty ID list|IDs have invalid value", "E15", FaultKind.PERMANENT),
        (r"Cannot process ID list|Failed to (?:retrieve sequence|understand id)", "E18", FaultKind.PERMANENT),
        (
            r"reading from remote server|Bad gateway|temporarily|Service unavailable",
            "E18",
            FaultKind.TRANSIENT,
        ),
        (r"Server Error|Timeout|Empty Response", "E18", FaultKind.TRANSIENT),
        (r"Search Backend failed", "E3", FaultKind.TRANSIENT),
    )
)
_ROOT = re.compile(rb"<(?![?!])([A-Za-z_][\w.:-]*)")
_ERROR = re.compile(rb"<(ERROR|error)>(.*?)</\1>", re.DOTALL)
_TITLE = re.compile(rb"<title>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_HTML = re.compile(rb"(?:<\?xml[^>]*>\s*)?(?:<!doctype html|<(?:html|head|body)\b)", re.IGNORECASE)
_GATEWAY = {HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}


def classify(status: int, body: bytes, location: str = "") -> AnswerFault | None:
    """The fault of an answer, None if it is whole and good; `location` is a redirect's target."""
    if b"down_bethesda" in body[:20_000] or "down_bethesda" in location:
        return AnswerFault("S11", FaultKind.OUTAGE, "NCBI announces a planned outage")
    body = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if _HTML.match(body):
        title = _TITLE.search(body)
        text = f"an HTML page, {_line(title[1])!r}" if title else "an HTML page"
        return _of_status(status, text) or AnswerFault("S12", FaultKind.THROTTLED, text)
    if body[:1] in {b"{", b"["}:
        fault = _of_json(body)
    elif body[:1] == b"<":
        fault = _of_xml(body)
    elif body:
        fault = _of_text(_line(body)) if status != HTTPStatus.OK else _known(_line(body))
    else:
        fault = AnswerFault("E14", FaultKind.TRANSIENT, "an empty answer")
    if fault is None or fault.code in {"E14", "E17"}:
        return _of_status(status, f"HTTP status {status}") or fault
    if status in _GATEWAY and fault.kind is FaultKind.TRANSIENT:
        return fault._replace(code="S10")
    if fault.code == "E2" and status == HTTPStatus.BAD_REQUEST:
        return fault._replace(code="S7")
    return fault


def _of_status(status: int, text: str) -> AnswerFault | None:
    if status == HTTPStatus.OK:
        return None
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return AnswerFault("S1", FaultKind.THROTTLED, text)
    if status == HTTPStatus.REQUEST_URI_TOO_LONG:
        return AnswerFault("S8", FaultKind.PERMANENT, text)
    if status in _GATEWAY:
        return AnswerFault("S10", FaultKind.TRANSIENT, text)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return AnswerFault("S9", FaultKind.TRANSIENT, text)
    return AnswerFault(f"HTTP {status}", FaultKind.PERMANENT, text)


def _of_json(body: bytes) -> AnswerFault | None:
    """PubMed's JSON may hold raw newlines inside strings: strict=False reads them."""
    try:
        answer = json.loads(body, strict=False)
    except (ValueError, RecursionError):  # cut off, or nested beyond all reading
        return AnswerFault("E17", FaultKind.TRANSIENT, "JSON that ends in the middle")
    places = (answer, answer.get("esearchresult")) if isinstance(answer, dict) else ()
    for place in places:
        for key in ("error", "ERROR"):
            if isinstance(place, dict) and key in place:
                return _of_text(_line(str(place[key]).encode()))
    return None


def _of_xml(body: bytes) -> AnswerFault | None:
    root = _ROOT.search(body)
    if root is None:
        return AnswerFault("E14", FaultKind.TRANSIENT, "an XML prolog and no content")
    end = body[-200:].rstrip()
    if not (end.endswith(b"</" + root[1] + b">") or (end.endswith(b"/>") and root.end() > len(body) - 200)):
        return AnswerFault("E17", FaultKind.TRANSIENT, "XML that ends in the middle")
    if root[1] == b"PubmedArticleSet":
        return None
    if b"DocSum Backend failed" in body:
        return _of_text("DocSum Backend failed")
    # ESummary's "UID=…: cannot get document summary" concerns that one only
    errors = [_line(error[2]) for error in _ERROR.finditer(body) if not error[2].startswith(b"UID=")]
    return _of_text("; ".join(errors)) if errors else None


def _of_text(text: str) -> AnswerFault:
    return _known(text) or AnswerFault("unknown", FaultKind.PERMANENT, text)


def _known(text: str) -> AnswerFault | None:
    return next(
        (AnswerFault(code, kind, text) for pattern, code, kind in _TEXTS if pattern.search(text)), None
    )


def _line(text: bytes) -> str:
    """At most 200 characters of it, on one line."""
    return " ".join(text[:2000].decode("utf-8", "replace").split())[:200]
