"""Bringing partners and their contacts in from a spreadsheet: read, check, and only then save."""
