"""What became of mails: how often links were opened, and which reports were read already."""

from django.db import models

from partnerloop.programs.scoping import ProgramOwned, ScopedQuerySet
from partnerloop.pulses.models import Pulse


class ClickTotal(ProgramOwned):
    """How often links of a pulse were opened on a day, by mail domain. It knows no person."""

    pulse = models.ForeignKey(Pulse, on_delete=models.CASCADE, related_name="+")
    domain = models.CharField(max_length=255, blank=True)  # empty: all domains with few people
    day = models.DateField()
    visits = models.PositiveIntegerField(default=0)  # pages opened without a score
    taps = models.PositiveIntegerField(default=0)  # scores opened
    bursts = models.PositiveIntegerField(default=0)  # several scores of one mail in a minute
    traps = models.PositiveIntegerField(default=0)  # the link that no person sees
    scripted = models.PositiveIntegerField(default=0)  # forms sent without a person's gesture

    objects = ScopedQuerySet["ClickTotal"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pulse", "domain", "day"], name="click_total_once")
        ]

    def __str__(self) -> str:
        return f"{self.domain or 'smaller domains'} on {self.day}"


class MailSeen(ProgramOwned):
    """A report or reply that was read, by a hash of its own number, so that it counts once."""

    key = models.CharField(max_length=64)
    day = models.DateField()

    objects = ScopedQuerySet["MailSeen"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "key"], name="mail_seen_once")]

    def __str__(self) -> str:
        return f"seen on {self.day}"
