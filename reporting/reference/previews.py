"""What was read from a file goes back and forth signed between its preview and the confirmation; see
docs/decisions.md, "A preview is posted again, signed"."""

from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

MAX_AGE = 24 * 60 * 60  # seconds from preview to confirmation
MAX_SIGNED = 100_000  # characters; 200 rates with long sources take half of it


def sign(request, details: dict[str, Any], salt: str) -> str:
    return signing.dumps(details | {"by": request.user.pk}, salt=salt, compress=True)


def signed(request, salt: str) -> dict[str, Any] | None:
    """What this user's own preview read, or None: changed, too old, or somebody else's."""
    try:
        details = signing.loads(request.POST.get("signed", "")[:MAX_SIGNED], salt=salt, max_age=MAX_AGE)
    except signing.BadSignature:
        return None
    return details if details.pop("by") == request.user.pk else None


def not_signed() -> str:
    return _("Indlæsningen kan ikke bekræftes længere. Vælg filen igen.")
