"""Invitations: a personal link in a mail, valid once and for two weeks. Only its SHA-256 is stored.

Nothing here tells the inviter whether an address has an account elsewhere: that shows to whoever has
the link, and so reads the address's mail.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from municipalities import mail
from municipalities.members import Refused, decided_by
from municipalities.models import Invitation, Membership, Municipality, User

VALID_FOR = timedelta(days=14)
MOST_A_DAY = 50  # a municipality: nobody fills the world's mailboxes from here


def invite(*, municipality: Municipality, email: str, role: str, service_area: str, by) -> Invitation:
    """A new invitation and its mail; in place of an expired one. Raises Refused."""
    with decided_by(by, municipality):
        waiting = municipality.invitations.waiting().filter(email=email)
        if waiting.filter(expires_at__gt=timezone.now()).exists():
            raise Refused(_("%s er allerede inviteret. Brug ”Send igen”, hvis mailen er blevet væk.") % email)
        waiting.update(withdrawn_at=Now())
        return _send(
            Invitation(municipality=municipality, email=email, role=role, service_area=service_area), by
        )


def send_again(*, invitation: Invitation, by) -> Invitation:
    """A new link; the old one no longer works. The ministry sends its own: its log tells of them."""
    with decided_by(by, invitation.municipality):
        if invitation.invited_by.is_ministry:
            raise Refused(
                _(
                    "Ministeriet har inviteret %s. Bed ministeriet om at sende invitationen igen, eller træk "
                    "den tilbage, og invitér selv."
                )
                % invitation.email
            )
        _withdraw(invitation)
        fields = ("municipality", "email", "role", "service_area")
        return _send(Invitation(**{name: getattr(invitation, name) for name in fields}), by)


def withdraw(*, invitation: Invitation, by) -> None:
    with decided_by(by, invitation.municipality):
        _withdraw(invitation)


def _withdraw(invitation: Invitation) -> None:
    if not Invitation.objects.waiting().filter(pk=invitation.pk).update(withdrawn_at=Now()):
        raise Refused(_("Invitationen til %s er allerede brugt eller trukket tilbage.") % invitation.email)


def _send(invitation: Invitation, by) -> Invitation:
    municipality, now = invitation.municipality, timezone.now()
    if municipality.memberships.filter(user__email=invitation.email).exists():
        raise Refused(_("%s er allerede kollega her.") % invitation.email)
    if municipality.invitations.filter(invited_at__gt=now - timedelta(days=1)).count() >= MOST_A_DAY:
        raise Refused(_("Der er sendt %d invitationer det seneste døgn. Vent til i morgen.") % MOST_A_DAY)
    path = _give_link(invitation, by, now)
    invitation.save()
    # Not whether `by` is one: who has joined a demo by invitation has a password of their own.
    is_demo = User.objects.filter(is_demo=True).exists()
    context = {"invitation": invitation, "path": path, "is_demo": is_demo}
    mail.queue(to=[invitation.email], template="invitation", context=context)
    return invitation


def _give_link(invitation: Invitation, by, now: datetime) -> str:
    """The path of the new personal link; the invitation keeps its hash alone."""
    token = secrets.token_urlsafe(32)
    invitation.token_hash, invitation.invited_by = _hash(token), by
    invitation.invited_at, invitation.expires_at = now, now + VALID_FOR
    return reverse("invitation", args=[token])


def invite_many(*, places: list[tuple[Municipality, str, str]], by) -> list[tuple[Invitation, str]]:
    """The ministry's: an invitation and its path for each (municipality, address, role), in place of any
    that waits there. The mail is the caller's, and so is the transaction; nobody here is a member already."""
    ids = {municipality.pk for municipality, _email, _role in places}
    municipalities = Municipality.objects.filter(pk__in=ids).order_by("pk")
    list(municipalities.select_for_update(no_key=True).values_list("pk"))  # as decided_by does
    asked = {(municipality.pk, email) for municipality, email, _role in places}
    waiting = Invitation.objects.waiting().filter(municipality__in=ids)
    rows = waiting.values_list("pk", "municipality", "email")
    old = [pk for pk, municipality, email in rows if (municipality, email) in asked]
    Invitation.objects.waiting().filter(pk__in=old).update(withdrawn_at=Now())
    now = timezone.now()
    made = [Invitation(municipality=place, email=email, role=role) for place, email, role in places]
    paths = [_give_link(invitation, by, now) for invitation in made]
    return list(zip(Invitation.objects.bulk_create(made), paths, strict=True))


def note_opening(invitation: Invitation) -> None:
    """The link was followed; the first time counts. A mail server that tries links out counts too."""
    Invitation.objects.filter(pk=invitation.pk, opened_at=None).update(opened_at=Now())


def find(token: str) -> Invitation | None:
    invitations = Invitation.objects.select_related("municipality", "invited_by")
    return invitations.filter(token_hash=_hash(token)).first()


def why_closed(invitation: Invitation) -> str:
    """Why the link no longer works, or "" if it does."""
    if invitation.accepted_at:
        return _("Invitationen er allerede brugt.")
    if invitation.withdrawn_at:
        return _("Invitationen er trukket tilbage, eller der er sendt en nyere.")
    return _("Invitationen er udløbet.") if invitation.has_expired else ""


def new_user(*, token: str, name: str, password: str) -> User:
    """The account of an invited who has none; call it in the transaction that accepts."""
    invitation = _locked(token)
    try:
        with transaction.atomic():
            return User.objects.create_user(invitation.email, name, password)
    except IntegrityError as error:  # made by an administrator, or by another municipality's invitation
        raise Refused(_("Der er allerede en bruger med denne adresse. Log ind.")) from error


def accept(*, token: str, user: User) -> Invitation:
    """Gives the invited their role; a role that they have got here meanwhile is left as it is."""
    with transaction.atomic():
        invitation = _locked(token)
        if user.email != invitation.email:
            raise Refused(_("Invitationen er til %s.") % invitation.email)
        if user.memberships.filter(municipality=None).exists():
            raise Refused(
                _(
                    "Din bruger hører til ministeriet og kan ikke også svare for en kommune. "
                    "Brug en anden adresse."
                )
            )
        Membership.objects.get_or_create(
            user=user, municipality=invitation.municipality, defaults={"role": invitation.role}
        )
        invitation.accepted_at, invitation.accepted_by = timezone.now(), user
        invitation.save(update_fields=["accepted_at", "accepted_by"])
        return invitation


def _locked(token: str) -> Invitation:
    invitation = Invitation.objects.filter(token_hash=_hash(token)).select_for_update().first()
    if invitation is None:
        raise Refused(_("Linket er ikke rigtigt."))
    if reason := why_closed(invitation):
        raise Refused(reason)
    return invitation


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
