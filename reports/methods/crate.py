"""The report as a research object (RO-Crate 1.1), where the extra `crate` is installed."""

from collections.abc import Mapping
from datetime import datetime
from importlib import import_module
from pathlib import Path

_TYPES = {".html": "text/html", ".svg": "image/svg+xml", ".json": "application/json"}


def describe(folder: Path, files: Mapping[str, str], name: str, made: datetime) -> bool:
    """Write ro-crate-metadata.json beside the files; False if `rocrate` is not installed."""
    try:
        rocrate = import_module("rocrate.rocrate")
    except ImportError:
        return False
    crate = rocrate.ROCrate(gen_preview=False)
    crate.name = f"How PubMed was searched: {name}"
    crate.description = "Methods and flow diagram from the ledger of seedwatch."
    crate.datePublished = made
    for file in files:
        kind = _TYPES[Path(file).suffix]
        crate.add_file(folder / file, properties={"encodingFormat": kind, "name": file})
    crate.metadata.write(folder)
    return True
