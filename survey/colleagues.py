"""Colleagues come and go, and their areas with them. What they wrote stays, with their name."""

import pghistory
from django.db import transaction

from municipalities import invitations, members
from municipalities.models import Invitation, Membership, Municipality, Role, User
from survey import areas


def join(*, token: str, user: User | None = None, name: str = "", password: str = "") -> Invitation:
    """Accepts an invitation as `user`, or as a new one with this name and password.

    Raises municipalities.members.Refused.
    """
    with transaction.atomic():
        if user is None:
            user = invitations.new_user(token=token, name=name, password=password)
        invitation = invitations.accept(token=token, user=user)
        place = invitation.municipality
        if invitation.service_area and _may_enter(place, user):
            with pghistory.context(user=user.pk):  # whose request began before they had an account
                areas.give_if_free(municipality=place, area=invitation.service_area, user=user)
    return invitation


def change_role(*, municipality: Municipality, membership: Membership, role: str, by) -> None:
    with transaction.atomic():
        members.change_role(municipality=municipality, membership=membership, role=role, by=by)
        if role == Role.READER:
            areas.free(municipality=municipality, user=membership.user)


def remove(*, municipality: Municipality, membership: Membership, by) -> None:
    with transaction.atomic():
        members.remove(municipality=municipality, membership=membership, by=by)
        areas.free(municipality=municipality, user=membership.user)


def _may_enter(municipality, user) -> bool:
    return municipality.memberships.filter(user=user, role__in=areas.ENTERING_ROLES).exists()
