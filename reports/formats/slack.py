"""A digest as Slack's Block Kit: a parent message, and the rest for its thread or for one second message.

Slack takes at most 50 blocks and about 13,200 characters a message, 150 in a header and 3,000 in
a section; ours stay below (slackapi/bolt-js#2509, docs.slack.dev/reference/block-kit/blocks). Verdicts are
links and no buttons: even a button with a URL calls an app, and warns where none answers
(slackapi/node-slack-sdk#869).
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from reports.digest import headline as first
from reports.digest import links
from reports.digest import wording as say
from reports.digest.links import ReaderLinks, by_mail
from reports.digest.record import Change, Digest, Entry, Group, Miss
from reports.digest.wording import SectionTitle as Title

Block = dict[str, Any]
Payload = dict[str, object]
HEADER: Final = 150
SECTION: Final = 3000
BLOCKS: Final = 20
MESSAGE: Final = 12_000
TOP: Final = 3  # papers of the parent
CHANGES: Final = 6  # changes of the parent
_ROOM: Final = 400  # characters that a last line may take


class SlackForms(NamedTuple):
    """A digest for Slack: the parent, and what goes into its thread, or as one message behind it."""

    parent: Payload
    thread: tuple[Payload, ...]
    second: Payload | None


def slack(digest: Digest, own: ReaderLinks | None = None) -> SlackForms:
    """The digest's messages; `text` is what a notification shows."""
    mine = own or by_mail(digest)
    top = {entry.pmid for entry in first.queue(digest)[:TOP]}
    rest = len(digest.entries) - len(top)
    parts = [*_rest(digest, mine, top)]
    parent = [*_parent(digest, mine, top, more=bool(parts))]
    thread = tuple(
        _payload(f"{name}, digest {digest.number}", blocks)
        for name, items in parts
        for blocks in _messages([_section(f"*{escape(name)}*, digest {digest.number}"), *items])
    )
    title = f"The other {rest}" if rest else "More"
    flat = [block for name, items in parts for block in (_section(f"*{escape(name)}*"), *items)]
    second = _payload(f"{title}, digest {digest.number}", _one_message(title, flat)) if flat else None
    return SlackForms(_payload(first.subject(digest), parent), thread, second)


def escape(text: str) -> str:
    """Text that Slack shows as it is: no mention, link or entity can come from it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _payload(text: str, blocks: Sequence[Block]) -> Payload:
    notice = _cut(escape(text), HEADER * 2)
    return {"text": notice, "unfurl_links": False, "unfurl_media": False, "blocks": list(blocks)}


def _size(message: Sequence[Block]) -> int:
    return len(json.dumps(message, ensure_ascii=False))


def _messages(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """As many messages as the blocks need."""
    message: list[Block] = []
    for block in blocks:
        if message and (len(message) == BLOCKS or _size([*message, block]) > MESSAGE - _ROOM):
            yield message
            message = []
        message.append(block)
    yield message


def _one_message(title: str, blocks: Sequence[Block]) -> list[Block]:
    """What one message has room for, and how many lines it has not."""
    message = [_section(f"*{escape(title)}*")]
    for place, block in enumerate(blocks):
        if len(message) == BLOCKS - 1 or _size([*message, block]) > MESSAGE - _ROOM:
            left = sum(block["text"]["text"].count(_BULLET) for block in blocks[place:])
            return [*message, _context(f"And {left} more, which one message has no room for.")]
        message.append(block)
    return message


def _cut(escaped: str, width: int) -> str:
    """Shorten escaped text without leaving half an entity."""
    if len(escaped) <= width:
        return escaped
    head = escaped[: width - 1]
    return (head[: head.rfind("&")] if head.rfind("&") > head.rfind(";") else head) + "…"


def _link(url: str, words: str, width: int = 400) -> str:
    return f"<{url}|{_cut(escape(words), width)}>"


def _section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def _context(text: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text}]}


def _lists(lines: Sequence[str]) -> Iterator[Block]:
    """Sections of as many lines as fit."""
    held = ""
    for line in lines:
        if held and len(held) + len(line) + 1 > SECTION // 2:
            yield _section(held)
            held = ""
        held = f"{held}\n{line}" if held else line
    if held:
        yield _section(held)


def _parent(digest: Digest, own: ReaderLinks, top: set[int], *, more: bool) -> Iterator[Block]:
    """Headline, changes, the first papers, where the rest is, and the proof."""
    title = f"{'Sample: ' * digest.sample}{digest.title}"
    name = f", digest {digest.number}"
    short = title if len(title + name) <= HEADER else title[: HEADER - len(name) - 1] + "…"
    yield {"type": "header", "text": {"type": "plain_text", "text": short + name, "emoji": False}}
    verdicts = f"\n{escape(digest.verdicts)}" if digest.verdicts else ""
    yield _section(_cut(f"*{escape(first.headline(digest))}*{verdicts}", SECTION))
    if digest.entries and digest.keywords:
        counts = (f"{escape(keyword)} {count}" for keyword, count in digest.anchored)
        yield _context(_cut(" · ".join(counts), 1000))
    if first.incomplete(digest):
        lines = [_cut(escape(trouble), 400) for trouble in first.unread(digest)]
        shown = [*lines[:CHANGES], *([f"And {len(lines) - CHANGES} more."] if lines[CHANGES:] else [])]
        yield from _lists([f":warning: *{Title.INCOMPLETE}*", *shown])
    yield from _lists([_change(change) for change in digest.changes[:CHANGES]])
    shared = digest.shared
    for entry in first.queue(digest)[:TOP]:
        yield {"type": "divider"}
        yield _section(_card(entry, shared, own))
    page, rest = links.page(digest), len(digest.entries) - len(top)
    ways = [
        f"*<{escape(page)}|{'All' if rest else 'This digest'} on the web>*" if page else "",
        f"The other {rest} below" if rest else "More below" if more else "",
        f"<{escape(own.unsubscribe)}|Unsubscribe>" if own.unsubscribe else "",
    ]
    proof = _cut(escape(first.proof(digest)), 1200)
    yield _context(" · ".join([*filter(None, ways), f"{proof} {say.CREDIT}"]))


def _rest(digest: Digest, own: ReaderLinks, top: set[int]) -> Iterator[tuple[str, list[Block]]]:
    """What the parent has no room for: changes, then each question, then what is only named."""
    if digest.changes[CHANGES:]:
        yield Title.CHANGES, [*_lists([_change(change) for change in digest.changes[CHANGES:]])]
    for group in digest.groups:
        if blocks := [*_question(group, digest, own, top)]:
            yield group.question.name, blocks
    named = (Title.BEYOND, digest.beyond), (Title.HELD, digest.held), (Title.NEAR, digest.near)
    for title, misses in named:
        if misses:
            yield title, [*_lists([_miss(miss) for miss in misses])]
    notes = [*digest.notes, *say.remarks(digest)]
    if notes:
        yield "Notes", [*_lists([_cut(escape(note), 900) for note in notes])]


def _question(group: Group, digest: Digest, own: ReaderLinks, top: set[int]) -> Iterator[Block]:
    shared = digest.shared
    cards = [entry for entry in group.cards if entry.pmid not in top]
    lines = [entry for entry in group.lines if entry.pmid not in top]
    yield from (_section(_BULLET + _card(entry, shared, own)) for entry in cards)
    yield from _lists([_BULLET + _line(entry, shared) for entry in lines])


_BULLET: Final = "• "


def _change(change: Change) -> str:
    notice = f" <{escape(change.link)}|{say.notice(change)}>" if change.link else ""
    had = f"*{say.KINDS[change.kind].label}*, {say.had(change)}"
    title = _link(links.pubmed(change.pmid), say.changed_title(change))
    return f"{had}: {title} {escape(say.since(change))}{notice}"


def _badges(entry: Entry, shared: frozenset[str] | None = None) -> str:
    badges = [f"*{escape(b.text)}*" if b.tone != "plain" else escape(b.text) for b in entry.badges]
    journal = [f"_{escape(say.journal(entry))}_"] if entry.journal else []
    return _cut(" · ".join([*badges, *map(escape, say.aside(entry, shared)), *journal]), 400)


def _card(entry: Entry, shared: frozenset[str], own: ReaderLinks) -> str:
    quote = "".join(
        f"*{escape(piece.strip())}*" if strong else escape(piece) for piece, strong in say.quotation(entry)
    )
    ways = []
    if entry.pmcid or entry.doi:
        url = links.full_text(entry.pmcid) if entry.pmcid else links.doi(entry.doi)
        ways.append(f"<{url}|{'Free full text' if entry.pmcid else 'Publisher'}>")
    if own.verdict(entry.pmid, "yes"):
        ways.append(f"<{escape(own.verdict(entry.pmid, 'yes'))}|Useful>")
        ways.append(f"<{escape(own.verdict(entry.pmid, 'no'))}|Not for us>")
    lines = [
        _badges(entry),
        f"*{_link(links.pubmed(entry.pmid), entry.title)}*",
        f"> “{quote}”" if quote else "",
        _cut(escape(say.cells_in_words(entry)), 400) if say.cells(entry) else "",
        _cut(escape(say.why(entry, shared)), 300),
        " · ".join(ways),
    ]
    return "\n".join(filter(None, lines))


def _line(entry: Entry, shared: frozenset[str]) -> str:
    badges = _badges(entry, shared)
    return f"{badges}{': ' if badges else ''}{_link(links.pubmed(entry.pmid), say.short(entry.title))}"


def _miss(miss: Miss) -> str:
    return f"{_BULLET}{_link(links.pubmed(miss.pmid), say.short(miss.title))}"
