"""WHO: regions, municipalities and their populations, users, their memberships and the mail to them."""

from municipalities.models.mails import OutgoingMail
from municipalities.models.people import (
    MINISTRY_ROLES,
    MUNICIPAL_ROLES,
    Invitation,
    Membership,
    Role,
    User,
)
from municipalities.models.places import Municipality, PopulationCount, Region

__all__ = [
    "MINISTRY_ROLES",
    "MUNICIPAL_ROLES",
    "Invitation",
    "Membership",
    "Municipality",
    "OutgoingMail",
    "PopulationCount",
    "Region",
    "Role",
    "User",
]
