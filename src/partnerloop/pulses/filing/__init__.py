"""A program's questions as one text file, in one language: out, and in again.

The file is written as the built-in bank is: a table per question, TOML. It may hold words only.
"""
