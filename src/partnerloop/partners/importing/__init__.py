"""Bringing a program's ecosystem in from files: read, understood, checked, saved, and undone."""
