"""Whom the ministry writes to in a municipality; a contact need not have an account."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from municipalities.models.places import Municipality


class ContactQuerySet(models.QuerySet["Contact"]):
    def visible_to(self, user):
        """The ministry's own list."""
        return self if user.is_ministry else self.none()

    def reachable(self):
        """Those to whom mail has not come back."""
        return self.filter(bounced_at=None)


class Contact(models.Model):
    """A person or shared mailbox. `bounced_at` says when mail to it was found to come back."""

    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="contacts", verbose_name=_("kommune")
    )
    name = models.CharField(_("navn"), max_length=100)
    title = models.CharField(_("stilling"), max_length=100, blank=True)
    email = models.EmailField(_("e-mail"))
    phone = models.CharField(_("telefon"), max_length=30, blank=True)
    bounced_at = models.DateTimeField(_("mail kommer retur"), null=True, blank=True)
    bounce_note = models.CharField(_("hvorfor mail kommer retur"), max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("kontakt")
        verbose_name_plural = _("kontakter")
        ordering = ("municipality__sort_key", "name")
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "email"],
                name="one_contact_an_address_and_municipality",
                violation_error_message=_("Kommunen har allerede en kontakt med denne adresse."),
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="contact_email_is_lower_case",
                violation_error_message=_("Skriv e-mailadressen med små bogstaver."),
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(email=""),
                name="a_contact_has_a_name_and_an_address",
                violation_error_message=_("Skriv kontaktens navn og e-mailadresse."),
            ),
            models.CheckConstraint(
                condition=Q(bounced_at__isnull=False) | Q(bounce_note=""),
                name="only_a_bounced_contact_has_a_bounce_note",
                violation_error_message=_("Skriv kun en note, når mail kommer retur."),
            ),
        ]

    def __str__(self):
        return f"{self.name} <{self.email}>"
