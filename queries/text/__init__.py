"""Words: how they are cut, counted and compared."""
