"""PubMed's query language as a small tree, each node with the place it came from.

Grammar (PubMed User Guide, NBK3827): AND, OR, NOT in capitals (also & and |), read from left to
right without precedence; parentheses; neighbours without an operator are ANDed; `words[tag]`,
`"a phrase"[tag]`, `stem*[tag]`, `"a b"[tiab:~3]`, `low:high[tag]`, `"low"[tag] : "high"[tag]`,
`"last 14 days"[crdt]`, `term/subheading[mh]`, `term[mh:noexp]`, `#1`, and PMIDs alone. A date's tag is
for the date alone: `long covid 2023/04/23:2023/04/30[crdt]` (recorded).
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, NoReturn

from queries.errors import TermError
from queries.terms.tags import DATES, canonical


class Place(NamedTuple):
    """Characters `start` to `end` (excluded) of the term, counted from 0."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Clause:
    """Words to be looked up in one field.

    `tag` is a key of tags.TAGS, "" where none was written, or what was written where PubMed has no
    such field. `near` is the number of words that may stand between (proximity), else None.
    """

    text: str
    tag: str
    span: Place
    quoted: bool = False
    explode: bool = True
    near: int | None = None
    subheading: str = ""

    @property
    def truncated(self) -> bool:
        """Whether a wildcard stands in it."""
        return "*" in self.text


@dataclass(frozen=True, slots=True)
class Range:
    """From `low` to `high`, both included, as written: dates, or UIDs."""

    low: str
    high: str
    tag: str
    span: Place


@dataclass(frozen=True, slots=True)
class Recent:
    """The last `count` days, months or years of a date field, and all that is dated later."""

    count: int
    unit: str
    tag: str
    span: Place


@dataclass(frozen=True, slots=True)
class EarlierSearch:
    """An earlier search of the same session, `#number`."""

    number: int
    span: Place


@dataclass(frozen=True, slots=True)
class And:
    """All of `parts`; a chain without parentheses between is one And."""

    parts: tuple["Node", ...]
    span: Place


@dataclass(frozen=True, slots=True)
class Or:
    """Any of `parts`."""

    parts: tuple["Node", ...]
    span: Place


@dataclass(frozen=True, slots=True)
class Not:
    """`keep` without `drop`."""

    keep: "Node"
    drop: "Node"
    span: Place


Leaf = Clause | Range | Recent | EarlierSearch
Node = And | Or | Not | Leaf

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<open>\() | (?P<close>\)) | (?P<colon>:(?=\s|"|\d|$)) | (?P<sign>[&|])
      | "(?P<quoted>[^"]*)" | \[(?P<tag>[^\[\]]*)\] | (?P<word>[^\s()\[\]"“”„]+) | (?P<stray>\S)
    )""",
    re.VERBOSE,
)
_PMIDS = re.compile(r"\s*\d{1,10}(?:[\s,]+\d{1,10})*[\s,]*")
_BOUNDS = re.compile(r"(\d[\d/]*):(\d[\d/]*)")
_RECENT = re.compile(r"last\s+(\d{1,5})\s+(day|month|year)s?", re.IGNORECASE)
_OPERATORS = {"AND": "AND", "OR": "OR", "NOT": "NOT", "&": "AND", "|": "OR"}
_DEEPEST = 100


class _Token(NamedTuple):
    kind: str
    text: str
    span: Place


def parse(term: str) -> Node:
    """Return the tree of a search term; TermError names the place where it is broken."""
    if _PMIDS.fullmatch(term):
        found = tuple(Clause(match[0], "uid", Place(*match.span())) for match in re.finditer(r"\d+", term))
        return found[0] if len(found) == 1 else Or(found, Place(found[0].span.start, found[-1].span.end))
    return _Parser(term).whole()


def leaves(node: Node) -> Iterator[Leaf]:
    """Every clause, range, recent and history of the tree, from left to right, however deep it is."""
    waiting = [node]
    while waiting:
        match waiting.pop():
            case And(parts=parts) | Or(parts=parts):
                waiting += reversed(parts)
            case Not(keep=keep, drop=drop):
                waiting += (drop, keep)
            case leaf:
                yield leaf


class _Parser:
    """Recursive descent over the tokens of one term."""

    def __init__(self, term: str) -> None:
        self.term = term
        self.tokens = list(self._tokens())
        self.at = 0

    def _tokens(self) -> Iterator[_Token]:
        for match in _TOKEN.finditer(self.term.rstrip()):
            kind = match.lastgroup or ""
            text, start = match[kind], match.start(kind)
            if kind == "stray":
                self._refuse_stray(text, start)
            if kind in {"quoted", "tag"}:
                yield _Token(kind, " ".join(text.split()), Place(start - 1, match.end()))
            elif kind == "sign" or (kind == "word" and text in _OPERATORS):
                yield _Token("operator", _OPERATORS[text], Place(start, match.end()))
            else:
                yield _Token(kind, text, Place(start, match.end()))

    def _refuse_stray(self, mark: str, at: int) -> NoReturn:
        if mark == '"':
            self.refuse(at, "a quotation mark is not closed", 'Write a second " where the phrase ends.')
        if mark in "“”„":
            self.refuse(at, "a typographic quotation mark", 'Write straight ones: ".')
        self.refuse(at, f"{mark} has no partner", "Write a field tag as [tag] behind its words.")

    def refuse(self, at: int, problem: str, remedy: str) -> NoReturn:
        """Raise a TermError that shows the surroundings of character `at`."""
        start, end = max(0, at - 20), min(len(self.term), at + 20)
        excerpt = ("…" if start else "") + self.term[start:end] + ("…" if end < len(self.term) else "")
        raise TermError(f"term at character {at + 1} ({' '.join(excerpt.split())})", problem, remedy)

    def peek(self, ahead: int = 0) -> _Token | None:
        """The token `ahead` of here, None behind the last."""
        where = self.at + ahead
        return self.tokens[where] if where < len(self.tokens) else None

    def whole(self) -> Node:
        """Parse everything."""
        node = self.expression(0)
        if token := self.peek():
            self.refuse(token.span.start, "a closing parenthesis without an opening one", "Remove it.")
        return node

    def expression(self, depth: int) -> Node:
        """`part (operator? part)*`, from left to right."""
        if depth > _DEEPEST:
            self.refuse(0, f"parentheses nested over {_DEEPEST} deep", "Simplify the term.")
        node, loose = self.part(depth)
        chain = _Chain(node, loose=loose)
        while (token := self.peek()) and token.kind != "close":
            operator = "AND"
            if token.kind == "operator":
                operator = token.text
                self.at += 1
            chain.join(operator, self.part(depth)[0])
        return chain.node()

    def part(self, depth: int) -> tuple[Node, bool]:
        """One operand, and whether a chain may grow into it (it stood in no parentheses)."""
        token = self.peek()
        if token is None:
            self.refuse(
                len(self.term), "the term ends where words are due", "Complete or remove the operator."
            )
        if token.kind == "operator":
            self.refuse(
                token.span.start, f"{token.text} has no words before it", "Join words by one operator."
            )
        if token.kind == "close":
            self.refuse(token.span.start, "empty before the parenthesis closes", "Write words in it.")
        if token.kind == "tag":
            self.refuse(
                token.span.start, f"[{token.text}] has no words before it", "Write the words it is for."
            )
        if token.kind == "colon":
            self.refuse(token.span.start, "a colon without a lower bound", "Write low:high[tag].")
        if token.kind != "open":
            return self.leaf(), True
        self.at += 1
        inner = self.expression(depth + 1)
        close = self.peek()
        if close is None:
            self.refuse(token.span.start, "a parenthesis is not closed", "Write ) where the group ends.")
        self.at += 1
        if (tag := self.peek()) and tag.kind == "tag":
            self.refuse(tag.span.start, "a tag behind a group", "Write the tag behind each word or phrase.")
        return inner, False

    def leaf(self) -> Node:
        """A phrase, a run of words, a range, a history number."""
        first = self.tokens[self.at]
        if first.kind == "quoted":
            if not first.text:
                self.refuse(first.span.start, "an empty phrase", "Write words between the quotation marks.")
            self.at += 1
            return self.tagged([first])
        words: list[_Token] = []
        while (token := self.peek()) and token.kind == "word":
            words.append(token)
            self.at += 1
        following = self.peek()
        if following and following.kind in {"tag", "colon"}:
            loose = words[: -self.bound_words(words)]
            last = self.tagged(words[len(loose) :])
            if not loose:
                return last
            return And((*map(_bare, loose), last), Place(loose[0].span.start, last.span.end))
        parts = tuple(_bare(word) for word in words)
        return parts[0] if len(parts) == 1 else And(parts, Place(words[0].span.start, words[-1].span.end))

    def bound_words(self, words: list[_Token]) -> int:
        """How many of the last words a following tag or colon is for: of a date or number only one."""
        ahead = itertools.count()
        tag = next((token for at in ahead if (token := self.peek(at)) is None or token.kind == "tag"), None)
        if tag is None or canonical(tag.text)[0] not in DATES | {"uid"}:
            return len(words)
        return 1 if re.fullmatch(r"\d[\d/:-]*", words[-1].text) else len(words)

    def tagged(self, words: list[_Token]) -> Leaf:
        """Words or a phrase with what follows: a tag, or a colon and an upper bound."""
        text, quoted = " ".join(word.text for word in words), words[0].kind == "quoted"
        low_tag, end = self.tag(words[-1].span.end)
        start = words[0].span.start
        colon = self.peek()
        if colon and colon.kind == "colon":
            self.at += 1
            high = self.peek()
            if high is None or high.kind not in {"word", "quoted"} or not high.text:
                self.refuse(
                    colon.span.start, "a range without an upper bound", "Write low:high[tag]; 3000 is open."
                )
            self.at += 1
            tag, end = self.tag(high.span.end)
            low_field, high_field = canonical(low_tag or tag)[0], canonical(tag or low_tag)[0]
            if not high_field or low_field != high_field:
                self.refuse(colon.span.start, "the two ends of a range need one tag", "Write low:high[tag].")
            return Range(text, high.text, high_field, Place(start, end))
        return _clause(text, low_tag, Place(start, end), quoted=quoted)

    def tag(self, end: int) -> tuple[str, int]:
        """The tag that follows, "" if none, and where it ends."""
        token = self.peek()
        if token is None or token.kind != "tag":
            return "", end
        if not token.text:
            self.refuse(token.span.start, "an empty tag", "Write a field, as in [tiab].")
        self.at += 1
        return token.text, token.span.end


def _bare(word: _Token) -> Leaf:
    """A word without a tag; it may be a history number."""
    if re.fullmatch(r"#\d{1,6}", word.text):
        return EarlierSearch(int(word.text[1:]), word.span)
    return Clause(word.text, "", word.span)


def _clause(text: str, written: str, span: Place, *, quoted: bool) -> Leaf:
    tag, modifier = canonical(written)
    if tag in DATES | {"uid"} and (bounds := _BOUNDS.fullmatch(text)):
        return Range(bounds[1], bounds[2], tag, span)
    if tag in DATES and (recent := _RECENT.fullmatch(text)):
        return Recent(int(recent[1]), recent[2].lower(), tag, span)
    subheading = ""
    if tag in {"mh", "majr"}:
        text, _, subheading = (part.strip() for part in text.partition("/"))
    near = int(modifier[1:]) if modifier.startswith("~") else None
    return Clause(text, tag, span, quoted, modifier != "noexp", near, subheading)


class _Chain:
    """What has been read so far, to which one operand after another is joined, from left to right."""

    def __init__(self, first: Node, *, loose: bool) -> None:
        """`loose`: `first` stood in no parentheses, so that the chain may grow into it."""
        self.kind: type[And] | type[Or] | None = None  # noqa: PYI055 - mypy joins them to object
        self.parts = [first]
        if loose and isinstance(first, And | Or):
            self.kind, self.parts = type(first), list(first.parts)

    def join(self, operator: str, right: Node) -> None:
        """Join an operand."""
        kind = {"AND": And, "OR": Or, "NOT": None}[operator]
        if kind is None or (self.kind is not kind and len(self.parts) > 1):
            self.parts = [self.node()]
        if kind is None:
            left = self.parts[0]
            self.parts = [Not(left, right, Place(left.span.start, right.span.end))]
        else:
            self.parts.append(right)
        self.kind = kind

    def node(self) -> Node:
        """Everything joined."""
        if self.kind is None or len(self.parts) == 1:
            return self.parts[0]
        return self.kind(tuple(self.parts), Place(self.parts[0].span.start, self.parts[-1].span.end))
