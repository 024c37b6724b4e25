"""Webhooks as Standard Webhooks 1.0.0 says: signed, thin, retried; never to private addresses."""
