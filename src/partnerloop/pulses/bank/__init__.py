"""The question bank: what may be asked, in which words, and what it measures.

The words live in one file per language beside this module (`en.toml`); nothing here knows Django.
"""

from partnerloop.pulses.bank.fields import BankError
from partnerloop.pulses.bank.reading import languages, parse_bank, read_bank
from partnerloop.pulses.bank.wording import (
    COMPOSITE,
    DIMENSIONS,
    OVERALL,
    ROLES,
    STAGES,
    TOUCHPOINTS,
    Bank,
    BankMetric,
    BankQuestion,
    Follows,
    Kind,
    Purpose,
)

__all__ = [
    "COMPOSITE",
    "DIMENSIONS",
    "OVERALL",
    "ROLES",
    "STAGES",
    "TOUCHPOINTS",
    "Bank",
    "BankError",
    "BankMetric",
    "BankQuestion",
    "Follows",
    "Kind",
    "Purpose",
    "languages",
    "parse_bank",
    "read_bank",
]
