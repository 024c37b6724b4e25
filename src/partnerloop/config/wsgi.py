"""The web process: `granian --interface wsgi partnerloop.config.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnerloop.config.settings")
application = get_wsgi_application()
