"""Answers to a person's question."""
