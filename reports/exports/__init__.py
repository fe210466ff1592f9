"""What was told, written for other programs: one file a format, each with a function `written`."""
