"""How a digest is written: HTML, text, Markdown, Slack."""
