"""Whether a watch would do what its author means: its terms, its names, its secrets.

Pure: the secrets are an argument. What needs the network (does PubMed know the seed, does the
channel answer) is asked elsewhere.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from queries.errors import SettingsError
from queries.terms.facets import expansion
from queries.terms.lint import lint
from queries.watch.facets import TopicPart
from queries.watch.file import SECRET, Recipient, Watch

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://.", re.IGNORECASE)
_HARMLESS = re.compile(
    r"(folder|file|syslog|dbus|gnome|macosx|windows|json|xml|form)s?://(?![^/]*@)", re.IGNORECASE
)


class Problem(NamedTuple):
    """What is wrong with a key of a watch, and what to do about it; `advice` stops no run."""

    key: str
    problem: str
    remedy: str
    advice: bool = False

    def __str__(self) -> str:
        """One line for a person."""
        return f"{'advice: ' * self.advice}{self.key}: {self.problem}. {self.remedy}"


def resolve(recipient: Recipient, watch: str, secrets: Mapping[str, str]) -> str:
    """The URL of a recipient of `watch` with each $NAME or ${NAME} replaced.

    Raises SettingsError naming the watch, the recipient and the variable that is not set, or if it is
    more than one URL; the error never holds a value.
    """

    def value(match: re.Match[str]) -> str:
        name = match[1] or match[2]
        if found := secrets.get(name, "").strip():
            return found
        raise SettingsError(
            f"watch {watch}, recipient {recipient.name}",
            f"${name} is not set",
            f"Set {name} to an apprise URL, or to the part of one that it stands for",
        )

    url = SECRET.sub(value, recipient.url)
    if is_several(url):
        raise SettingsError(
            f"watch {watch}, recipient {recipient.name}",
            "its URL is several URLs",
            "Make a recipient of each",
        )
    return url


def is_several(url: str) -> bool:
    """Whether it is a list of URLs, of which a channel would take the first and call all of it sent."""
    return bool(re.search(r"[\s,;][a-z][a-z0-9+.-]*://", url.strip(), re.IGNORECASE))


def problems(watch: Watch, secrets: Mapping[str, str]) -> tuple[Problem, ...]:
    """Everything that is wrong with a watch that loads, in the order of the file."""
    return (*_terms(watch), *_addresses(watch, secrets))


def _terms(watch: Watch) -> Iterator[Problem]:
    """What PubMed would misread, of a facet once, however many topics ask it."""
    found: dict[Problem, None] = {}
    for topic in watch.topics:
        parts = watch.parts(topic)
        for finding in lint(topic.term):
            name, position = _within(parts, finding.position) if topic.all else ("", finding.position)
            place = f"facet {name}" if name else f"topic {topic.short}, term"
            found[
                Problem(f"{place} at character {position + 1}", finding.problem, finding.remedy, advice=True)
            ] = None
    yield from found


def _within(parts: Sequence[TopicPart], position: int) -> tuple[str, int]:
    """The facet in which a character of a topic's term stands, and its place there."""
    start = 1  # behind the parenthesis
    for part in parts:
        if position < start + len(part.term):
            return part.name, max(0, position - start)
        start += len(part.term) + len(") AND (")  # or ") NOT ("
    return parts[-1].name, 0


def terms_lines(watch: Watch) -> Iterator[str]:
    """What PubMed is asked: each facet written out, then each topic by its facets."""
    for name, facet in watch.facets.items():
        yield f"{watch.name}: facet {name} = {expansion(facet)}"
    for topic in watch.topics:
        yield f"{watch.name}: topic {topic.short} = {topic.asked}"


def _addresses(watch: Watch, secrets: Mapping[str, str]) -> Iterator[Problem]:
    folders: dict[str, str] = {}
    for recipient in watch.recipients:
        key = f"recipient {recipient.name}, url"
        if not SECRET.search(recipient.url) and not _HARMLESS.match(recipient.url):
            yield Problem(
                key,
                "an address stands in the file itself",
                "Put it in the environment and write its $NAME here",
                advice=True,
            )
        try:
            url = resolve(recipient, watch.name, secrets)
        except SettingsError as error:
            yield Problem(key, error.problem, error.remedy)
            continue
        if (
            url.startswith("folder://")
            and (owner := folders.setdefault(url, recipient.name)) != recipient.name
        ):
            yield Problem(key, f"is the folder of recipient {owner}, too", "Give each a folder of its own")
        if not _SCHEME.match(url):
            yield Problem(key, "is not an apprise URL", "Write one such as mailtos://… or slack://…")
