"""The public pages that every footer links to."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render


@login_not_required
def accessibility(request):
    return render(request, "pages/accessibility.html", _contact())


@login_not_required
def privacy(request):
    return render(request, "pages/privacy.html", _contact())


@login_not_required
def contact(request):
    return render(request, "pages/contact.html", _contact())


def _contact() -> dict:
    return {"contact_email": settings.CONTACT_EMAIL}
