"""Which records are one work.

    records ─citation─▶ ─blocking─▶ pairs that meet ─pairs─▶ verdicts ─groups─▶ works

`works` does it for a file, `queries.library.identity` for the library, with the same rules.
"""
