"""`seedwatch site`: the archive as web pages."""

from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

app = typer.Typer()


@app.command("site")
def site_command(
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where to; by default where every digest builds it.")
    ] = None,
) -> None:
    """Build the archive: every digest and article as a page, with search and feeds; only what changed."""
    from flows.publish import publish
    from flows.runtime import settings

    setting = settings.read()
    began = perf_counter()
    folder = out or setting.site
    written = publish(setting, folder)
    typer.echo(
        f"{folder / 'index.html'}: {written.written} files written, {written.kept} unchanged, "
        f"{written.removed} removed, {perf_counter() - began:.1f} s"
    )
