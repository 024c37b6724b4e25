"""What people asked of our mails: to wait, to come less often, to stop with one topic."""

from django.db import models
from django.db.models import Q

from partnerloop.partners.models.people import Contact
from partnerloop.programs.scoping import ProgramOwned, ScopedQuerySet


class Topic(models.TextChoices):
    """What mails are about. Answers to what somebody said are none of these: they always come."""

    QUESTIONS = "questions", "Questions"
    CAMPAIGNS = "campaigns", "Campaigns"
    IDEAS = "ideas", "Ideas and news"


class TopicStop(ProgramOwned):
    """A person wants no more mails of one topic; `Contact.stopped_at` stops all of them."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="topic_stops")
    topic = models.CharField(max_length=10, choices=Topic)
    stopped_at = models.DateTimeField()

    objects = ScopedQuerySet["TopicStop"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contact", "topic"], name="topic_stop_once")]

    def __str__(self) -> str:
        return f"no {self.topic}"


class Pace(ProgramOwned):
    """How a person wants to be asked: not before a day, and not more often than so many days."""

    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, related_name="pace")
    not_before = models.DateField(null=True)
    every_days = models.PositiveSmallIntegerField(null=True)

    objects = ScopedQuerySet["Pace"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(every_days__isnull=True) | Q(every_days__gte=1, every_days__lte=366),
                name="pace_of_days",
            )
        ]

    def __str__(self) -> str:
        return f"every {self.every_days} days"
