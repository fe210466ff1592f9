"""The endpoint behind readers' links: on loopback, for the group's proxy, in `seedwatch serve`.

A GET records nothing, whoever fetches it. What a reader says is in the log, on disk, before he is thanked;
the library is not needed, so that a run that holds it is no trouble.
"""

import re
import secrets
import socket
from asyncio import timeout
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Thread
from typing import Final
from urllib.parse import parse_qs

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from flows.runtime.settings import Settings, make_folder
from flows.verdicts import log
from flows.verdicts.log import ReaderEvent, ReaderLog
from flows.verdicts.secret import verdict_secret
from queries.errors import InputError, SettingsError
from reports.digest import verdicts
from reports.digest.verdicts import SignedLink
from reports.formats.verdict_page import HEADERS, ReaderPage, render

LONGEST: Final = 4096  # bytes of a body
SECONDS: Final = 10  # to send one
STOP_SECONDS: Final = 5
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,9}", re.ASCII)
_SAID: Final = {log.YES: "useful", log.NO: "not for us"}


class VerdictEndpoint:
    """Answers the links: what is refused changes nothing and is told why in one sentence."""

    def __init__(self, secret: bytes, readers: ReaderLog, clock: Callable[[], datetime]) -> None:
        """Serve the links that `secret` signed, and keep what is said in `readers`."""
        self._secret, self._readers, self._clock = secret, readers, clock

    def app(self) -> Starlette:
        """As an ASGI application."""
        routes = [
            Route("/v/{watch}/{number}/{pmid}/{verdict}/{key}", self._answer, methods=["GET", "POST"]),
            Route("/u/{watch}/{key}", self._answer, methods=["GET", "POST"]),
            Route("/{rest:path}", _nothing_here, methods=["GET", "POST"]),
        ]
        return Starlette(routes=routes)

    async def _answer(self, request: Request) -> Response:
        now = self._clock()
        try:
            link = self._checked(request.path_params, now)
            if request.method != "POST":
                return _page(await run_in_threadpool(self._shown, link, request.path_params["key"], now))
            form = await _form(request)
            await run_in_threadpool(self._hear, link, request.path_params["key"], form, now)
        except InputError as error:
            return _refused(f"{error.subject} {error.problem}", error.remedy, 403)
        except ClientDisconnect:
            return Response(status_code=400)
        except TimeoutError:
            return _refused("This took too long", "Nothing was changed: try again", 408)
        except OSError:
            return _refused("This could not be kept", "Nothing was changed: try again later", 503)
        # to the link itself, which says what counts now; relative, as a proxy may have put us into a folder
        return RedirectResponse(request.path_params["key"], 303, HEADERS)

    def _checked(self, parts: dict[str, str], now: datetime) -> SignedLink:
        if "pmid" not in parts:
            return verdicts.check_unsubscribe(self._secret, parts["watch"], parts["key"], now)
        if not _NUMBER.fullmatch(parts["number"]) or not _NUMBER.fullmatch(parts["pmid"]):
            raise InputError("This link", "is not one that seedwatch sent", "Take it whole from the digest")
        number, pmid = int(parts["number"]), int(parts["pmid"])
        return verdicts.check_verdict(
            self._secret, parts["watch"], number, pmid, parts["verdict"], parts["key"], now
        )

    def _shown(self, link: SignedLink, key: str, now: datetime) -> ReaderPage:
        """What the link's page says now, and the one thing that can be said on it."""
        latest = self._readers.latest(link.watch, link.pmid, link.reader)
        if not link.verdict:
            return self._unsubscription(link, key, now, stopped=latest == log.STOP)
        said = _SAID[link.verdict]
        if latest == link.verdict:
            return ReaderPage(
                heading=f"Noted: {said}",
                sentences=("The next digest's order takes it into account.",),
                button="Undo",
                word=log.UNDO,
                token=self._token(key, log.UNDO, now),
                pmid=link.pmid,
            )
        sentences = {
            "": "One tap says so.",
            log.UNDO: "You took it back. Nothing counts now.",
        }
        fresh = not self._readers.was_used(link.watch, link.pmid, link.reader, link.verdict)
        return ReaderPage(
            heading=f"Say “{said}”?",
            sentences=(sentences.get(latest) or f"You said “{_SAID[latest]}”.",),
            button=said.capitalize(),
            word=link.verdict,
            token=self._token(key, link.verdict, now),
            at_once=fresh,
            pmid=link.pmid,
        )

    def _unsubscription(self, link: SignedLink, key: str, now: datetime, *, stopped: bool) -> ReaderPage:
        word = log.RESUME if stopped else log.STOP
        return ReaderPage(
            heading="You are unsubscribed" if stopped else "No more of this digest?",
            sentences=(
                f"Nothing of {link.watch} is sent to this address any more."
                if stopped
                else f"Then nothing of {link.watch} is sent to this address any more.",
            ),
            button="Undo" if stopped else "Unsubscribe",
            word=word,
            token=self._token(key, word, now),
        )

    def _token(self, key: str, word: str, now: datetime) -> str:
        return verdicts.page_token(self._secret, key, word, now, secrets.token_bytes(12))

    def _hear(self, link: SignedLink, key: str, form: dict[str, str], now: datetime) -> None:
        """Keep what a page said. Raises InputError for what no page of ours says."""
        if not link.verdict and form.get("List-Unsubscribe") == "One-Click":  # RFC 8058: without any page
            event, word = secrets.token_hex(16), log.STOP
        else:
            word = form.get("word", "")
            event = verdicts.check_page_token(self._secret, key, word, form.get("token", ""), now)
            if word not in ({link.verdict, log.UNDO} if link.verdict else {log.STOP, log.RESUME}):
                raise InputError("This page", "says what its link doesn't", "Open the link once more")
            at_once = form.get("by") != "tap"
            if at_once and self._readers.was_used(link.watch, link.pmid, link.reader, word):
                return  # a script says it once; then only a person does
        if word == self._readers.latest(link.watch, link.pmid, link.reader):
            return
        self._readers.append(
            ReaderEvent(event, now, link.watch, link.number, link.pmid, word, link.reader, "web")
        )


async def _form(request: Request) -> dict[str, str]:
    """The fields of a small form. Raises InputError for a large one, TimeoutError for a slow one."""
    body = b""
    async with timeout(SECONDS):
        async for chunk in request.stream():
            body += chunk
            if len(body) > LONGEST:
                raise InputError("This form", "is too long to be one of ours", "Open the link once more")
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        one_click = re.search(rb'name="?List-Unsubscribe"?\s*\r?\n\r?\n\s*One-Click\s', body)
        return {"List-Unsubscribe": "One-Click"} if one_click else {}
    return {name: values[0] for name, values in parse_qs(body.decode("latin-1")).items()}


def _page(page: ReaderPage, status: int = 200) -> HTMLResponse:
    return HTMLResponse(render(page), status, HEADERS)


def _refused(problem: str, remedy: str, status: int) -> HTMLResponse:
    return _page(ReaderPage(heading="Nothing was changed", sentences=(f"{problem}. {remedy}.",)), status)


async def _nothing_here(_: Request) -> Response:
    return _refused("There is nothing here", "Take the link whole from the digest", 404)


@contextmanager
def served(setting: Settings, port: int, say: Callable[[str], None]) -> Iterator[None]:
    """The endpoint on 127.0.0.1 for as long as the block lasts, where SEEDWATCH_VERDICTS_URL is set.

    Raises SettingsError if the port is taken.
    """
    if not setting.verdicts_url:
        yield
        return
    make_folder(setting.home, "SEEDWATCH_HOME")
    readers = ReaderLog(setting.home / log.NAME)
    app = VerdictEndpoint(verdict_secret(setting), readers, lambda: datetime.now(UTC)).app()
    config = uvicorn.Config(
        app, lifespan="off", ws="none", log_level="error", access_log=False, server_header=False,
        limit_concurrency=64, timeout_keep_alive=5, proxy_headers=False,
    )  # fmt: skip
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(("127.0.0.1", port))
            listening.listen(64)
        except OSError as error:
            raise SettingsError(
                f"--verdicts-port {port}", f"cannot be listened on ({error.strerror})", "Give another"
            ) from error
        server = uvicorn.Server(config)
        thread = Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        say(f"verdicts at {setting.verdicts_url}, from 127.0.0.1:{listening.getsockname()[1]}")
        try:
            yield
        finally:
            server.should_exit = True
            thread.join(STOP_SECONDS)
