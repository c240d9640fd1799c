from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render

from municipalities.models import OutgoingMail

NEWEST = 50


@login_not_required
def mails(request):
    """What would have been sent, where there is no mail server; elsewhere there is no such page."""
    if not settings.MAILS_ARE_SHOWN:
        raise Http404
    return render(request, "municipalities/mails.html", {"mails": OutgoingMail.objects.all()[:NEWEST]})
