"""A PostgreSQL of its own for a test: a throw-away cluster on a free port, run as the user postgres."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support.served import free_port

Command = list[str | Path]


def missing() -> str:
    """Why there can be none here, "" if there can."""
    if not programs():
        return "PostgreSQL is not installed (apt-get install postgresql)"
    if os.geteuid() == 0:
        try:
            pwd.getpwnam("postgres")
        except KeyError:
            return "PostgreSQL does not run as root, and there is no user postgres"
    return ""


def programs() -> Path | None:
    """The folder with initdb and pg_ctl."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb")
    folders = [*debian, *([Path(found).resolve().parent] if found else [])]
    return next((each for each in folders if (each / "pg_ctl").exists()), None)


@contextmanager
def postgres(database: str = "prefect") -> Iterator[str]:
    """The address of a fresh database on loopback, as postgresql://USER@HOST:PORT/NAME."""
    folder = programs()
    assert folder
    root = os.geteuid() == 0
    as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if root else []
    user, port = "postgres", free_port()
    with tempfile.TemporaryDirectory(prefix="seedwatch-postgres-") as scratch:
        data = Path(scratch) / "data"
        if root:
            shutil.chown(scratch, "postgres", "postgres")
        options = " ".join(
            f"-c {name}={value}"
            for name, value in {
                "listen_addresses": "127.0.0.1",
                "port": port,
                "unix_socket_directories": scratch,
                "fsync": "off",
            }.items()
        )
        initdb: Command = [folder / "initdb", "-U", user, "-A", "trust", "-E", "UTF8", "-N", "-D", data]
        start: Command = [folder / "pg_ctl", "-D", data, "-w", "-t", "120", "-o", options, "-l", data / "log"]
        _run([*as_user, *initdb], scratch)
        _run([*as_user, *start, "start"], scratch)
        try:
            create: Command = [folder / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", user, database]
            _run(create, scratch)
            yield f"postgresql://{user}@127.0.0.1:{port}/{database}"
        finally:
            stop: Command = [folder / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"]
            _run([*as_user, *stop], scratch)


def _run(command: Command, folder: str) -> None:
    quiet = subprocess.DEVNULL
    subprocess.run(command, stdin=quiet, stdout=quiet, stderr=quiet, check=True, cwd=folder)
