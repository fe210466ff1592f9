"""The nouns that flow through the house; no behaviour but identity."""
