"""What was told, pushed into a Zotero library: once each, whatever fails on the way.

No question is asked whose repetition would do harm: each item and each collection has a key of our own, so
that what was written by a request whose answer got lost is refused the second time, and counts as there.
API: https://www.zotero.org/support/dev/web_api/v3/write_requests
"""

import hashlib
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import httpx

from queries.errors import DeliveryError, SettingsError
from queries.records.ids import clean_doi
from reports.digest.told import ToldArticle
from reports.exports.zotero import item, key_of

TRIES = 6
LONGEST = 120.0  # seconds waited for a server that asks for patience
BATCH = 50  # objects a request, Zotero's own limit
_PMID = re.compile(r"^PMID:\s*(\d+)\s*$", re.MULTILINE)
_DOI = re.compile(r"^DOI:\s*(\S+)\s*$", re.MULTILINE)


class Pushed(NamedTuple):
    """What a push did: items made, items of the library put into the collection, items that were there."""

    made: int
    added: int
    there: int


class ZoteroLibrary:
    """A person's or a group's library (`users/123`, `groups/45`), asked with patience and bounds."""

    def __init__(self, library: str, key: str, url: str, sleep: Callable[[float], None] = time.sleep) -> None:
        """Ask nothing yet."""
        self.library, self._sleep = library, sleep
        headers = {"Zotero-API-Version": "3", "Authorization": f"Bearer {key}", "User-Agent": "seedwatch"}
        self._client = httpx.Client(base_url=f"{url.rstrip('/')}/{library}", headers=headers, timeout=30)

    def push(self, watch: str, told: Sequence[ToldArticle]) -> Pushed:
        """Bring every paper into the watch's collection; one that the library has is no second time made.

        Raises SettingsError if the key may not write there, DeliveryError if Zotero refuses or is silent.
        """
        collection = key_of("collection", watch)
        self._make_collection(collection, f"seedwatch: {watch}")
        known = _by_id(self._items())
        own: dict[str, dict[str, object]] = {}
        added = there = 0
        for paper in told:
            key = key_of("item", watch, paper.article.pmid)
            found = known.get(f"pmid {paper.article.pmid}") or known.get(f"doi {paper.article.doi}")
            if found is None:
                own[key] = item(paper, key, collection)
            elif collection in found["collections"]:
                there += 1
            else:
                added += self._add(found, collection)
        entries = list(own.values())
        before = sum(self._write("/items", entries[at : at + BATCH]) for at in range(0, len(entries), BATCH))
        return Pushed(len(own) - before, added, there + before)

    def _make_collection(self, key: str, name: str) -> None:
        if self._ask("GET", f"/collections/{key}", allowed=(404,)).status_code == httpx.codes.NOT_FOUND:
            self._write("/collections", [{"key": key, "version": 0, "name": name}])

    def _items(self) -> Iterator[dict[str, Any]]:
        """Every item of the library but notes and files."""
        start, total = 0, 1
        while start < total:
            answer = self._ask("GET", "/items/top", params={"limit": "100", "start": str(start)})
            total = int(answer.headers.get("Total-Results", 0))
            page = answer.json()
            yield from (each["data"] for each in page)
            start += max(len(page), 1)

    def _add(self, found: Mapping[str, Any], collection: str) -> int:
        """Put an item that the library has into the collection; somebody's edit meanwhile is read again."""
        for _ in range(TRIES):
            changed = {"collections": [*found["collections"], collection]}
            version = {"If-Unmodified-Since-Version": str(found["version"])}
            path = f"/items/{found['key']}"
            answer = self._ask("PATCH", path, json=changed, headers=version, allowed=(412,))
            if answer.status_code != httpx.codes.PRECONDITION_FAILED:
                return 1
            found = self._ask("GET", path).json()["data"]
            if collection in found["collections"]:
                return 1
        raise DeliveryError("Zotero", f"item {found['key']} changes all the time", "Run it again")

    def _write(self, path: str, objects: Sequence[Mapping[str, Any]]) -> int:
        """Make objects; return how many were there already: an answer got lost, or they are in the trash."""
        left = list(objects)
        for attempt in range(TRIES):
            token = hashlib.blake2b(repr((attempt, [each["key"] for each in left])).encode(), digest_size=16)
            headers = {"Zotero-Write-Token": token.hexdigest()}
            answer = self._ask("POST", path, json=left, headers=headers, allowed=(412,))
            if answer.status_code != httpx.codes.PRECONDITION_FAILED:
                failed = answer.json().get("failed", {})
                refused = {at: each for at, each in failed.items() if each.get("code") != 412}  # noqa: PLR2004
                if not refused:
                    return len(objects) - len(left) + len(failed)
                at, first = next(iter(refused.items()))
                what = f"refused {left[int(at)]['key']} ({first.get('message')})"
                raise DeliveryError("Zotero", what, "Nothing else was lost; report it")
            # this very request was taken before; what is not there all the same is asked once more
            left = [each for each in left if not self._is_there(path, str(each["key"]))]
            if not left:
                return len(objects)
        raise DeliveryError("Zotero", "refuses what it says it took", "Run it again later")

    def _is_there(self, path: str, key: str) -> bool:
        return self._ask("GET", f"{path}/{key}", allowed=(404,)).status_code != httpx.codes.NOT_FOUND

    def _ask(
        self,
        method: str,
        path: str,
        *,
        json: object = None,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        allowed: Sequence[int] = (),
    ) -> httpx.Response:
        """One request, tried again while waiting may help. Raises SettingsError or DeliveryError."""
        trouble = ""
        for attempt in range(TRIES):
            wait = 2.0**attempt
            try:
                answer = self._client.request(method, path, json=json, headers=headers, params=params)
            except httpx.TransportError as error:
                trouble = f"does not answer ({type(error).__name__})"
            else:
                if answer.is_success or answer.status_code in allowed:
                    self._pause(answer.headers.get("Backoff", ""))
                    return answer
                if answer.status_code in {401, 403, 404}:
                    raise SettingsError(
                        "SEEDWATCH_ZOTERO_KEY",
                        f"may not write to {self.library} (HTTP {answer.status_code})",
                        "Make a key with write access at https://www.zotero.org/settings/keys, and name the "
                        "library in SEEDWATCH_ZOTERO as users/NUMBER or groups/NUMBER",
                    )
                trouble = f"answers HTTP {answer.status_code}"
                if answer.status_code != httpx.codes.TOO_MANY_REQUESTS and not answer.is_server_error:
                    break
                asked = answer.headers.get("Retry-After", "")
                wait = float(asked) if asked.isdecimal() else wait
            if attempt + 1 < TRIES:
                self._sleep(min(wait, LONGEST))
        raise DeliveryError("Zotero", trouble, "Run it again: what is there already is not made twice")

    def _pause(self, asked: str) -> None:
        if asked.isdecimal():
            self._sleep(min(float(asked), LONGEST))


def _by_id(items: Iterator[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """A library's items by PMID and DOI, the first of each."""
    known: dict[str, dict[str, Any]] = {}
    for each in items:
        extra = each.get("extra", "")
        ids = [f"pmid {pmid}" for pmid in _PMID.findall(extra)]
        dois = [clean_doi(text) for text in (each.get("DOI", ""), *_DOI.findall(extra))]
        for name in (*ids, *(f"doi {doi}" for doi in dois if doi)):
            known.setdefault(name, each)
    return known
