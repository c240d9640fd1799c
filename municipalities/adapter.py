from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.urls import reverse

from municipalities import mail

# What allauth sends here; anything else would come of a feature that is not switched on.
TEMPLATES = {
    "account/email/password_reset_key": "password_reset",
    "account/email/unknown_account": "unknown_account",
}


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        """Nobody makes an account for themselves: a role comes by invitation or from an administrator."""
        return False

    def get_reset_password_from_key_url(self, key):
        """At our own address: the request's may be what its sender wrote into the Host header."""
        user, _dash, secret = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": user, "key": secret})
        return settings.SITE_URL + path

    def send_mail(self, template_prefix, email, context):
        """One row to queue whether there is such a user or not: the time it takes tells nothing."""
        mail.queue(to=[email], template=TEMPLATES[template_prefix], context=context)
