"""The other side of a dead man's switch hears of each success, and a silent one stops nothing."""

from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from flows.runtime.heartbeat import ping
from flows.runtime.settings import Settings


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """An address, and the paths that were asked for there; what holds `bad` is answered by 500."""
    paths: list[str] = []

    class Switch(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_response(500 if "bad" in self.path else 200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with HTTPServer(("127.0.0.1", 0), Switch) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", paths
        server.shutdown()


def test_it_is_asked_for_with_watch_and_flow_and_tried_again(
    asked: tuple[str, list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url, paths = asked
    setting = Settings(home=tmp_path, database=tmp_path / "l", heartbeat_url=f"{url}/{{watch}}/{{flow}}")
    assert ping(setting, "cml", "harvest")
    assert paths == ["/cml/harvest"]
    assert not ping(replace(setting, heartbeat_url=f"{url}/bad"), "cml", "run")
    assert paths == ["/cml/harvest", "/bad", "/bad", "/bad"]
    assert "HTTP 500" in capsys.readouterr().err
    assert ping(replace(setting, heartbeat_url=""), "cml", "run")
