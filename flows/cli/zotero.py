"""`seedwatch zotero`: what was told, into a Zotero library."""

import typer

from flows.cli.arguments import WatchName
from flows.cli.export import check_known
from queries.errors import SettingsError

app = typer.Typer()


@app.command("zotero")
def zotero_command(watch: WatchName) -> None:
    """Bring what was told into a Zotero library, once each; a collection a watch, tags by topic."""
    from flows.archive import told
    from flows.runtime import resources, settings
    from flows.zotero import ZoteroLibrary

    setting = settings.read()
    if not setting.zotero or not setting.zotero_key:
        missing = "SEEDWATCH_ZOTERO_KEY" if setting.zotero else "SEEDWATCH_ZOTERO"
        raise SettingsError(missing, "is not set", "See README, Environment")
    with resources.library(setting) as library:
        check_known(watch, [each.name for each in library.watches()])
        papers, _ = told(library, watch)
    pushed = ZoteroLibrary(setting.zotero, setting.zotero_key, setting.zotero_url).push(watch, papers)
    typer.echo(
        f"{setting.zotero}: {pushed.made} made, {pushed.added} of the library's own put into the collection, "
        f"{pushed.there} there already"
    )
