"""The real service: one polite door, its answers as records."""
