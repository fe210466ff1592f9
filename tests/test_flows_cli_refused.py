"""What a person may name wrongly on the command line: exit 2 and a remedy, before anything is touched."""

import socket
from pathlib import Path

import pytest
from conftest import Shell
from typer.testing import CliRunner

from flows.cli import app
from queries.errors import InputError
from queries.library import Library
from queries.mirror import SAMPLE
from queries.mirror.server import MirrorServer

ONE = "TY  - JOUR\nTI  - Stem cells in leukaemia\nER  - \n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an export, with no PubMed to be asked."""
    (tmp_path / "a.ris").write_text(ONE)
    (tmp_path / "state").mkdir(mode=0o700)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SEEDWATCH_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("SEEDWATCH_EUTILS_URL", "http://127.0.0.1:9/")
    return tmp_path


def problem(*command: str) -> str:
    """What the command says as it refuses."""
    result = CliRunner().invoke(app, command)
    if isinstance(result.exception, InputError):
        return str(result.exception)
    assert isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == 2
    return " ".join(result.output.split())


COMMANDS = {
    "rank": ("rank", "a.ris", "--seeds", "a.ris"),
    "dedup": ("dedup", "a.ris"),
    "assess": ("assess", "a.ris"),
}
WRITERS = COMMANDS | {"export": ("export", "cml-stem-cells", "--format", "csv")}


@pytest.mark.parametrize("command", WRITERS)
def test_nothing_is_written_over_the_library(here: Path, command: str) -> None:
    with Library(here / "state" / "library.duckdb"):
        pass
    before = (here / "state" / "library.duckdb").read_bytes()
    assert "or the library, and would be lost" in problem(*WRITERS[command], "--out", "state/library.duckdb")
    assert (here / "state" / "library.duckdb").read_bytes() == before


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("alias", ["a.ris", "./a.ris", "link.ris", "hard.ris"])
def test_no_table_is_written_over_what_it_is_made_of(here: Path, command: str, alias: str) -> None:
    (here / "link.ris").symlink_to("a.ris")
    (here / "hard.ris").hardlink_to(here / "a.ris")
    assert f"--out {Path(alias)}: is what is read" in problem(*COMMANDS[command], "--out", alias)
    assert (here / "a.ris").read_text() == ONE


@pytest.mark.parametrize("command", COMMANDS)
def test_a_place_that_cannot_be_written_is_refused_before_anything_is_read(here: Path, command: str) -> None:
    """An export may take minutes to read."""
    (here / "a.ris").write_text("no export")
    assert "is a folder" in problem(*COMMANDS[command], "--out", ".")
    assert "missing is no folder" in problem(*COMMANDS[command], "--out", "missing/table.csv")
    assert "/dev/null is no folder" in problem(*COMMANDS[command], "--out", "/dev/null/table.csv")


@pytest.mark.parametrize(
    "command",
    [
        *(("serve", "--port", port) for port in ("0", "-1", "99999", "soon")),
        *(("mirror", "serve", "--xml", str(SAMPLE), "--port", port) for port in ("-1", "99999", "soon")),
        *(
            ("mirror", "serve", "--xml", str(SAMPLE), option, number)
            for option in ("--rate", "--latency", "--history", "--reading")
            for number in ("nan", "inf", "-1")
        ),
        ("mirror", "serve", "--xml", str(SAMPLE), "--rate", "0"),
        ("mirror", "serve", "--xml", str(SAMPLE), "--history", "1e300"),
        ("mirror", "serve", "--xml", str(SAMPLE), "--dtd", "99999"),
        ("demo", "--weeks", "0"),
        ("why", "cml-stem-cells", "0"),
    ],
)
@pytest.mark.usefixtures("here")
def test_a_number_out_of_bounds_is_refused(command: tuple[str, ...]) -> None:
    assert "Invalid value for" in problem(*command)


@pytest.mark.usefixtures("here")
def test_a_port_that_is_taken_is_refused() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert f"port {port}: cannot be listened on" in problem(
            "mirror", "serve", "--xml", str(SAMPLE / "sample-2026-10-28.xml"), "--port", port
        )
        assert f"--port {port}: something listens there already. Give another" in problem(
            "serve", "--port", port
        )


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("place", ["/dev/null", "/dev/null/x", "a.ris", "x" * 300])
def test_a_demo_that_has_nowhere_to_go_is_refused(place: str) -> None:
    assert f"--out {place}: cannot be made (" in problem("demo", "--out", place)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("place", ["missing/copy.duckdb", "/dev/null/copy.duckdb", ".", "a.ris", "x" * 300])
def test_a_backup_that_has_nowhere_to_go_is_refused(place: str) -> None:
    assert problem("backup", place).startswith(f"{place}: ")


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("place", ["missing/log", "/dev/null/log", ".", "a.xml"])
def test_a_log_that_has_nowhere_to_go_or_is_what_is_served_is_refused(here: Path, place: str) -> None:
    (here / "a.xml").write_text("<PubmedArticleSet/>")
    assert f"--log {place}: " in problem("mirror", "serve", "--xml", "a.xml", "--log", place)


def test_a_watch_that_has_nowhere_to_go_is_refused(seedwatch: Shell, mirror: MirrorServer) -> None:
    run = seedwatch(
        "new",
        "--seed",
        "90000001",
        "--name",
        "mine",
        "--folder",
        "/dev/null",
        SEEDWATCH_EUTILS_URL=mirror.url,
    )
    assert run.returncode == 2, run.stderr
    assert "/dev/null" in run.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    "command",
    [
        ("restore", "x" * 300),
        ("mirror", "load", "x" * 300, "--db", "m.duckdb"),
        ("mirror", "serve", f"--xml={'x' * 300}"),
    ],
)
def test_what_the_system_says_of_a_path_on_the_command_line_is_no_fault_of_ours(
    seedwatch: Shell, command: tuple[str, ...]
) -> None:
    run = seedwatch(*command, SEEDWATCH_HOME=str(seedwatch.home / "state"))
    assert run.returncode == 2, run.stderr
    (line,) = run.stderr.splitlines()
    assert "cannot be used (File name too long). Name another" in line
    assert not (seedwatch.home / "state" / "errors").exists()


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("year", ["0001", "1899", "2900", "9999"])
def test_a_moment_in_a_wild_year_is_refused_alike_by_all(year: str) -> None:
    for command in ("harvest", "digest", "run", "sweep"):
        assert "is no year in which PubMed can be asked" in problem(
            command, "cml-stem-cells", "--now", f"{year}-06-01"
        )


@pytest.mark.parametrize("content", ["pmid,title\n1,Stem cells\n", "{}", "text"])
def test_a_mirror_is_loaded_into_no_other_file(here: Path, content: str) -> None:
    """DuckDB opens a table of text as a database of its own."""
    (here / "other").write_text(content)
    xml = str(SAMPLE / "sample-2026-10-28.xml")
    assert "other: is not a database" in problem("mirror", "load", xml, "--db", "other")
    assert (here / "other").read_text() == content


def test_a_mirror_is_loaded_into_no_library(here: Path) -> None:
    with Library(here / "library.duckdb"):
        pass
    before = (here / "library.duckdb").read_bytes()
    xml = str(SAMPLE / "sample-2026-10-28.xml")
    assert "is another program's" in problem("mirror", "load", xml, "--db", "library.duckdb")
    assert (here / "library.duckdb").read_bytes() == before
