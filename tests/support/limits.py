"""What mail and Slack take of a digest, checked from outside: each fault in words; not a test module."""

import json
import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from typing import Any

import html5lib

CLIPPED = 80_000  # bytes of HTML; Gmail cuts at some 102,000
LONGEST_LINE = 998  # octets (RFC 5322, 2.1.1)
VOID = {"br", "meta", "hr", "img"}
# docs.slack.dev/reference/block-kit/blocks, .../composition-objects/text-object; ours where stricter
SECTION, HEADER, CONTEXT, BLOCKS, MESSAGE, TEXT = 3000, 150, 10, 20, 12_000, 300
_MARKUP = re.compile(r"<(?!(?:https?://|mailto:)[^<>|\s]+(?:\|[^<>]+)?>)")
_ENTITY = re.compile(r"&(?!amp;|lt;|gt;)")


def html_faults(page: str) -> Iterator[str]:
    """What is wrong with a mail's HTML: by html5lib's strict parser, and by the mail's own rules."""
    parser = html5lib.HTMLParser(strict=False)
    tree = parser.parse(page)
    yield from (f"html5lib: {kind} at {where}" for where, kind, _ in parser.errors)
    if len(page.encode()) >= CLIPPED:
        yield f"{len(page.encode()):,} bytes of HTML"
    for element in tree.iter():
        name = str(element.tag).rpartition("}")[2]
        if name in {"script", "img", "link", "iframe", "form", "details", "svg", "object", "video"}:
            yield f"<{name}>"
        yield from (f"{name} {key}" for key in element.attrib if str(key).lower().startswith("on"))
        for key in ("href", "src"):
            value = element.attrib.get(key, "")
            if value and not value.startswith(("https://", "mailto:", "http://")):
                yield f"{name} {key}={value[:40]}"


def mail_faults(mail: bytes) -> Iterator[str]:
    """What is wrong with a whole mail."""
    yield from (f"a line of {len(line)} octets" for line in mail.split(b"\n") if len(line) > LONGEST_LINE)
    if b"\0" in mail or not mail.isascii():
        yield "octets that no server need take"
    parsed = message_from_bytes(mail, policy=policy.default)
    yield from (f"defect: {defect!r}" for part in parsed.walk() for defect in part.defects)
    kinds = [part.get_content_type() for part in parsed.walk()]
    if kinds != ["multipart/alternative", "text/plain", "text/html"]:
        yield f"parts {kinds}"
    if "\n" in str(parsed["Subject"]) or not 0 < len(str(parsed["Subject"])) < 200:
        yield f"subject of {len(str(parsed['Subject']))} characters"


def slack_faults(payload: dict[str, Any]) -> Iterator[str]:
    """What Slack would refuse of a message, or show as what a record must not say."""
    if set(payload) - {"text", "blocks", "unfurl_links", "unfurl_media"}:
        yield f"keys {sorted(payload)}"
    if not 0 < len(payload["text"]) <= TEXT:
        yield f"text of {len(payload['text'])}"
    blocks = payload["blocks"]
    if not 0 < len(blocks) <= BLOCKS:
        yield f"{len(blocks)} blocks"
    if (size := len(json.dumps(payload, ensure_ascii=False))) > MESSAGE:
        yield f"{size:,} characters"
    yield from _text_faults(payload["text"])
    for block in blocks:
        yield from _block_faults(block)


def _block_faults(block: dict[str, Any]) -> Iterator[str]:
    match block:
        case {"type": "divider"}:
            return
        case {"type": "header", "text": {"type": "plain_text", "text": text}}:
            if not 0 < len(text) <= HEADER:
                yield f"header of {len(text)}"
            return
        case {"type": "section", "text": {"type": "mrkdwn", "text": text}}:
            texts = [text]
        case {"type": "context", "elements": [*elements]} if 0 < len(elements) <= CONTEXT:
            texts = [element["text"] for element in elements]
        case _:
            yield f"block {str(block)[:60]}"
            return
    for each in texts:
        yield from _text_faults(each)
        if not 0 < len(each) <= SECTION:
            yield f"{block['type']} of {len(each)}"


def _text_faults(text: str) -> Iterator[str]:
    yield from (f"markup {text[found.start() :][:40]!r}" for found in _MARKUP.finditer(text))
    yield from (f"half an entity {text[found.start() :][:10]!r}" for found in _ENTITY.finditer(text))
    yield from (f"an empty link in {text[:60]!r}" for _ in re.finditer(r"\|>", text))
