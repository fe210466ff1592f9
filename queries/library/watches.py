"""The watches that ran here, apart from their files: what is renamed goes on, what is retired is known."""

from datetime import datetime

from queries.errors import InputError
from queries.library.file import LibraryFile
from queries.library.rows import utc
from queries.records.library import KnownWatch, LastRuns
from queries.watch.file import Seed


class Watches(LibraryFile):
    """Each watch by its name, with the seed that its file named last."""

    def watches(self) -> tuple[KnownWatch, ...]:
        """Every watch that ran, by name."""
        return tuple(self.read(KnownWatch, "watch/watches"))

    def last_runs(self, now: datetime) -> dict[str, LastRuns]:
        """When the flows of every watch that is not retired last ran, up to `now`, in one question."""
        return {row.watch: row for row in self.read(LastRuns, "watch/last_runs", now=utc(now))}

    def began(self, name: str, seed: Seed, now: datetime) -> None:
        """Note that a watch runs; one that was retired is so no more."""
        self.ask("watch/began", name=name, doi=seed.doi, pmid=seed.pmid, now=utc(now))

    def retire(self, name: str, now: datetime | None) -> None:
        """Retire a watch, or with None undo that.

        Raises InputError if no watch of this name ran.
        """
        self._known(name)
        self.ask("watch/retire", name=name, retired=now and utc(now))

    def check_rename(self, old: str, new: str) -> None:
        """Raise InputError if `old` never ran, or `new` has a history of its own."""
        self._known(old)
        if any(known.name == new for known in self.watches()):
            raise InputError(
                new,
                "has a history of its own, and two are not made one",
                f"Name another, or end {old}: seedwatch retire {old}",
            )

    def rename(self, old: str, new: str) -> None:
        """Give all that the library has of a watch to another name, in one transaction.

        Raises InputError as `check_rename` does.
        """
        self.check_rename(old, new)
        with self.transaction():
            for (table,) in self.ask("watch/rename_tables"):
                sql = f'UPDATE "{table}" SET watch = $new WHERE watch = $old'  # noqa: S608 - our own table
                self._open.execute(sql, {"new": new, "old": old})
            self.ask("watch/rename", old=old, new=new)
            self.ask("former_name/rename", old=old, new=new)

    def names(self, watch: str) -> frozenset[str]:
        """What a watch is called, and was called before."""
        return frozenset((watch, *(name for (name,) in self.ask("former_name/names", watch=watch))))

    def _known(self, name: str) -> None:
        names = [known.name for known in self.watches()]
        if name not in names:
            there = ", ".join(names) or "none"
            raise InputError(name, "is no watch that ran here", f"Name one of these: {there}")
