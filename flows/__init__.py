"""Decide when, in which order, with which retries and secrets."""
