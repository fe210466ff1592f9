"""A real IMAP server over a maildir, for as long as a test lasts: Dovecot without any privilege."""

import getpass
import grp
import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from imaplib import IMAP4
from pathlib import Path
from tempfile import mkdtemp

DOVECOT = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin")
PASSWORD = "pa/ss word"  # noqa: S105 - of an invented mailbox
_CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail
default_login_user = {user}
default_internal_user = {user}
default_internal_group = {group}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/users
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


def free_port() -> int:
    """A port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def dovecot(port: int) -> Iterator[Path]:
    """The maildir that user ann reads on this port by PASSWORD. Whoever is root serves it as nobody."""
    assert DOVECOT
    folder = Path(mkdtemp(prefix="dovecot-"))
    mail = folder / "mail"
    try:
        for name in ("cur", "new", "tmp"):
            (mail / name).mkdir(parents=True)
        is_root = os.geteuid() == 0
        user = pwd.getpwnam("nobody" if is_root else getpass.getuser())
        group = grp.getgrgid(user.pw_gid).gr_name
        (folder / "users").write_text(f"ann:{{PLAIN}}{PASSWORD}\n", "utf-8")
        configuration = _CONFIGURATION.format(folder=folder, user=user.pw_name, group=group, port=port)
        (folder / "conf").write_text(configuration, "utf-8")
        if is_root:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, user.pw_uid, user.pw_gid)
        as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if is_root else {}
        with subprocess.Popen([DOVECOT, "-F", "-c", str(folder / "conf")], **as_user) as process:  # type: ignore[call-overload]
            try:
                _wait(port)
                yield mail
            finally:
                process.terminate()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            with IMAP4("127.0.0.1", port, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    message = "Dovecot does not answer"
    raise TimeoutError(message)
