import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from threading import Thread

import pytest
from conftest import FIRST, ROOT, Shell
from support.scenario import Scenario, small_scenario

from flows.verdicts import log
from flows.verdicts.drain import hear_readers
from flows.verdicts.log import ReaderEvent, ReaderLog
from flows.verdicts.secret import verdict_secret
from queries.mirror.server import MirrorServer
from queries.records.library import Verdict
from reports.digest.verdicts import UNSUBSCRIBE, address_id, check_unsubscribe, reader_id

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
MAIL = "mailto://u:p@mail.example.org:1?from=watch@example.org&to=ann@example.org,Bo@example.org"


def event(
    number: int, word: str = "yes", reader: str = "aa", pmid: int = 0, watch: str = "small"
) -> ReaderEvent:
    return ReaderEvent(
        f"id{number}", NOW + timedelta(minutes=number), watch, 1, pmid or number, word, reader, "web"
    )


def test_several_processes_lose_nothing_and_keep_nothing_twice(tmp_path: Path) -> None:
    path = tmp_path / log.NAME
    code = (
        "import sys; from datetime import *; from pathlib import Path; from flows.verdicts.log import *\n"
        "readers, first = ReaderLog(Path(sys.argv[1])), int(sys.argv[2])\n"
        "for n in range(first, first + 60):\n"
        "    readers.append(ReaderEvent(f'id{n}', datetime.now(UTC), 'small', 1, n, 'yes', 'aa', 'web'))"
    )
    writers = [
        subprocess.Popen([sys.executable, "-c", code, str(path), str(first)], cwd=ROOT)
        for first in (0, 30, 60)
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    assert len(path.read_text("utf-8").splitlines()) == 120
    assert {each.id for each in log.events(path)} == {f"id{number}" for number in range(120)}


def test_half_a_line_that_a_killed_process_left_spoils_nothing(tmp_path: Path) -> None:
    path = tmp_path / log.NAME
    ReaderLog(path).append(event(1))
    with path.open("ab") as file:
        file.write(b'{"id": "id2", "at": "2026-')
    assert ReaderLog(path).append(event(3))
    assert [each.id for each in log.events(path)] == ["id1", "id3"]


def test_a_line_of_no_sense_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / log.NAME
    path.write_bytes(b"\xff\xfe\n[]\nnull\n{}\n" + b"[" * 9999 + b'\n{"id": 1, "at": 2}\n')
    assert ReaderLog(path).append(event(1))
    assert [each.id for each in log.events(path)] == ["id1"]


def test_a_full_disk_keeps_no_half_of_a_vote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    readers = ReaderLog(tmp_path / log.NAME)
    readers.append(event(1))
    write = os.write
    with monkeypatch.context() as patched:
        patched.setattr(os, "write", lambda descriptor, line: write(descriptor, line[:20]))
        with pytest.raises(OSError, match="No space"):
            readers.append(event(2))
    assert readers.append(event(2))
    assert len((tmp_path / log.NAME).read_text("utf-8").splitlines()) == 2


def test_a_vote_waits_while_a_run_holds_the_library_and_counts_once(
    tmp_path: Path, mirror: MirrorServer
) -> None:
    scenario = small_scenario(tmp_path, mirror)
    digest = scenario.run(FIRST)
    told = digest.entries[0].pmid
    secret = verdict_secret(scenario.setting)
    with scenario.library():  # held, and so the endpoint could not open it
        readers = ReaderLog(scenario.setting.home / log.NAME)
        tap = Thread(target=readers.append, args=(event(1, pmid=told, reader=reader_id(secret, "group")),))
        tap.start()
        tap.join(10)
        assert not tap.is_alive()
    for _ in range(2):
        with scenario.library() as library:
            hear_readers(scenario.setting, library, scenario.watch, NOW)
            (verdict,) = library.verdicts("small")
    assert verdict == Verdict(told, True, NOW + timedelta(minutes=1), "group", NOW)


def test_a_restored_library_hears_again_what_it_lacks(tmp_path: Path, mirror: MirrorServer) -> None:
    scenario = small_scenario(tmp_path, mirror)
    scenario.run(FIRST)
    with scenario.library() as library:
        library.backup(tmp_path / "backup")
    ReaderLog(scenario.setting.home / log.NAME).append(event(1, pmid=7))
    with scenario.library() as library:
        hear_readers(scenario.setting, library, scenario.watch, NOW)
        assert library.feedback("small") == {7: True}
    (tmp_path / "backup").replace(scenario.setting.database)
    with scenario.library() as library:
        assert library.feedback("small") == {}
        hear_readers(scenario.setting, library, scenario.watch, NOW)
        assert library.feedback("small") == {7: True}


def test_what_one_reader_takes_back_leaves_what_another_said(tmp_path: Path, mirror: MirrorServer) -> None:
    scenario = small_scenario(tmp_path, mirror)
    scenario.run(FIRST)
    readers = ReaderLog(scenario.setting.home / log.NAME)
    for number, (word, reader) in enumerate((("yes", "aa"), ("no", "bb"), ("undo", "bb")), 1):
        readers.append(event(number, word, reader, pmid=7))
    with scenario.library() as library:
        hear_readers(scenario.setting, library, scenario.watch, NOW)
        assert library.feedback("small") == {7: True}
        assert library.take_back("small", 7, NOW + timedelta(hours=9)) == 1
        assert library.feedback("small") == {}


def test_a_vote_by_an_old_name_counts_for_the_renamed_watch(tmp_path: Path, mirror: MirrorServer) -> None:
    scenario = small_scenario(tmp_path, mirror)
    scenario.run(FIRST)
    with scenario.library() as library:
        library.began("small", scenario.watch.seed, FIRST)
        library.rename("small", "other")
    ReaderLog(scenario.setting.home / log.NAME).append(event(1, pmid=7))
    (scenario.setting.watches[-1] / "small.toml").rename(scenario.setting.watches[-1] / "other.toml")
    scenario.name = "other"
    with scenario.library() as library:
        hear_readers(scenario.setting, library, scenario.watch, NOW)
        assert library.feedback("other") == {7: True}


def _with_readers(tmp_path: Path, mirror: MirrorServer, **settings: str) -> Scenario:
    scenario = small_scenario(tmp_path, mirror, {"group": MAIL})
    scenario.setting = replace(scenario.setting, **settings)  # type: ignore[arg-type]
    return scenario


def test_who_unsubscribed_is_never_written_to_again(tmp_path: Path, mirror: MirrorServer) -> None:
    scenario = _with_readers(tmp_path, mirror, verdicts_url="https://v.example.org")
    scenario.harvest(FIRST)
    scenario.decide(FIRST)
    secret = verdict_secret(scenario.setting)
    stop = event(1, "unsubscribe", address_id(secret, "BO@example.org"))._replace(number=0, pmid=0)
    ReaderLog(scenario.setting.home / log.NAME).append(stop)
    tried = {each.address: each.state for each in scenario.send(FIRST)}
    assert set(tried) == {"ann@example.org"}  # which fails, as there is no server, and stays owed
    scenario.harvest(FIRST + timedelta(days=7))
    scenario.digest(FIRST + timedelta(days=7))
    with scenario.library() as library:
        of_bo = [each for each in library.deliveries("small") if each.address == "Bo@example.org"]
        assert [(each.state, each.reason, each.tries) for each in of_bo] == [
            ("waived", "unsubscribed", 0)
        ] * 2
        assert [*library.unsubscribed("small")] == ["bo@example.org"]


def test_each_mail_has_its_own_links_and_one_click_over_https_only(
    tmp_path: Path, mirror: MirrorServer
) -> None:
    scenario = _with_readers(tmp_path, mirror, verdicts_url="https://v.example.org/sub")
    scenario.harvest(FIRST)
    issue = scenario.decide(FIRST)
    secret = verdict_secret(scenario.setting)
    for parcel in issue.parcels:
        mail = message_from_bytes(parcel.body, policy=policy.default)
        link = str(mail["List-Unsubscribe"]).split(">")[0].strip("<")
        assert link.startswith("https://v.example.org/sub/u/small/")
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert check_unsubscribe(secret, "small", link.rsplit("/", 1)[1], NOW).reader == address_id(
            secret, parcel.address
        )
        for part in ("plain", "html"):
            body = mail.get_body((part,))
            assert body is not None
            text = body.get_content()
            assert link in text
            assert UNSUBSCRIBE not in text
            assert f"https://v.example.org/sub/v/small/{issue.number}/" in text


def test_over_plain_http_nobody_is_promised_one_click(tmp_path: Path, mirror: MirrorServer) -> None:
    scenario = _with_readers(tmp_path, mirror, verdicts_url="http://v.example.org")
    scenario.harvest(FIRST)
    for parcel in scenario.decide(FIRST).parcels:
        mail = message_from_bytes(parcel.body, policy=policy.default)
        assert "List-Unsubscribe-Post" not in mail
        assert "mailto:" in mail["List-Unsubscribe"]


def test_status_names_who_unsubscribed_and_undo_takes_a_verdict_back(
    tmp_path: Path, mirror: MirrorServer, seedwatch: Shell
) -> None:
    scenario = _with_readers(tmp_path, mirror)
    scenario.harvest(FIRST)
    scenario.decide(FIRST)
    readers = ReaderLog(scenario.setting.home / log.NAME)
    readers.append(event(1, "unsubscribe", address_id(verdict_secret(scenario.setting), "ann@example.org")))
    environment = seedwatch.at(scenario)
    status = seedwatch("status", **environment).stdout
    assert "unsubscribed, and never written to: ann@example.org since" in status
    with scenario.library() as library:
        told = library.told("small")[0].pmid
    kept = seedwatch("feedback", "small", str(told), "yes", **environment)
    assert "1 verdict kept" in kept.stdout
    assert "1 verdict taken back" in seedwatch("feedback", "small", str(told), "--undo", **environment).stdout
    nothing = seedwatch("feedback", "small", str(told), "--undo", **environment)
    assert (nothing.returncode, "has no verdict" in nothing.stderr) == (2, True)
