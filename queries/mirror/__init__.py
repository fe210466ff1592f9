"""PubMed in a box: E-utilities over a folder of PubMed XML."""
