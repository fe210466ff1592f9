"""Block Kit as Slack shows it, near enough to look at: a page of a channel; not a test module."""

import re
from collections.abc import Sequence
from typing import Any

from markupsafe import escape

STYLE = """
body { margin: 0; padding: 14px 18px; background: #fff; color: #1d1c1d; }
body { font: 15px/22px Lato, Arial, sans-serif; }
.message { margin: 0 0 4px 46px; position: relative; }
.message::before { content: ""; position: absolute; left: -46px; top: 4px; width: 36px; height: 36px; }
.message::before { border-radius: 6px; background: #0d5c63; }
.who { font-weight: 900; }
.thread { margin-left: 46px; padding-left: 14px; border-left: 3px solid #ddd; font-size: 13px; }
h2 { margin: 4px 0; font-size: 18px; line-height: 24px; }
p { margin: 3px 0 6px; }
a { color: #1264a3; text-decoration: none; }
.context { color: #616061; font-size: 12px; line-height: 17px; }
hr { border: 0; border-top: 1px solid #ddd; margin: 10px 0; }
blockquote { margin: 3px 0; padding-left: 10px; border-left: 4px solid #ddd; }
"""


def preview(parent: dict[str, Any], thread: Sequence[dict[str, Any]]) -> str:
    """A page with the parent and what its thread is called."""
    blocks = "".join(_block(block) for block in parent["blocks"])
    replies = (
        f'<p class="thread">{len(thread)} replies: {escape(", ".join(each["text"] for each in thread))}</p>'
    )
    body = f'<div class="message"><span class="who">seedwatch</span>{blocks}</div>{replies if thread else ""}'
    head = f'<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Slack</title><style>{STYLE}</style>'
    return head + body


def _block(block: dict[str, Any]) -> str:
    match block["type"]:
        case "divider":
            return "<hr>"
        case "header":
            return f"<h2>{escape(block['text']['text'])}</h2>"
        case "context":
            return (
                f'<p class="context">{"<br>".join(_mrkdwn(each["text"]) for each in block["elements"])}</p>'
            )
    return f"<p>{_mrkdwn(block['text']['text'])}</p>"


def _mrkdwn(text: str) -> str:
    """Links, bold, italics and quotations of mrkdwn as HTML; what Slack has escaped HTML has, too."""
    html = re.sub(r"<([^|<>]+)\|([^<>]+)>", r'<a href="\1">\2</a>', text)
    html = re.sub(r"(?m)^> (.*)$\n?", r"<blockquote>\1</blockquote>", html)
    html = re.sub(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])", r"<b>\1</b>", html)
    html = re.sub(r"(?<![\w/])_([^_\n]+)_(?!\w)", r"<i>\1</i>", html)
    return html.replace("\n", "<br>")
