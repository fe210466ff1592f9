"""PubMed in a box: E-utilities over a folder of PubMed XML."""

from pathlib import Path

SAMPLE = Path(__file__).parent / "sample"
