"""Sets Django up, and turns a wrong setting into one plain sentence instead of a traceback."""

import os

import click
import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def choose_settings() -> None:
    """This will read the settings, without loading any room; it takes some 100 ms."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnerloop.config.settings")
    try:
        settings.INSTALLED_APPS  # noqa: B018  # the first look reads the environment
    except ImproperlyConfigured as wrong:
        raise click.ClickException(str(wrong)) from None


def set_up_django() -> None:
    """This will load every room's models; calling it again costs nothing."""
    choose_settings()
    django.setup()
