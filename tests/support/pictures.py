"""The README's pictures: a digest on a phone and on Slack, and the archive. `make pictures` runs it."""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.chromium import opened_browser
from support.site_picture import photograph_site
from support.slack_preview import preview

OUT = Path(__file__).parents[2] / ".github"
WEEK = 4  # of the demo: something has changed, and there are weeks to compare
SIZES = {"digest": (375, 1500), "slack": (620, 1200)}  # CSS pixels; what is longer is cut


def main() -> None:
    """Live through the demo, then photograph its last digest."""
    with TemporaryDirectory() as folder:
        demo = Path(folder) / "demo"
        command = "from flows.cli import main; main()"
        subprocess.run(
            [sys.executable, "-c", command, "demo", "--out", demo, "--weeks", str(WEEK)], check=True
        )
        digests = demo / "digests"
        parent, *thread = json.loads((digests / f"{WEEK}.slack.json").read_text(encoding="utf-8"))
        pages = {"digest": digests / f"{WEEK}.html", "slack": Path(folder) / "slack.html"}
        pages["slack"].write_text(preview(parent, thread), encoding="utf-8")
        photograph(pages)
        photograph_site(demo / "site", OUT / "site.png")


def photograph(pages: dict[str, Path]) -> None:
    """Take each page as Chromium paints it, half as fine again as a plain screen."""
    with opened_browser() as browser:
        for name, file in pages.items():
            width, tallest = SIZES[name]
            page = browser.new_page(viewport={"width": width, "height": 100}, device_scale_factor=1.5)
            page.goto(file.as_uri())
            height = min(tallest, int(page.evaluate("document.documentElement.scrollHeight")))
            picture = OUT / f"{name}.png"
            page.screenshot(
                path=picture, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height}
            )
            print(f"{picture.name}: {width} x {height} CSS pixels, {picture.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
