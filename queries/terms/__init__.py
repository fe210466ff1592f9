"""PubMed's query language."""
