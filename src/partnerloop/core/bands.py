"""Numbers of people as bands: what is shown and stored in place of a head count."""

BANDS = ((1, 2), (3, 4), (5, 9), (10, 19), (20, 49), (50, 99))
MANY = "100+"
MIDDLE_OF_MANY = 120.0


def band(people: int) -> str:
    """This will name the band that a number of people is shown as; never the number itself.

    >>> band(3), band(7), band(240)
    ('3–4', '5–9', '100+')
    """
    for low, high in BANDS:
        if low <= people <= high:
            return f"{low}–{high}"
    return MANY if people >= 100 else "0"


def middle(label: str) -> float:
    """This will tell the number of people that a band stands for in arithmetic.

    >>> middle("3–4"), middle("100+")
    (3.5, 120.0)
    """
    if label == MANY:
        return MIDDLE_OF_MANY
    low, _, high = label.partition("–")
    return (int(low) + int(high or low)) / 2
