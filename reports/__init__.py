"""Tell: how a digest is told, and to whom. Reads records only."""
