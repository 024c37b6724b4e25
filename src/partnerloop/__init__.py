"""Partnerloop: the open-source, self-hosted, real-time partner feedback loop."""
