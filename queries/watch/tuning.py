"""Changes to a watch's facets: the watch with a word more or less, and its file rewritten, comments kept."""

from typing import Any, NamedTuple

import tomlkit

from queries.watch.facets import joined
from queries.watch.file import Watch


class FacetChange(NamedTuple):
    """A word that is added to a facet, or dropped from it."""

    facet: str
    word: str
    adds: bool

    def __str__(self) -> str:
        """The change for a person."""
        return (
            f"add {self.word!r} to *{self.facet}*" if self.adds else f"drop {self.word!r} from *{self.facet}*"
        )


def whole_term(watch: Watch, change: FacetChange | None = None) -> str:
    """What all topics ask together, if a change were made."""
    facets = dict(watch.facets)
    if change:
        facet = facets[change.facet]
        lists = {name: getattr(facet, name) for name in ("words", "exact")}
        update = {name: tuple(word for word in words if word != change.word) for name, words in lists.items()}
        if change.adds:
            update["words"] = (*update["words"], change.word)
        facets[change.facet] = facet.model_copy(update=update)
    terms = (joined(facets, topic.all, topic.none) if topic.all else topic.term for topic in watch.topics)
    return " OR ".join(f"({term})" for term in terms)


def rewritten(text: str, changes: list[FacetChange]) -> str:
    """The text of a watch file with these changes; comments and layout stay as they are."""
    document = tomlkit.parse(text)
    facets: Any = document["facets"]
    for change in changes:
        facet = facets[change.facet]
        if isinstance(facet, str):  # PubMed's own language: the word stands beside it
            table = tomlkit.inline_table()
            table["term"] = facet
            facets[change.facet] = facet = table
        if change.adds:
            words = facet.setdefault("words", tomlkit.array())
            words.append(change.word)
            continue
        for name in ("words", "exact"):
            if change.word in facet.get(name, ()):
                facet[name].remove(change.word)
    return tomlkit.dumps(document)
