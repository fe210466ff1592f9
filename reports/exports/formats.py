"""The formats by the names that a person gives; what writes them is not imported for that."""

from enum import StrEnum


class ExportFormat(StrEnum):
    """What told papers can be written as."""

    RIS = "ris"
    BIBTEX = "bibtex"
    CSL_JSON = "csl-json"
    NBIB = "nbib"
    CSV = "csv"
    PARQUET = "parquet"
