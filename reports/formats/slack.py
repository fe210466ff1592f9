"""A digest as Slack's Block Kit, within Slack's limits, cut into messages at block boundaries.

Slack takes at most 50 blocks and about 13,200 characters a message, 150 in a header and 3,000 in
a section; ours stay below (slackapi/bolt-js#2509, docs.slack.dev/reference/block-kit/blocks).
"""

import json
from collections.abc import Iterator
from typing import Any, Final

from reports.digest import links
from reports.digest import wording as say
from reports.digest.record import NAMED, Asked, Change, Digest, Entry, Miss
from reports.digest.wording import SectionTitle as Title

Block = dict[str, Any]
HEADER: Final = 150
SECTION: Final = 3000
BLOCKS: Final = 45
MESSAGE: Final = 12_000


def slack(digest: Digest) -> tuple[dict[str, object], ...]:
    """The payloads, in order; `text` is what a notification shows."""
    subject = escape(say.subject(digest))
    messages: list[list[Block]] = [[]]
    for block in _blocks(digest):
        full = len(messages[-1]) == BLOCKS or _size([*messages[-1], block]) + len(subject) > MESSAGE
        if full and messages[-1]:
            messages.append([])
        messages[-1].append(block)
    return tuple({"text": _cut(subject, HEADER * 2), "blocks": message} for message in messages)


def escape(text: str) -> str:
    """Text that Slack shows as it is: no mention, link or entity can come from it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _size(message: list[Block]) -> int:
    return len(json.dumps(message, ensure_ascii=False))


def _cut(escaped: str, width: int) -> str:
    """Shorten escaped text without leaving half an entity."""
    if len(escaped) <= width:
        return escaped
    head = escaped[: width - 1]
    return (head[: head.rfind("&")] if head.rfind("&") > head.rfind(";") else head) + "…"


def _link(url: str, words: str, width: int = 600) -> str:
    return f"<{url}|{_cut(escape(words), width)}>"


def _section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def _context(text: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text}]}


def _lists(lines: list[str]) -> Iterator[Block]:
    """Sections of as many lines as fit."""
    held = ""
    for line in lines:
        if held and len(held) + len(line) + 1 > SECTION:
            yield _section(held)
            held = ""
        held = f"{held}\n{line}" if held else line
    if held:
        yield _section(held)


def _blocks(digest: Digest) -> Iterator[Block]:
    title = f"{'Sample: ' * digest.sample}{digest.title}"
    name = f", digest {digest.number}"
    short = title if len(title + name) <= HEADER else title[: HEADER - len(name) - 1] + "…"
    yield {"type": "header", "text": {"type": "plain_text", "text": short + name, "emoji": False}}
    yield _section(f"*{escape(say.headline(digest))}* {escape(say.elaboration(digest))}")
    covered = f" {say.covered(digest.coverage)}" if digest.coverage else ""
    yield _context(_cut(f"{say.period(digest.since, digest.until)}. {say.flow(digest)}{covered}", 2000))
    if say.incomplete(digest):
        lines = [_cut(escape(trouble), 900) for trouble in say.unread(digest)]
        yield from _lists([f":warning: *{Title.INCOMPLETE}*", *lines])
    if digest.changes:
        yield _section(f"*{Title.CHANGES}*")
        yield from _lists([_change(change) for change in digest.changes])
    if digest.first:
        yield {"type": "divider"}
        yield _section(f"*{Title.FIRST}*")
        yield from (_section(_card(entry, digest)) for entry in digest.first)
    if digest.more:
        yield {"type": "divider"}
        yield _section(f"*{Title.MORE}*")
        for topic, entries in digest.more:
            yield from _lists([f"*{_cut(escape(topic), 300)}*", *map(_line, entries)])
    if digest.held:
        tail = [say.unnamed(digest)] if say.unnamed(digest) else []
        limit = f"*{Title.HELD}* (a digest tells at most {digest.cap})"
        yield from _lists([limit, *_misses(digest.held[:NAMED]), *tail])
    if digest.near:
        limit = f"*{Title.NEAR}* (threshold {digest.threshold.value:.2f})"
        yield from _lists([limit, *_misses(digest.near)])
    yield {"type": "divider"}
    yield from _searched(digest)


def _change(change: Change) -> str:
    notice = f" <{escape(change.link)}|Notice>" if change.link else ""
    since = _cut(escape(say.change(change)), 900)
    label = say.KINDS[change.kind].label
    return f"*{label}* {_link(links.pubmed(change.pmid), change.title)}\n{since}{notice}"


def _badges(entry: Entry) -> str:
    return " · ".join(f"*{escape(b.text)}*" if b.tone != "plain" else escape(b.text) for b in entry.badges)


def _source(entry: Entry) -> str:
    parts = filter(None, (entry.byline, entry.journal, say.dates(entry)))
    return _cut(escape(". ".join(parts)), 500)


def _card(entry: Entry, digest: Digest) -> str:
    quote = "".join(f"*{escape(s.text)}*" if s.keyword else escape(s.text) for s in entry.quote)
    ways = [f"<{links.pubmed(entry.pmid)}|PubMed {entry.pmid}>"]
    ways += [f"<{links.doi(entry.doi)}|DOI>"] if entry.doi else []
    ways += [f"<{links.full_text(entry.pmcid)}|Free full text>"] if entry.pmcid else []
    if digest.links.mailbox:
        ways.append(f"Useful? <{links.verdict(digest, entry.pmid, 'yes')}|yes>")
        ways.append(f"<{links.verdict(digest, entry.pmid, 'no')}|no>")
    lines = [
        f"*{_link(links.pubmed(entry.pmid), entry.title)}*",
        _cut(_badges(entry), 300),
        _source(entry),
        _cut(f"> “{quote}”", 900) if quote else "",
        _cut(f"*{say.band(entry)}* {escape(entry.why)}", 400),
        " · ".join(ways),
    ]
    return "\n".join(filter(None, lines))


def _line(entry: Entry) -> str:
    badges = f"{_cut(_badges(entry), 200)}. " if entry.badges else ""
    return f"• {_link(links.pubmed(entry.pmid), entry.title)}\n{badges}{_source(entry)}. {say.band(entry)}"


def _misses(misses: tuple[Miss, ...]) -> list[str]:
    return [f"• {_link(links.pubmed(miss.pmid), miss.title)} {say.band(miss)}" for miss in misses]


def _searched(digest: Digest) -> Iterator[Block]:
    lines = [f"• {escape(_lane(ask))}: {_cut(escape(say.asked(ask)), 300)}" for ask in digest.asked]
    yield from _lists([f"*{Title.ASKED}*", *(lines or ["nothing was asked in this round"])])
    credit = f"{say.CREDIT} Missing something? `seedwatch why {digest.watch} PMID`"
    seed = f"Anchored on {escape(digest.seed.text)}. " if digest.seed else ""
    web = f" <{escape(links.page(digest))}|On the web, with the queries>." if links.page(digest) else ""
    yield _context(_cut(seed, 500) + credit + web)


def _lane(ask: Asked) -> str:
    return f"{ask.topic}, {say.lane(ask)}" if ask.topic else say.lane(ask)
