"""The command line: app.py declares the commands, each family does its work in a file of its own."""

from flows.cli.app import app, main

__all__ = ["app", "main"]
