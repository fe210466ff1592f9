"""What readers say by one tap: kept in a log at once, taken into the library by the next run.

web page (endpoint) ─┐
mail (mailbox)      ─┴─▶ log ─drain─▶ library
"""
