"""The library file: kept through crashes, shared in turn, refused in words."""

import os
import re
import secrets
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from pydantic import TypeAdapter
from support.library_samples import NOW, WATCH, WEEK, article, decision, harvest, issue, pmid

from queries.errors import InputError, LibraryBusy, LibraryDamaged, LibraryError, LibraryFull
from queries.library import Library, migrations
from queries.library.rows import fingerprint
from queries.records.article import Article, Passage

HERE = Path(__file__).parent
ROOM = HERE.parent / "queries" / "library"

# Remembers a harvest a week for ever, and says so after each commit.
WRITER = """
import secrets, sys
from pathlib import Path
from support.library_samples import NOW, WEEK, article, harvest
from queries.library import Library

for week in range(1, 10_000):
    numbers = range(week * 100, week * 100 + 50)
    articles = tuple(article(number, coi=secrets.token_hex(1_000)) for number in numbers)
    with Library(Path(sys.argv[1])) as library:
        library.remember(harvest(*numbers, at=NOW + week * WEEK, articles=articles), NOW)
        print(week, flush=True)
"""


def python(script: str, *arguments: object) -> "subprocess.Popen[str]":
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(HERE), str(HERE.parent)))}
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.duckdb"


def filled(path: Path) -> bytes:
    """A library with one harvest; its bytes."""
    with Library(path) as library:
        library.remember(harvest(1, 2, 3), NOW)
    return path.read_bytes()


@pytest.mark.parametrize("delay", [0.0, 0.004, 0.011, 0.019, 0.027])
def test_after_a_kill_it_opens_with_all_that_was_committed(path: Path, delay: float) -> None:
    """What was said to be remembered is there, and a harvest cut off is there whole or not at all."""
    with python(WRITER, path) as writer:
        assert writer.stdout is not None
        said = [writer.stdout.readline() for _ in range(3)]
        time.sleep(delay)
        writer.send_signal(signal.SIGKILL)
        said += writer.stdout.readlines()
    with Library(path) as library:
        weeks = len(library.runs(WATCH))
        assert weeks >= len(said) >= 3
        expected = {pmid(week * 100 + k) for week in range(1, weeks + 1) for k in range(50)}
        assert library.seen(WATCH) == library.unreported(WATCH) == expected
        assert library.watermarks(WATCH)[0].until == (NOW + weeks * WEEK).date()
        assert not library.unknown(expected)


def test_a_kill_while_it_is_made_leaves_no_half_library(path: Path) -> None:
    with python(WRITER, path) as writer:
        for _ in range(2_000):
            if any(path.parent.iterdir()):
                break
            time.sleep(0.001)
        writer.send_signal(signal.SIGKILL)
    with Library(path) as library:
        library.remember(harvest(1), NOW)


def test_waits_for_another_process_and_then_says_which(path: Path) -> None:
    filled(path)
    held = "import sys, duckdb; c = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
    holder = subprocess.Popen(
        [sys.executable, "-c", held, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdin is not None
        holder.stdout.readline()
        with (
            pytest.raises(LibraryBusy, match=f"library.duckdb: is held by process {holder.pid} "),
            Library(path, 0.2),
        ):
            pass
        threading.Timer(0.3, holder.stdin.close).start()
        with Library(path, patience=20) as library:
            assert library.seen(WATCH)


def test_threads_take_turns(path: Path) -> None:
    def work(week: int) -> None:
        with Library(path) as library:
            library.remember(harvest(week, at=NOW + week * WEEK), NOW)

    threads = [threading.Thread(target=work, args=(week,)) for week in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Library(path) as library:
        assert len(library.runs(WATCH)) == 6
        with pytest.raises(LibraryBusy, match="this process itself"), Library(path, patience=0.01):
            pass


def test_a_full_disk_loses_nothing_that_was_stored(path: Path) -> None:
    limited = "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    limited += "resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, 1_500_000))\n"
    with python(limited + WRITER, path) as writer:
        said, trouble = writer.communicate(timeout=120)
    assert re.search(rf"{LibraryFull.__name__}: .*library.duckdb: the disk has no room", trouble)
    with Library(path) as library:
        assert len(library.runs(WATCH)) == len(said.splitlines())
        library.remember(harvest(1), NOW)


def sqlite(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE article (pmid)")
    connection.commit()
    connection.close()


def foreign(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE article (pmid INTEGER)")


def newer(path: Path) -> None:
    filled(path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("INSERT INTO migration VALUES (9000, 'of tomorrow')")


def scribbled(path: Path) -> None:
    whole = filled(path)
    path.write_bytes(whole[:12288] + b"?" * (len(whole) - 12288))


def without_file(path: Path) -> None:
    path.with_name(f"{path.name}.wal").write_bytes(b"what was written last")


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda path: path.write_bytes(filled(path)[:30_000]), "cannot be read"),
        (lambda path: path.write_bytes(filled(path)[:100]), "cannot be read"),
        (lambda path: path.write_bytes(b""), "is empty"),
        (lambda path: path.write_text("pmid,title\n" * 500), "is not a library of seedwatch"),
        (scribbled, "cannot be read"),
        (sqlite, "is not a library of seedwatch"),
        (foreign, "is a DuckDB database of something else"),
        (newer, "was written by a later version"),
        (without_file, "is gone, and its log library.duckdb.wal is left"),
    ],
    ids=["half", "stump", "empty", "text", "scribbled", "sqlite", "foreign", "newer", "log alone"],
)
def test_a_damaged_file_is_named_and_left_as_it_is(path: Path, damage: "object", words: str) -> None:
    """Never started afresh: one line names the file, what is wrong and what to do."""
    assert callable(damage)
    damage(path)
    before = path.exists() and path.read_bytes()
    with pytest.raises(LibraryDamaged, match=words) as caught, Library(path):
        pass
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert (path.exists() and path.read_bytes()) == before


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with (
        pytest.raises(LibraryError, match=r"cannot be opened .* Check that its folder exists"),
        Library(tmp_path / "nowhere" / "library.duckdb"),
    ):
        pass
    (tmp_path / "file").touch()
    with pytest.raises(LibraryError, match="cannot be opened"), Library(tmp_path / "file" / "library.duckdb"):
        pass


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_forbids_writing_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(LibraryError, match="cannot be opened"), Library(tmp_path / "library.duckdb"):
        pass


def test_a_backup_is_a_library_of_its_own(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "it's a copy.duckdb"
    filled(path)
    with Library(path) as library:
        library.record(issue(1, decision(1)))
        library.backup(copy)
        library.remember(harvest(7, at=NOW + WEEK), NOW)
        with pytest.raises(InputError, match="exists already"):
            library.backup(copy)
    with Library(copy) as library:
        assert library.seen(WATCH) == {pmid(1), pmid(2), pmid(3)}
        assert library.next_number(WATCH) == 2
        library.remember(harvest(8), NOW)
    assert not list(tmp_path.glob(".*"))


def test_what_fails_midway_leaves_nothing(path: Path) -> None:
    filled(path)

    def interrupted(library: Library) -> None:
        with library.transaction():
            library.ask("article/keep_fetched", now=NOW.replace(tzinfo=None) + WEEK, pmids=[pmid(1)])
            raise KeyboardInterrupt

    with Library(path) as library:
        with pytest.raises(KeyboardInterrupt):
            interrupted(library)
        assert library.fetched([pmid(1)])[pmid(1)].last == NOW
        library.remember(harvest(4, at=NOW + WEEK), NOW)


def test_used_outside_its_block_it_says_so(path: Path) -> None:
    with pytest.raises(RuntimeError, match="outside its with block"):
        Library(path).seen(WATCH)


def test_a_library_of_an_earlier_version_goes_on_without_loss(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One written up to step 4, with its records as they were stored then, answers as before."""
    steps = migrations.known()
    rich = article(
        1,
        created=datetime(2026, 10, 30, 6, 5),  # noqa: DTZ001 - PubMed's Eastern
        abstract=(Passage("", "", "Ünlike", "Ünlike"),),
    )
    moment = NOW.replace(tzinfo=None)
    with duckdb.connect(str(path)) as connection:
        monkeypatch.setattr(migrations, "known", lambda: {number: steps[number] for number in range(1, 5)})
        migrations.apply(connection, path)
        monkeypatch.undo()
        for number, stored in enumerate((rich, article(2), article(3)), 1):
            record = TypeAdapter(Article).dump_json(stored, exclude_defaults=True).decode()
            connection.execute(
                "INSERT INTO article VALUES ($1, $2, '', '', $3, '', NULL, $4, $5, $5, $6)",
                (pmid(number), stored.title, stored.doi, fingerprint(record), moment, record),
            )
            connection.execute(
                "INSERT INTO sighting VALUES ($1, 'TFR', 'new', $2, $3, $3)", (WATCH, pmid(number), moment)
            )
        connection.execute(
            "INSERT INTO digest_entry VALUES ($1, 1, $2, $2, 'told', 'new', 1, 1, $4),"
            " ($1, 1, $3, $3, 'held', 'new', 1, 2, $4)",
            (WATCH, pmid(1), pmid(2), moment),
        )
        connection.execute("INSERT INTO vector VALUES ($1, '1', [7], [2])", [pmid(1)])
    with Library(path) as library:
        assert library.articles([pmid(1), pmid(2)]) == [rich, article(2)]
        assert library.unreported(WATCH) == {pmid(2), pmid(3)}
        assert library.vectors("1", [pmid(1)]) == {}  # counted again when a digest asks
        again = library.remember(harvest(1, 2, at=NOW + WEEK, articles=(rich, article(2))), NOW + WEEK)
        assert again.known == (pmid(1), pmid(2))  # nothing looks changed for being written otherwise
        assert library.unreported(WATCH) == {pmid(2), pmid(3)}


def test_each_statement_lies_with_its_table_and_is_named_as_what_runs_it() -> None:
    """A stranger finds the SQL of a method by the method's name, and no statement is left over."""
    source = "".join(file.read_text() for file in ROOM.glob("*.py"))
    functions = re.findall(r"def _?(\w+)\(", source)
    statements = [file for file in (ROOM / "sql").glob("*/*.sql") if file.parent.name != "migrations"]
    assert len(statements) > 50
    for file in statements:
        assert f'"{file.parent.name}/{file.stem}"' in source
        assert any(file.stem == name or file.stem.startswith(f"{name}_") for name in functions), file


def test_the_file_does_not_swell_by_being_opened_and_closed(tmp_path: Path) -> None:
    """A close writes a table's last rows anew, and must take the room of those before."""
    path, sizes = tmp_path / "library.duckdb", []
    with Library(path) as library:
        wide = tuple(article(number, coi=secrets.token_hex(1_000)) for number in range(300))
        library.remember(harvest(*range(300), articles=wide), NOW)
    for week in range(1, 11):
        with Library(path) as library:
            library.remember(harvest(300 + week, at=NOW + week * WEEK), NOW)
        sizes.append(path.stat().st_size)
    assert max(sizes[5:]) <= max(sizes[:5]) + (1 << 19)
