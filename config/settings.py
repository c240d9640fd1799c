"""Settings, all from the environment. With nothing set this is a local installation: it answers to
localhost only, on the embedded database and a broker in a folder. ALLOWED_HOSTS makes it a real one."""

import contextlib
import os
from pathlib import Path

import environ
import pghistory
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from django.utils.translation import gettext_lazy as _

from config import embedded_postgres

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))  # all that a running installation writes
VAR.mkdir(parents=True, exist_ok=True)

DEBUG = env.bool("DEBUG", default=False)
PRODUCTION = bool(env.list("ALLOWED_HOSTS", default=[]))
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])


def local_secret() -> str:
    """A key of this folder's own, so that a local installation needs no environment."""
    path = VAR / "secret_key"
    if not path.exists():
        whole = VAR / f"secret_key.{os.getpid()}"  # linked when whole: two first starts get one key
        whole.touch(mode=0o600)
        whole.write_text(get_random_secret_key())
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(whole)
        whole.unlink()
    return path.read_text()


if PRODUCTION:
    if DEBUG:
        raise ImproperlyConfigured("DEBUG is on together with ALLOWED_HOSTS: unset DEBUG, it shows secrets.")
    for name in ("SECRET_KEY", "DATABASE_URL", "CELERY_BROKER_URL", "EMAIL_URL"):
        if not env.str(name, default=""):
            raise ImproperlyConfigured(f"ALLOWED_HOSTS makes this a real installation: set {name} too.")
    if len(env.str("SECRET_KEY")) < 50:
        raise ImproperlyConfigured("SECRET_KEY is shorter than 50 characters: use a long random one.")
SECRET_KEY = env.str("SECRET_KEY", default="") or local_secret()

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "csp",
    "pgtrigger",
    "pghistory",
    "municipalities",
    "survey",
    "reporting",
]

MIDDLEWARE = [
    "config.middleware.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.TextKeepingLoginMiddleware",
    "config.middleware.HistoryMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.middleware.GoneMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "survey.context_processors.page",
            ],
        },
    },
]

# The pool is for the web process only (config/wsgi.py switches it on): Celery's forks must not share one.
DATABASES = {"default": env.db_url("DATABASE_URL", default=embedded_postgres.url(VAR / "postgres"))}
DATABASES["default"]["CONN_MAX_AGE"] = 0
# Holds the counts of failed logins, which all web hosts must share.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "django_cache"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# History: triggers write each change of a tracked table (@pghistory.track) into a table of its own that
# is only added to. Who did it stands in the event itself: one write a change, and no join to read it. Each
# index is paid for at every save: reporting 0011 has those that the trail reads by.
PGHISTORY_APPEND_ONLY = True
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_CREATED_AT_FUNCTION = "clock_timestamp()"
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(db_index=False, related_name="+")
PGHISTORY_MIDDLEWARE_METHODS = ("POST",)

AUTH_USER_MODEL = "municipalities.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "municipalities.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "municipalities.forms.LoginForm",
    "reset_password": "municipalities.forms.ResetPasswordForm",
    "reset_password_from_key": "municipalities.forms.ResetPasswordKeyForm",
    "change_password": "municipalities.forms.ChangePasswordForm",
}
ACCOUNT_EMAIL_VERIFICATION = "none"  # by an administrator, or by a link that was mailed there
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False

LANGUAGE_CODE = "da"
LANGUAGES = [("da", _("Dansk")), ("en", _("Engelsk"))]
FORMAT_MODULE_PATH = "config.formats"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Copenhagen"

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
DKFDS = BASE_DIR / "node_modules" / "dkfds" / "dist"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("htmx", BASE_DIR / "node_modules" / "htmx.org" / "dist"),
    *[(f"dkfds/{part}", DKFDS / part) for part in ("css", "js", "img", "fonts")],
]
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

CRISPY_ALLOWED_TEMPLATE_PACKS = "dkfds"
CRISPY_TEMPLATE_PACK = "dkfds"

vars().update(env.email_url("EMAIL_URL", default="dummymail://"))
EMAIL_TIMEOUT = 20  # seconds
# Without a mail server nobody could read a mail, so a local installation shows them on a page.
MAILS_ARE_SHOWN = not PRODUCTION and not env.str("EMAIL_URL", default="")
SITE_URL = env.str(  # what the links in a mail begin with
    "SITE_URL",
    default=f"https://{ALLOWED_HOSTS[0].lstrip('.')}"
    if PRODUCTION
    else f"http://127.0.0.1:{env.str('PORT', default='8000')}",
)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="indsatskort@localhost")
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default="")  # shown on the pages that the footer links to

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="") or "filesystem://localhost"
if CELERY_BROKER_URL.startswith("filesystem"):
    queue = str(VAR / "queue")
    Path(queue).mkdir(exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": queue,
        "data_folder_out": queue,
        "control_folder": str(VAR / "queue-control"),
        "polling_interval": 0.2,  # seconds until a job begins
    }
else:
    # A request meets a dead broker once and for seconds, not for Celery's six: what it queued is a row that
    # the sweeper finds. The worker's own connection is tried for as long as it takes.
    CELERY_BROKER_CONNECTION_TIMEOUT = 2
    CELERY_BROKER_TRANSPORT_OPTIONS = {"max_retries": 0}
    if CELERY_BROKER_URL.startswith("amqp"):
        CELERY_TASK_DEFAULT_QUEUE_TYPE = "quorum"
        CELERY_WORKER_DETECT_QUORUM_QUEUES = True
    elif CELERY_BROKER_URL.startswith("redis"):
        CELERY_BROKER_TRANSPORT_OPTIONS |= {"socket_connect_timeout": 2, "socket_timeout": 3}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_IGNORE_RESULT = True  # a Job row is the truth about progress and result
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    "send-waiting-mails": {"task": "municipalities.tasks.send_waiting_mails", "schedule": 30.0},
    "send-due-reminders": {"task": "survey.tasks.send_due_reminders", "schedule": 60.0},
    "requeue-lost-jobs": {"task": "survey.tasks.requeue_lost_jobs", "schedule": 30.0},
    "clear-sessions": {"task": "survey.tasks.clear_sessions", "schedule": 60 * 60.0},
    "delete-old-uploads": {"task": "survey.tasks.delete_old_uploads", "schedule": 60 * 60.0},
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_AGE = 60 * 60 * 10  # a working day
CSRF_COOKIE_HTTPONLY = True
if PRODUCTION:
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # logins are counted by the address that the proxy saw
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    CSRF_TRUSTED_ORIGINS = [f"https://{host.lstrip('.')}" for host in ALLOWED_HOSTS if host != "*"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "config.logs.Formatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
}
