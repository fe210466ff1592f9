"""The formats by name, and the one that writes a file."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from queries.errors import RecordsError
from reports.digest.told import ToldArticle
from reports.exports import bibtex, csl_json, nbib, parquet, ris, table
from reports.exports.formats import ExportFormat

Export = Callable[[Sequence[ToldArticle]], bytes]


EXPORTS: Final[dict[ExportFormat, Export]] = {
    ExportFormat.RIS: ris.written,
    ExportFormat.BIBTEX: bibtex.written,
    ExportFormat.CSL_JSON: csl_json.written,
    ExportFormat.NBIB: nbib.written,
    ExportFormat.CSV: table.written,
    ExportFormat.PARQUET: parquet.written,
}
MIMES: Final = {
    ExportFormat.RIS: "application/x-research-info-systems",
    ExportFormat.BIBTEX: "application/x-bibtex",
    ExportFormat.CSL_JSON: "application/vnd.citationstyles.csl+json",
    ExportFormat.NBIB: "application/nbib",
    ExportFormat.CSV: "text/csv",
    ExportFormat.PARQUET: "application/vnd.apache.parquet",
}
ENDINGS: Final = {
    ExportFormat.RIS: ".ris",
    ExportFormat.BIBTEX: ".bib",
    ExportFormat.CSL_JSON: ".json",
    ExportFormat.NBIB: ".nbib",
    ExportFormat.CSV: ".csv",
    ExportFormat.PARQUET: ".parquet",
}


def export(told: Sequence[ToldArticle], form: ExportFormat, out: Path) -> None:
    """Write the papers to a file, in one step: a killed export leaves what was there.

    Raises RecordsError if the file cannot be written.
    """
    content = EXPORTS[form](told)
    draft = out.with_name(f".{out.name}.draft")
    try:
        draft.write_bytes(content)
        draft.replace(out)
    except OSError as error:
        problem = error.strerror or str(error)
        raise RecordsError(str(out), f"cannot be written ({problem})", "Name another file") from error
