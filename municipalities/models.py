"""WHO: regions, municipalities and their populations, users and their memberships."""

from functools import cached_property

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from municipalities.sorting import danish_sort_key


class Region(models.Model):
    """One of the five regions; `code` is Statistics Denmark's four digits, `position` the usual order."""

    code = models.CharField(_("kode"), max_length=4, unique=True)
    name = models.CharField(_("navn"), max_length=60, unique=True)
    position = models.PositiveSmallIntegerField(_("rækkefølge"), default=0)

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regioner")
        ordering = ("position", "code")

    def __str__(self):
        return self.name


class Municipality(models.Model):
    """One of the 98 municipalities; `code` is the official three digits."""

    code = models.CharField(_("kode"), max_length=3, unique=True)
    name = models.CharField(_("navn"), max_length=60)
    official_name = models.CharField(_("officielt navn"), max_length=80)
    region = models.ForeignKey(
        Region, models.PROTECT, related_name="municipalities", verbose_name=_("region")
    )
    cvr = models.CharField(_("CVR-nummer"), max_length=8, unique=True)
    tile_row = models.PositiveSmallIntegerField(_("række på kommunekortet"))
    tile_column = models.PositiveSmallIntegerField(_("kolonne på kommunekortet"))
    sort_key = models.CharField(max_length=80, editable=False, db_index=True)

    class Meta:
        verbose_name = _("kommune")
        verbose_name_plural = _("kommuner")
        ordering = ("sort_key",)
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^[0-9]{3}$"),
                name="municipality_code_is_three_digits",
                violation_error_message=_("Kommunekoden er tre cifre, fx 461."),
            ),
            models.UniqueConstraint(
                fields=["tile_row", "tile_column"],
                name="municipality_has_its_own_tile",
                violation_error_message=_("En anden kommune står allerede på dette felt på kommunekortet."),
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, **kwargs):
        self.sort_key = danish_sort_key(self.name)
        super().save(**kwargs)


class PopulationCount(models.Model):
    """Inhabitants of a municipality at a date, in persons; of these immigrants and descendants, if known."""

    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="population_counts", verbose_name=_("kommune")
    )
    date = models.DateField(_("dato"))
    inhabitants = models.PositiveIntegerField(_("indbyggere"))
    immigrants_and_descendants = models.PositiveIntegerField(
        _("indvandrere og efterkommere"), null=True, blank=True
    )
    source = models.CharField(_("kilde"), max_length=200)

    class Meta:
        verbose_name = _("folketal")
        verbose_name_plural = _("folketal")
        ordering = ("-date", "municipality__sort_key")
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "date"],
                name="one_population_count_a_municipality_and_date",
                violation_error_message=_("Kommunen har allerede et folketal på denne dato."),
            ),
            models.CheckConstraint(
                condition=Q(inhabitants__gt=0),
                name="population_is_positive",
                violation_error_message=_("Folketallet skal være større end 0."),
            ),
            models.CheckConstraint(
                condition=Q(immigrants_and_descendants__isnull=True)
                | Q(immigrants_and_descendants__lte=F("inhabitants")),
                name="immigrants_and_descendants_are_inhabitants",
                violation_error_message=_(
                    "Der kan ikke være flere indvandrere og efterkommere end indbyggere."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.municipality} {self.date:%d.%m.%Y}: {self.inhabitants}"


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
