"""WHO: regions, municipalities and their populations, users, their memberships and the mail to them."""

from municipalities.models.contacts import Contact
from municipalities.models.mails import OutgoingMail
from municipalities.models.people import (
    MINISTRY_ROLES,
    MUNICIPAL_ROLES,
    REVIEWERS,
    Invitation,
    Membership,
    Role,
    User,
)
from municipalities.models.places import (
    Municipality,
    PopulationCount,
    PopulationImport,
    Region,
)

__all__ = [
    "MINISTRY_ROLES",
    "MUNICIPAL_ROLES",
    "REVIEWERS",
    "Contact",
    "Invitation",
    "Membership",
    "Municipality",
    "OutgoingMail",
    "PopulationCount",
    "PopulationImport",
    "Region",
    "Role",
    "User",
]
