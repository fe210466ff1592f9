"""The README's picture of the archive, of the demo's: on a desk by day, on a phone by night."""

from base64 import b64encode
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser

from support.chromium import opened_browser

WATCH = "cml-stem-cells"
HEIGHT = 720


def photograph_site(site: Path, out: Path) -> None:
    """Take two pictures and put them beside each other."""
    with opened_browser() as chromium:
        shots = [
            shot(chromium, f"{site.absolute().as_uri()}/search.html#q=stopping&tfr=1", 860, "light"),
            shot(chromium, f"{site.absolute().as_uri()}/{WATCH}/index.html", 390, "dark"),
        ]
        page = chromium.new_page(viewport={"width": 1290, "height": HEIGHT})
        images = (
            f'<img height="{HEIGHT}" src="data:image/png;base64,{b64encode(each).decode()}">'
            for each in shots
        )
        page.set_content(f'<body style="margin:0;display:flex;gap:40px;background:#fff">{"".join(images)}')
        page.screenshot(path=out)


def shot(browser: Browser, url: str, width: int, scheme: Literal["light", "dark"]) -> bytes:
    """What a reader sees."""
    page = browser.new_page(viewport={"width": width, "height": HEIGHT}, color_scheme=scheme)
    page.goto(url)
    page.wait_for_timeout(600)
    picture = page.screenshot()
    page.close()
    return picture
