"""PubMed for other projects' tests: the fixture `pubmed_mirror`, found by pytest once seedwatch is installed.

    def test_my_client(pubmed_mirror):
        answer = httpx.get(pubmed_mirror.url + "esearch.fcgi", params={"db": "pubmed", "term": "leukemia"})

    @pytest.mark.pubmed_mirror(xml=["tests/pubmed"], now=datetime(2026, 11, 23, tzinfo=UTC), rate=3)
    def test_with_my_own_records_and_limits(pubmed_mirror): ...

Without `xml` it serves the invented sample. All other arguments are MirrorServer's. The fixture is the
server: set its `faults` and `clock`, read its `requests`.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from queries.mirror.corpus import Corpus
    from queries.mirror.server import MirrorServer

_NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)  # most of the sample is visible by then


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", "pubmed_mirror(xml=[], **options): what the mirror serves, and how")


@pytest.fixture(scope="session")
def _pubmed_corpora() -> Iterator[Callable[[tuple[Path, ...]], "Corpus"]]:
    """Corpora by their folders, each loaded once a session."""
    from queries.mirror.load import load  # noqa: PLC0415 - who uses no mirror doesn't wait for it

    held: dict[tuple[Path, ...], Corpus] = {}
    with ExitStack() as stack:

        def corpus(folders: tuple[Path, ...]) -> "Corpus":
            if folders not in held:
                held[folders] = stack.enter_context(load(folders))
            return held[folders]

        yield corpus


@pytest.fixture
def pubmed_mirror(
    request: pytest.FixtureRequest, _pubmed_corpora: Callable[[tuple[Path, ...]], "Corpus"]
) -> Iterator["MirrorServer"]:
    """E-utilities on 127.0.0.1 at `.url`, for one test; the marker of the same name says what is served."""
    from queries.mirror import SAMPLE  # noqa: PLC0415 - as above
    from queries.mirror.server import MirrorServer  # noqa: PLC0415 - as above

    marker = request.node.get_closest_marker("pubmed_mirror")
    options: dict[str, Any] = {"now": _NOW, "ideal": True} | (marker.kwargs if marker else {})
    folders = tuple(Path(folder) for folder in options.pop("xml", (SAMPLE,)))
    with MirrorServer(_pubmed_corpora(folders), **options) as server:
        yield server
