"""Every exception of seedwatch.

    SeedwatchError
    ├── InputError              what a person wrote is wrong                      exit 2
    │   ├── WatchError          a watch file, one of its keys
    │   │   └── WatchRetired    a schedule would run a watch that is retired
    │   ├── TermError           a PubMed search term, at a position
    │   │   └── Unmodelled      the mirror doesn't know how PubMed answers it
    │   ├── SettingsError       an environment variable, a secret, an API key
    │   └── RecordsError        a file of records that cannot be read
    ├── PubMedError             the service, or the way to it                     exit 1
    │   ├── Outage              transient trouble that outlasted every retry
    │   ├── Refused             a permanent answer: asking again would not help
    │   ├── OverCap             more hits than one search may show: slice it
    │   ├── HistoryExpired      the WebEnv is gone
    │   ├── TooLarge            more records than PubMed's backend makes in time
    │   └── Incomplete          ids and counts do not agree after a second look
    ├── LibraryError            the library file                                  exit 1
    │   ├── LibraryBusy         another process holds it
    │   ├── LibraryDamaged      it exists and is not a library we can read
    │   ├── LibraryGone         it was there, and is not any more
    │   ├── LibraryForeign      another library lies in its place
    │   └── LibraryFull         the disk has no room
    ├── LedgerError             a sum that must add up does not                   exit 1
    └── DeliveryError           a recipient could not be reached                  exit 3

Each names its subject (a file, a key, a PMID), the problem and the remedy, in one line, and
survives pickling, as Prefect keeps the exceptions of failed runs.
"""


class SeedwatchError(Exception):
    """Root of the tree: `subject` is what it is about, `remedy` is what to do next."""

    exit_code = 1

    def __init__(self, subject: str, problem: str, remedy: str) -> None:
        """Keep the three parts as the exception's args, which is what pickle restores."""
        super().__init__(subject, problem, remedy)
        self.subject, self.problem, self.remedy = subject, problem, remedy

    def __str__(self) -> str:
        """Return one line: subject, problem, remedy."""
        return f"{self.subject}: {self.problem}. {self.remedy}"


class InputError(SeedwatchError):
    """What a person wrote is wrong."""

    exit_code = 2


class WatchError(InputError):
    """A watch file, or one of its keys."""


class WatchRetired(WatchError):
    """A schedule would run a watch that a person has retired since."""


class TermError(InputError):
    """A PubMed search term that PubMed would misread."""


class Unmodelled(TermError):
    """The mirror doesn't know how PubMed answers it, and says so instead of guessing."""


class SettingsError(InputError):
    """An environment variable, a secret or an API key."""


class RecordsError(InputError):
    """A file of records that cannot be read."""


class PubMedError(SeedwatchError):
    """The service, or the way to it."""


class Outage(PubMedError):
    """Transient trouble that outlasted every retry; the next run may try again."""


class Refused(PubMedError):
    """A permanent answer: asking again would not help."""


class OverCap(PubMedError):
    """More hits than one search may show: the asker has to slice."""


class HistoryExpired(PubMedError):
    """The WebEnv is gone: search or post again."""


class TooLarge(PubMedError):
    """More records than PubMed's backend makes in time: ask for fewer."""


class Incomplete(PubMedError):
    """Ids and counts do not agree after a second look."""


class LibraryError(SeedwatchError):
    """The library file."""


class LibraryBusy(LibraryError):
    """Another process holds the library."""


class LibraryDamaged(LibraryError):
    """The file exists and is not a library that this version can read."""


class LibraryGone(LibraryError):
    """There was a library, and its file is not there any more: nothing is started afresh unasked."""


class LibraryForeign(LibraryError):
    """Another library lies where a known one was."""


class LibraryFull(LibraryError):
    """The disk has no room."""


class LedgerError(SeedwatchError):
    """A sum that must add up does not."""


class DeliveryError(SeedwatchError):
    """A recipient could not be reached."""

    exit_code = 3


class MailboxError(SeedwatchError):
    """The mailbox of readers' mails doesn't answer, or refuses; the next run reads it."""
