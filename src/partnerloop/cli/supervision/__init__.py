"""One supervised process tree: whatever dies comes back, whatever ends takes all with it."""
