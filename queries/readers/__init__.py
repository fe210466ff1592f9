"""Files in, articles out: PubMed XML, NBIB, RIS, tables."""
