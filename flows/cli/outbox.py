"""`seedwatch resend`: what a person does about deliveries."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from flows.cli.arguments import WatchName

app = typer.Typer()


@app.command("resend")
def resend_command(
    watch: WatchName,
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="The digest's number.")],
    recipient: Annotated[str, typer.Argument(metavar="RECIPIENT", help="Its name in the watch.")],
) -> None:
    """Plan a delivery once more; the next digest run sends it. Nothing in doubt is resent unasked."""
    from flows.runtime import resources, settings

    setting = settings.read()
    resources.watch(setting, watch)  # a wrong name is an error that names the right ones
    with resources.library(setting) as library:
        library.resend(watch, number, recipient, datetime.now(UTC))
    typer.echo(f"Digest {number} goes to {recipient} with the next `seedwatch digest {watch}`.")
