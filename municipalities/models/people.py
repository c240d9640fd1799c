"""Users, their memberships, and the invitations that lead to them."""

from functools import cached_property

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from municipalities.models.places import Municipality


class Role(models.TextChoices):
    """What a member may do; the first three are of one municipality, the others of the ministry."""

    READER = "reader", _("læser")
    EDITOR = "editor", _("sagsbehandler")
    APPROVER = "approver", _("godkender")
    REVIEWER = "reviewer", _("kvalitetssikrer")
    ROUND_MANAGER = "round_manager", _("kortlægningsansvarlig")
    ADMIN = "admin", _("administrator")


MUNICIPAL_ROLES = (Role.READER, Role.EDITOR, Role.APPROVER)
MINISTRY_ROLES = (Role.REVIEWER, Role.ROUND_MANAGER, Role.ADMIN)
REVIEWERS = (Role.REVIEWER, Role.ROUND_MANAGER)


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username):
        return self.get(email=username.lower())

    def create_user(self, email, name, password=None, **fields):
        user = self.model(email=email.lower(), name=name, **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email, name, password=None):
        """The first administrator of a new installation (`manage.py createsuperuser`)."""
        user = self.create_user(email, name, password)
        Membership.objects.create(user=user, role=Role.ADMIN)
        return user


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    fields=["email", "name", "is_active"],  # never the password's hash
    model_name="UserEvent",
)
class User(AbstractBaseUser):
    """A person who logs in with an e-mail address. What they may do stands in their memberships alone."""

    email = models.EmailField(
        _("e-mail"),
        unique=True,
        error_messages={"unique": _("Der findes allerede en bruger med denne e-mailadresse.")},
    )
    name = models.CharField(_("navn"), max_length=100)
    is_active = models.BooleanField(_("aktiv"), default=True)
    is_demo = models.BooleanField(_("demobruger"), default=False, editable=False)
    date_joined = models.DateTimeField(_("oprettet"), default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("bruger")
        verbose_name_plural = _("brugere")
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="email_is_lower_case",
                violation_error_message=_("Skriv e-mailadressen med små bogstaver."),
            )
        ]

    def __str__(self):
        return self.name

    def clean(self):
        self.email = self.email.lower()

    @cached_property
    def places(self) -> list[tuple[int | None, str, str | None]]:
        """(municipality id, role, official name) of each membership; the ministry's have no municipality."""
        return list(self.memberships.values_list("municipality_id", "role", "municipality__official_name"))

    @property
    def roles(self) -> dict[int | None, str]:
        """Role by municipality id; the ministry's is under None."""
        return {municipality: role for municipality, role, _name in self.places}

    @property
    def standing(self) -> str:
        """What a person is and where: "godkender, Odense Kommune"."""
        return "; ".join(
            f"{Role(role).label}, {name or gettext('ministeriet')}" for _id, role, name in self.places
        )

    @property
    def ministry_role(self) -> str | None:
        return self.roles.get(None)

    @property
    def is_ministry(self) -> bool:
        return self.ministry_role is not None

    @property
    def is_admin(self) -> bool:
        return self.ministry_role == Role.ADMIN

    @property
    def municipality_ids(self) -> list[int]:
        return [pk for pk in self.roles if pk is not None]

    # What the Django admin asks for: it is the administrators' place, all of it and only theirs.
    @property
    def is_staff(self) -> bool:
        return self.is_active and self.is_admin

    def has_perm(self, perm, obj=None) -> bool:
        return self.is_staff

    def has_module_perms(self, app_label) -> bool:
        return self.is_staff


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Membership(models.Model):
    """A user's role in one municipality, or in the ministry (no municipality)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("bruger"))
    municipality = models.ForeignKey(
        Municipality,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("kommune"),
    )
    role = models.CharField(_("rolle"), max_length=20, choices=Role)

    class Meta:
        verbose_name = _("medlemskab")
        verbose_name_plural = _("medlemskaber")
        ordering = ("user__name",)
        constraints = [
            models.UniqueConstraint(
                fields=["user", "municipality"],
                nulls_distinct=False,
                name="one_membership_a_user_and_place",
                violation_error_message=_("Brugeren har allerede en rolle her."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=MUNICIPAL_ROLES, municipality__isnull=False)
                | Q(role__in=MINISTRY_ROLES, municipality__isnull=True),
                name="municipal_roles_have_a_municipality",
                violation_error_message=_(
                    "Læser, sagsbehandler og godkender hører til en kommune; ministeriets roller gør ikke."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.user}: {self.get_role_display()} ({self.municipality or _('ministeriet')})"


class InvitationQuerySet(models.QuerySet):
    def waiting(self):
        """Neither accepted nor withdrawn; it may have expired."""
        return self.filter(accepted_at=None, withdrawn_at=None)


class Invitation(models.Model):
    """A link in a mail that makes the first account, or adds a role to one: personal, expiring, single-use.

    Only the link's SHA-256 is stored. `service_area` is what the invited shall answer for, if given.
    """

    email = models.EmailField(_("e-mail"))
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="invitations")
    role = models.CharField(_("rolle"), max_length=20, choices=Role)
    service_area = models.CharField(_("område"), max_length=20, blank=True, default="")
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)  # the link was followed for the first time

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitationer")
        ordering = ("-invited_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "email"],
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="one_waiting_invitation_an_address",
                violation_error_message=_("Adressen er allerede inviteret."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=MUNICIPAL_ROLES),
                name="an_invitation_is_to_a_municipal_role",
                violation_error_message=_("Vælg læser, sagsbehandler eller godkender."),
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="invited_email_is_lower_case",
                violation_error_message=_("Skriv e-mailadressen med små bogstaver."),
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False, withdrawn_at__isnull=True),
                name="an_invitation_is_accepted_or_withdrawn",
                violation_error_message=_("Invitationen er brugt eller trukket tilbage."),
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("invited_at")),
                name="an_invitation_lasts",
                violation_error_message=_("Invitationen skal udløbe, efter at den er sendt."),
            ),
        ]

    def __str__(self):
        return f"{self.email}: {self.get_role_display()} ({self.municipality})"

    @property
    def has_expired(self) -> bool:
        return self.expires_at <= timezone.now()
