"""The one place where a raw value is turned so that higher is better."""

TOP = 10


def oriented(value: int, *, is_reversed: bool) -> int:
    """Return a raw value 0-10 so that higher is better; raw values are stored as given."""
    if not 0 <= value <= TOP:
        raise ValueError(f"a value lies outside 0-10: {value}")
    return TOP - value if is_reversed else value
