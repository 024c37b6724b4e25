"""Released comments as pages quote them. Dates of unnamed people are weeks, never days."""

from partnerloop.core import words
from partnerloop.release.gate import Words
from partnerloop.web.components import Said


def quote(comment: Words) -> Said:
    """This will return a comment with its source line."""
    if comment.named:
        return Said(comment.text, f"{comment.source}. Named answer")
    return Said(comment.text, f"{comment.source}, {words.week_of(comment.week)}")
