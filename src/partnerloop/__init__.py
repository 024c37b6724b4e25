"""Partnerloop: the open-source, self-hosted, real-time partner feedback loop."""

__version__ = "0.1.0"
