"""Who belongs to a municipality. Its approvers decide, and one of them is always left."""

from contextlib import contextmanager

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from municipalities.models import Membership, Municipality, Role


class Refused(Exception):
    """Why not, in words for the user."""


@contextmanager
def decided_by(by, municipality: Municipality):
    """One decision at a time in a municipality, by somebody who is its approver at that moment."""
    with transaction.atomic():
        Municipality.objects.select_for_update(no_key=True).get(pk=municipality.pk)
        if not municipality.memberships.filter(user=by, role=Role.APPROVER).exists():
            raise PermissionDenied
        yield


def change_role(*, municipality: Municipality, membership: Membership, role: str, by) -> None:
    """Raises Refused if it would leave the municipality without an approver, or the colleague is gone."""
    with decided_by(by, municipality):
        if role != Role.APPROVER:
            _keep_an_approver_besides(membership, municipality)
        if not Membership.objects.filter(pk=membership.pk).update(role=role):
            raise Refused(_("%s er ikke længere kollega her.") % membership.user)


def remove(*, municipality: Municipality, membership: Membership, by) -> None:
    """The role goes; the user, and what they wrote, stays. Who is gone already is left in peace."""
    with decided_by(by, municipality):
        _keep_an_approver_besides(membership, municipality)
        Membership.objects.filter(pk=membership.pk).delete()


def _keep_an_approver_besides(membership: Membership, municipality: Municipality) -> None:
    others = municipality.memberships.exclude(pk=membership.pk)
    if not others.filter(role=Role.APPROVER, user__is_active=True).exists():
        raise Refused(
            _("%s er kommunens eneste godkender. Gør først en kollega til godkender.") % membership.user
        )
