"""The rows of what talks to the outside: keys of the API and what was done with them."""

from partnerloop.integrations.models.keys import ApiKey, IdempotencyRecord, KeyScope

__all__ = ["ApiKey", "IdempotencyRecord", "KeyScope"]
