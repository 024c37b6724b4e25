"""The built-in attacker: it knows all rules, every named answer, and who answered what when.

It lives beside the gate because it must read what the gate protects, to judge its own guesses.
Nothing that a page shows comes from here, but for one line about how it fared.
"""
