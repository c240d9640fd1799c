"""The product's settings with a fast password hash and no need for collected static files."""

from config.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

# Each test client loads the middleware anew, and WhiteNoise would read the whole static folder every time.
WHITENOISE_AUTOREFRESH = True

# Tests that commit queue work that nobody does; it stays out of the folder of `make run`.
CELERY_BROKER_URL = "memory://"
