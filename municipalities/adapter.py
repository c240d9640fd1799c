from allauth.account.adapter import DefaultAccountAdapter

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

    def send_mail(self, template_prefix, email, context):
        """One row to queue whether there is such a user or not: the time it takes tells nothing."""
        mail.queue(to=[email], template=TEMPLATES[template_prefix], context=context)
