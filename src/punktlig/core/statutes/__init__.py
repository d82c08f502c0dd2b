"""Legal values as dated rows, each with its source. Values are added, never changed: old claims need the old ones."""
