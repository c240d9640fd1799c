"""Served as config/wsgi.py is: with a pool of connections."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application

settings.DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": 8}

application = get_wsgi_application()
