"""The event streams, in a process of their own: one small ASGI application, no cookies, no pages.

`GET /live?ticket=...&since=...` sends `event: <topic>` whenever a topic's counter moves. One thread
reads the counters of all watched programs once a second, whatever the number of watchers.
"""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnerloop.config.settings")
django.setup()

from partnerloop.config.streams import application  # noqa: E402  # needs Django set up

__all__ = ["application"]
