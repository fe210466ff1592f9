"""The files for servers name what there is: commands, variables, entrypoints; tools find no fault."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from typer.main import get_command

from flows.cli import app
from flows.runtime import settings

FOLDER = Path(__file__).parents[1] / "flows" / "deploy"
UNITS = sorted(FOLDER.glob("*.service"))
PAGE = (FOLDER.parent / "README.md").read_text(encoding="utf-8")


def named() -> Iterator[str]:
    """Every seedwatch command that a file or the page has somebody type."""
    texts = [PAGE, *(path.read_text(encoding="utf-8") for path in FOLDER.iterdir() if path.is_file())]
    for text in texts:
        yield from re.findall(r"(?:^ +|`|/bin/|trial )seedwatch ([a-z]+)\b", text, re.MULTILINE)


def test_every_command_that_is_shown_exists() -> None:
    shown = set(named())
    assert {"serve", "doctor", "backup", "restore", "retire", "round", "run", "status"} <= shown
    assert shown <= set(get_command(app).commands)  # type: ignore[attr-defined]


def test_every_variable_of_the_env_file_is_read() -> None:
    class Asked(dict[str, str]):
        def get(self, key: str, default: Any = None) -> Any:
            names.add(key)
            return default

    names: set[str] = set()
    settings.read(Asked())
    lines = (FOLDER / "seedwatch.env").read_text(encoding="utf-8").splitlines()
    given = {line.partition("=")[0] for line in lines if line and not line.startswith("#")}
    shipped = {"SEEDWATCH_MAIL"}  # of the shipped watch
    assert given - shipped <= names


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_systemd_finds_no_fault_in_a_unit_and_little_that_is_exposed(unit: Path, tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed")
    text = unit.read_text(encoding="utf-8")
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    there = tmp_path / unit.name
    there.write_text(re.sub(r"(?<=ExecStart=)\S+", str(program), text), encoding="utf-8")
    verified = subprocess.run(
        ["systemd-analyze", "verify", str(there)], capture_output=True, text=True, check=False
    )
    assert (verified.returncode, verified.stderr) == (0, "")
    judged = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(there)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert judged.returncode == 0, judged.stdout[-300:]


def test_prefect_can_load_what_its_file_names() -> None:
    plan = yaml.safe_load((FOLDER / "prefect.yaml").read_text(encoding="utf-8"))
    for each in plan["deployments"]:
        module, _, name = each["entrypoint"].rpartition(".")
        assert getattr(import_module(module), name).name == name
        assert each["work_pool"]["name"] in PAGE


def test_the_containers_hang_together() -> None:
    compose = yaml.safe_load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))
    services = compose["services"]
    for name, service in services.items():
        for needed, how in service.get("depends_on", {}).items():
            assert needed in services
            assert how["condition"] != "service_healthy" or "healthcheck" in services[needed], name
        for volume in service["volumes"]:
            source = volume.split(":")[0]
            assert source in compose["volumes"] or source.startswith((".", "$"))
    assert (
        FOLDER / services["worker"]["build"]["context"] / services["worker"]["build"]["dockerfile"]
    ).exists()
    ports = [port for service in services.values() for port in service.get("ports", ())]
    assert all(port.startswith("127.0.0.1:") for port in ports), "Prefect's UI has no log-in"
    for copied in re.findall(r"^COPY (?!--from)(.+) \S+$", (FOLDER / "Dockerfile").read_text(), re.MULTILINE):
        assert all((FOLDER / "../.." / each).exists() for each in copied.split())


def test_the_page_links_to_what_there_is() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", PAGE) if "://" not in link]
    assert links
    assert [link for link in links if not (FOLDER.parent / link).exists()] == []
    files = set(re.findall(r"flows/deploy/(\S+?)(?=[\s`]|$)", PAGE))
    assert files
    assert [name for name in files if not (FOLDER / name).exists()] == []
