"""The page behind a reader's link: one sentence, one button. Without a script it waits for a tap."""

from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from reports.formats.template import environment

STYLE: Final = (
    "body{margin:0;background:#fff;color:#1d1d1f;font:18px/1.5 system-ui,sans-serif}"
    "main{max-width:30em;margin:0 auto;padding:24px 16px}h1{font-size:24px;line-height:1.25}"
    "button{min-height:48px;padding:8px 24px;border:2px solid #1d5f8a;border-radius:6px;"
    "background:#1d5f8a;color:#fff;font:inherit;cursor:pointer}a{color:#1d5f8a}"
    "button:focus-visible,a:focus-visible{outline:3px solid #c77700;outline-offset:2px}"
    "@media(prefers-color-scheme:dark){body{background:#161618;color:#eee}a{color:#8cc4ee}"
    "button{background:#8cc4ee;border-color:#8cc4ee;color:#161618}}"
)
# A page that nobody looks at (fetched ahead, hidden, driven by a program) says nothing by itself.
SCRIPT: Final = (
    '(function(){var form=document.querySelector("form[data-at-once]");if(!form||navigator.webdriver)return;'
    'function say(){if(document.visibilityState!=="visible")return;'
    'document.removeEventListener("visibilitychange",say);form.by.value="script";form.submit()}'
    'document.addEventListener("visibilitychange",say);say()})();'
)


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": f"default-src 'none'; style-src {_hash(STYLE)}; script-src {_hash(SCRIPT)}; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
_TEMPLATE: Final = environment().get_template("verdict.html.j2")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderPage:
    """What a reader sees: `button` says `word` with `token`, `at_once` by itself where scripts run."""

    heading: str
    sentences: tuple[str, ...] = ()
    button: str = ""
    word: str = ""
    token: str = ""
    at_once: bool = False
    pmid: int = 0


def render(page: ReaderPage) -> str:
    """The page as HTML that needs nothing else."""
    fields = {name: getattr(page, name) for name in page.__slots__}
    return _TEMPLATE.render(style=STYLE, script=SCRIPT, **fields)
