"""To whom: mail, Slack, folder, whatever apprise knows."""
