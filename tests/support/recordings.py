"""Recorded exchanges with NCBI: VCR's YAML, as several clients keep them, read and written.

Keys, addresses and cookies are masked before anything is written.
"""

import base64
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import yaml  # type: ignore[import-untyped]  # PyYAML comes with prefect

_MASKED = {"api_key": "<NCBI_API_KEY>", "email": "<EMAIL>"}
_ADDRESS = re.compile(rb"\b\d{1,3}(?:\.\d{1,3}){3}\b")
_KEPT_HEADERS = {"content-type", "x-ratelimit-limit", "retry-after", "date", "ncbi-phid", "transfer-encoding"}


class Exchange(NamedTuple):
    """A request and its answer; `params` in the order in which they were sent."""

    method: str
    url: str
    params: tuple[tuple[str, str], ...]
    status: int
    headers: dict[str, str]
    body: bytes
    at: str

    @property
    def util(self) -> str:
        """The utility asked: "esearch"."""
        return urlsplit(self.url).path.rpartition("/")[2].removesuffix(".fcgi")

    @property
    def asked(self) -> dict[str, str]:
        """The parameters that are not the client's own."""
        return {name: value for name, value in self.params if name not in {*_MASKED, "tool"}}


class _Loader(yaml.SafeLoader):  # type: ignore[misc]  # as above
    """Ruby writes bodies as !binary."""


_Loader.add_constructor("!binary", lambda _, node: base64.b64decode(node.value))


def read(file: Path) -> list[Exchange]:
    """The exchanges of a file, in order."""
    found = []
    recorded = yaml.load(file.read_text("utf-8"), _Loader)  # noqa: S506 - a SafeLoader that knows one tag more
    for each in recorded["http_interactions"]:
        request, response = each["request"], each["response"]
        headers = {
            name.lower(): values[0] if isinstance(values, list) else values
            for name, values in response["headers"].items()
        }
        url = urlsplit(request["uri"])
        pairs = parse_qsl(url.query, keep_blank_values=True) + parse_qsl(
            _bytes(request["body"]).decode(), keep_blank_values=True
        )
        found.append(
            Exchange(
                method=request["method"].upper(),
                url=url._replace(query="").geturl(),
                params=tuple(pairs),
                status=response["status"]["code"],
                headers=headers,
                body=_bytes(response["body"]),
                at=str(each["recorded_at"]),
            )
        )
    return found


def _bytes(body: dict[str, Any]) -> bytes:
    text = body.get("string") or ""
    return text if isinstance(text, bytes) else text.encode()


def write(file: Path, exchanges: Iterable[Exchange]) -> None:
    """Write exchanges down, masked."""
    interactions = [
        {
            "request": {
                "method": each.method.lower(),
                "uri": each.url,
                "body": {"encoding": "UTF-8", "string": "&".join(map("=".join, _masked(each.params)))},
                "headers": {},
            },
            "response": {
                "status": {"code": each.status, "message": ""},
                "headers": {name: [text] for name, text in each.headers.items() if name in _KEPT_HEADERS},
                "body": {"encoding": "UTF-8", "string": _ADDRESS.sub(b"192.0.2.1", each.body).decode()},
            },
            "recorded_at": each.at,
        }
        for each in exchanges
    ]
    file.parent.mkdir(parents=True, exist_ok=True)
    recorded = {"http_interactions": interactions, "recorded_with": "seedwatch, make live"}
    file.write_text(yaml.safe_dump(recorded, sort_keys=False, allow_unicode=True, width=110), "utf-8")


def _masked(params: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    masked = ((name, _MASKED.get(name, value)) for name, value in params)
    return [
        (name, value.replace("%", "%25").replace("&", "%26").replace("+", "%2B")) for name, value in masked
    ]
