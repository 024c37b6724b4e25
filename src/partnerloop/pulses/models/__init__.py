"""What a program measures, the questions it asks, its pulses and their invitations."""

from partnerloop.pulses.models.asking import (
    COUNTED_WAYS,
    Invitation,
    InvitationQuerySet,
    Pulse,
    PulseQuerySet,
    Question,
    Wording,
)
from partnerloop.pulses.models.metrics import COMPOSITE, Metric, MetricQuerySet

__all__ = [
    "COMPOSITE",
    "COUNTED_WAYS",
    "Invitation",
    "InvitationQuerySet",
    "Metric",
    "MetricQuerySet",
    "Pulse",
    "PulseQuerySet",
    "Question",
    "Wording",
]
