"""What happened at a partner and when: onboarded, a deal won, a certification ended."""

from django.db import models
from django.db.models import Q

from partnerloop.partners.models.partner import Partner
from partnerloop.partners.models.people import Contact
from partnerloop.programs.scoping import ProgramOwned, ScopedQuerySet


class EventKind(models.TextChoices):
    """The events that a program usually reports; it may use names of its own beside these."""

    ONBOARDED = "onboarded", "Onboarded"
    DEAL_REGISTERED = "deal_registered", "Deal registered"
    DEAL_WON = "deal_won", "Deal won"
    DEAL_LOST = "deal_lost", "Deal lost"
    TICKET_CLOSED = "ticket_closed", "Support ticket closed"
    TRAINING_FINISHED = "training_finished", "Training finished"
    CERTIFICATION_ENDED = "certification_ended", "Certification ended"
    CLAIM_PAID = "claim_paid", "Claim paid out"
    CAMPAIGN_ENDED = "campaign_ended", "Campaign ended"
    AGREEMENT_RENEWED = "agreement_renewed", "Agreement renewed"


class LifecycleEvent(ProgramOwned):
    """One event at one partner; where it names a contact, it is about that person's work."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="events")
    contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.CASCADE, related_name="events"
    )
    kind = models.SlugField(max_length=40)
    at = models.DateTimeField()
    received_at = models.DateTimeField()

    objects = ScopedQuerySet["LifecycleEvent"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["program", "kind", "-at"], name="event_by_kind")]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "kind", "at", "contact"], name="event_of_contact_once"
            ),
            models.UniqueConstraint(
                fields=["partner", "kind", "at"],
                condition=Q(contact__isnull=True),
                name="event_of_partner_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d}"

    @property
    def label(self) -> str:
        """Return what happened, in words."""
        return event_label(self.kind)


def event_label(kind: str) -> str:
    """Return an event's name in words, also where it is a program's own."""
    if kind in EventKind.values:
        return str(EventKind(kind).label)
    return kind.replace("_", " ").replace("-", " ").capitalize()
