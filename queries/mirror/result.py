"""A search's outcome."""

from dataclasses import dataclass, field

import numpy as np

from queries.mirror.corpus import Docs

NOTHING: Docs = np.empty(0, np.int32)


@dataclass
class SearchResult:
    """Visible docs, ascending; what PubMed would say about the words."""

    docs: Docs = field(default_factory=lambda: NOTHING)
    translation: str = ""
    phrases_not_found: list[str] = field(default_factory=list)
    fields_not_found: list[str] = field(default_factory=list)
    phrases_ignored: list[str] = field(default_factory=list)
    quoted_not_found: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
