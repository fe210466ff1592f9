"""Ask PubMed and remember: what to ask, where, what we know, what matters."""
