"""Run in a process of its own: gathers styles and scripts as a first start does.

usage: python -m tests.browser.gathering
"""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnerloop.config.settings")
django.setup()

from django.conf import settings  # noqa: E402

from partnerloop.cli.prepare import collect_static_files  # noqa: E402

if __name__ == "__main__":
    collect_static_files(settings.STATIC_ROOT)
