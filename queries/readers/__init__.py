"""Files in, articles out: PubMed XML, EndNote XML, NBIB, RIS, tables."""
