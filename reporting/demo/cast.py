"""The demo's users. They exist only where demo data were loaded."""

from municipalities.demo import DEMO_PASSWORD
from municipalities.models import Membership, Municipality, Role, User

CAST = (
    ("anna@odense.example", "Anna", Role.EDITOR, "461"),
    ("carl@odense.example", "Carl", Role.APPROVER, "461"),
    ("lis@odense.example", "Lis", Role.READER, "461"),
    ("bo@aarhus.example", "Bo", Role.APPROVER, "751"),
    ("mette@ministeriet.example", "Mette", Role.REVIEWER, None),
    ("rikke@ministeriet.example", "Rikke", Role.ROUND_MANAGER, None),
    ("admin@ministeriet.example", "Administrator", Role.ADMIN, None),
)


def load_cast() -> dict[str, User]:
    """The users by name; their common password is for the demo alone."""
    municipalities = {m.code: m for m in Municipality.objects.all()}
    users = {}
    for email, name, role, code in CAST:
        user = User.objects.create_user(email, name, DEMO_PASSWORD, is_demo=True)
        Membership.objects.create(user=user, role=role, municipality=municipalities[code] if code else None)
        users[name] = user
    return users


def load_signers() -> dict[str, User]:
    """By municipality code: who handed in; none of them can log in."""
    municipalities = list(Municipality.objects.all())
    users = [
        User(
            email=f"godkender-{m.code}@demo.example",
            name=f"Godkender, {m.official_name}",
            password="!",  # unusable
            is_active=False,
            is_demo=True,
        )
        for m in municipalities
    ]
    User.objects.bulk_create(users)
    Membership.objects.bulk_create(
        [
            Membership(user=user, municipality=m, role=Role.APPROVER)
            for user, m in zip(users, municipalities, strict=True)
        ]
    )
    return {m.code: user for user, m in zip(users, municipalities, strict=True)}
