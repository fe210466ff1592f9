"""The environment, read once: the only door to it (README, "Environment")."""

import math
import os
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path

from queries.errors import SettingsError
from queries.watch.file import SHIPPED, secret_names, watch_files

NCBI = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the environment says. `secrets` are the values of the `$NAMES` that watches use; never printed.

    `rate` is in requests per second and for a mirror only: NCBI's own is not for us to raise. `sample`
    says that the PubMed asked is an invented one, which every digest then says too. `patience` bounds,
    in seconds, each wait for what is busy or doesn't answer. With `preview` every digest goes into that
    folder and to nobody. The archive is built in `site_folder`, else within `home`. `metrics` is a text file
    of figures for Prometheus. `verdicts_url` is where readers reach the endpoint of their verdicts, `mailbox`
    the IMAP or maildir URL of their mails; `secret` signs their links, "" for the home's own.
    """

    home: Path
    database: Path
    watches: tuple[Path, ...] = (SHIPPED,)
    eutils_url: str = NCBI
    email: str = field(default="", repr=False)
    api_key: str = field(default="", repr=False)
    ops_url: str = field(default="", repr=False)
    heartbeat_url: str = field(default="", repr=False)
    pace_url: str = field(default="", repr=False)
    metrics: Path | None = None
    verdicts_url: str = ""
    mailbox: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    rate: float | None = None
    patience: float = math.inf
    sample: bool = False
    preview: Path | None = None
    site_folder: Path | None = None
    zotero: str = ""
    zotero_key: str = field(default="", repr=False)
    zotero_url: str = ""
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def at_ncbi(self) -> bool:
        """Whether PubMed itself is asked, and not a mirror."""
        return self.eutils_url == NCBI

    @property
    def site(self) -> Path:
        """Folder of the archive site."""
        return self.site_folder or self.home / "site"

    @property
    def politeness(self) -> Path:
        """Folder of the lock and the request times that all processes of this machine share."""
        return self.home / "politeness"


_replacement: ContextVar[Settings | None] = ContextVar("replacement", default=None)


@contextmanager
def replaced(settings: Settings) -> Iterator[None]:
    """Let these settings stand for the environment's: a demo, a rehearsal."""
    token = _replacement.set(settings)
    try:
        yield
    finally:
        _replacement.reset(token)


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings, or return those that have `replaced` them.

    Raises SettingsError naming the variable: a URL that is none, a folder that isn't there.
    """
    if replacement := _replacement.get():
        return replacement
    home = home_of(environment)
    database = Path(environment.get("SEEDWATCH_DATABASE") or home / "library.duckdb").expanduser()
    _check_places(home, database)
    folders = tuple(
        Path(part).expanduser() for part in environment.get("SEEDWATCH_WATCHES", "").split(os.pathsep) if part
    )
    for folder in folders:
        if not folder.is_dir():
            raise SettingsError("SEEDWATCH_WATCHES", f"{folder} is not a folder", "Make it, or unset it")
    url = environment.get("SEEDWATCH_EUTILS_URL") or NCBI
    if not re.match(r"https?://[^/\s]+", url):
        raise SettingsError(
            "SEEDWATCH_EUTILS_URL", f"{url!r} is not an http(s) address", "Give a mirror's, or unset it"
        )
    watches = (SHIPPED, *folders)
    names = set[str]().union(*map(secret_names, watch_files(watches)))
    return Settings(
        home=home,
        database=database,
        watches=watches,
        eutils_url=url.rstrip("/") + "/",
        email=environment.get("NCBI_EMAIL", ""),
        api_key=environment.get("NCBI_API_KEY", ""),
        ops_url=environment.get("SEEDWATCH_OPS_URL", ""),
        heartbeat_url=_address(environment, "SEEDWATCH_HEARTBEAT_URL", "https?"),
        pace_url=_address(environment, "SEEDWATCH_PACE_URL", "postgres(ql)?"),
        metrics=Path(metrics).expanduser() if (metrics := environment.get("SEEDWATCH_METRICS")) else None,
        verdicts_url=_web_address(environment, "SEEDWATCH_VERDICTS_URL"),
        mailbox=environment.get("SEEDWATCH_MAILBOX", ""),
        secret=environment.get("SEEDWATCH_SECRET", ""),
        rate=_number(environment, "SEEDWATCH_RATE", "requests per second"),
        patience=_number(environment, "SEEDWATCH_PATIENCE", "seconds") or math.inf,
        zotero=_library(environment),
        zotero_key=environment.get("SEEDWATCH_ZOTERO_KEY", ""),
        zotero_url=_address(environment, "SEEDWATCH_ZOTERO_URL", "https?") or "https://api.zotero.org",
        site_folder=Path(site).expanduser() if (site := environment.get("SEEDWATCH_SITE")) else None,
        secrets={name: environment[name] for name in sorted(names) if name in environment},
    )


def _check_places(home: Path, database: Path) -> None:
    """Raise SettingsError if the home is a file, the library a folder, or the path of either no UTF-8.

    A relative home would be another one in another folder, and know nothing of what was told from here.
    """
    if not home.is_absolute():
        raise SettingsError(
            "SEEDWATCH_HOME", f"{str(home)!a} is not absolute", f"Write {str(home.absolute())!a}"
        )
    for name, path in (("SEEDWATCH_HOME", home), ("SEEDWATCH_DATABASE", database)):
        try:
            str(path).encode()
            wrong = path.is_dir() if path == database else path.exists() and not path.is_dir()
        except UnicodeEncodeError as error:
            raise SettingsError(name, f"{str(path)!a} is not UTF-8", "Name another place") from error
        except OSError as error:
            raise SettingsError(name, f"{path} cannot be used ({error.strerror})", "Name another") from error
        if wrong:
            what = "is a folder" if path == database else "is not a folder"
            raise SettingsError(name, f"{path} {what}", "Name another place")


def home_of(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the state is, whatever else is wrong with the settings."""
    return Path(environment.get("SEEDWATCH_HOME") or _default_home(environment)).expanduser()


def make_folder(path: Path, name: str) -> None:
    """Make a folder that only its owner may enter, unless it is there; `name` is the variable that names it.

    Raises SettingsError if it cannot be made.
    """
    try:
        for folder in (*reversed(path.parents), path):
            if not folder.exists():
                folder.mkdir(exist_ok=True, mode=0o700)
    except OSError as error:
        raise SettingsError(
            name, f"the folder {path} cannot be made ({error.strerror})", "Name one that can"
        ) from error


def _address(environment: Mapping[str, str], name: str, scheme: str) -> str:
    url = environment.get(name, "")
    if url and not re.match(rf"{scheme}://[^/\s]+", url):
        kind = "an http(s)" if "http" in scheme else "a postgresql://user:password@host/database"
        raise SettingsError(name, f"is not {kind} address", "Mend or unset it")  # it may hold a secret
    return url


def _library(environment: Mapping[str, str]) -> str:
    name = environment.get("SEEDWATCH_ZOTERO", "")
    if name and not re.fullmatch(r"(users|groups)/\d+", name):
        raise SettingsError(
            "SEEDWATCH_ZOTERO", f"{name!r} is no library", "Write users/NUMBER or groups/NUMBER"
        )
    return name


def _web_address(environment: Mapping[str, str], name: str) -> str:
    url = environment.get(name, "").rstrip("/")
    if url and not re.fullmatch(r"https?://[^/\s?#@]+(/[^\s?#]*)?", url):
        raise SettingsError(name, f"{url!r} is not an http(s) address", "Mend or unset it")
    return url


def _number(environment: Mapping[str, str], name: str, unit: str) -> float | None:
    text = environment.get(name, "")
    if not text:
        return None
    try:
        if (number := float(text)) > 0:
            return number
    except ValueError:
        pass
    raise SettingsError(name, f"{text!r} is not a number of {unit}", "Mend or unset it")


def _default_home(environment: Mapping[str, str]) -> Path:
    """Return the XDG state folder, as a library is state: neither configuration nor cache."""
    if state := environment.get("XDG_STATE_HOME"):
        return Path(state) / "seedwatch"
    return Path(environment.get("HOME") or Path.home()) / ".local" / "state" / "seedwatch"


# what a run says stands among its logs in Prefect; on the console there are errors only
SERVING = {
    "PREFECT_LOGGING_LEVEL": "INFO",
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "ERROR",
    "PREFECT_LOGGING_EXTRA_LOGGERS": "seedwatch",
    "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",  # three unsaid, and a run counts as crashed
}


def quiet_prefect(
    home: Path, environment: dict[str, str] | os._Environ[str] = os.environ, *, serving: bool = False
) -> None:
    """Set what Prefect reads at import: an own home, no telemetry, quiet logs.

    Whatever the user has set stays. Call before anything imports prefect.
    """
    quiet = {
        "PREFECT_HOME": str(home / "prefect"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
        "PREFECT_CLI_PROMPT": "false",
    }
    if serving:
        quiet |= SERVING
    for name, value in quiet.items():
        environment.setdefault(name, value)
    # at import it tries to make its home without the folders above; later it makes it with them
    warnings.filterwarnings("ignore", "Failed to create the Prefect home directory")
