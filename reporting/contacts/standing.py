"""How far each contact of a round has come: invited, mail sent, link opened, account made, logged in."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import QuerySet

from municipalities.models import Contact, Membership, Municipality, OutgoingMail, User
from survey.inviting import asked, begins, has_invitation
from survey.models import RoundMail, SurveyRound
from survey.models.reminders import RoundMailQuerySet


@dataclass(frozen=True)
class Standing:
    """One address in one municipality. No `contact`: it was invited, and is not a contact any more. No
    `address`: the municipality has nobody. `mail` is the newest of `times` invitations. `begins` is
    since when the round can be answered, None until then."""

    municipality: Municipality
    contact: Contact | None = None
    address: str = ""
    mail: RoundMail | None = None
    times: int = 0
    user: User | None = None
    begins: datetime | None = None

    @property
    def may_be_invited(self) -> bool:
        return self.contact is not None and self.contact.bounced_at is None

    @property
    def misses_invitation(self) -> bool:
        """Whether "invite all" would write to it."""
        if self.mail is None:
            return self.may_be_invited
        login = self.user.last_login if self.user else None
        return self.may_be_invited and not has_invitation(self.mail.at, login, self.begins)

    @property
    def came_early(self) -> bool:
        """Invited before there was anything to answer, and not logged in since."""
        is_early = self.mail is not None and (self.begins is None or self.mail.at < self.begins)
        return is_early and not self.has_logged_in

    @property
    def has_failed(self) -> bool:
        return self.mail is not None and self.mail.mail.state == OutgoingMail.State.FAILED

    @property
    def has_opened(self) -> bool:
        """Of a colleague, who got no link of their own, that they have logged in since."""
        link = self.mail and self.mail.invitation
        return bool(link.opened_at) if link else self.has_logged_in

    @property
    def has_logged_in(self) -> bool:
        """Since the invitation; an account may be of an earlier round."""
        at = self.user and self.user.last_login
        return bool(at and self.mail and at >= self.mail.at)


def standings(survey_round: SurveyRound, contacts: QuerySet[Contact], mails: RoundMailQuerySet):
    """[Standing] in Danish order, in a fixed number of queries; `contacts` and `mails` are the visible."""
    sent: dict[tuple[int, str], list[RoundMail]] = {}
    invitations = mails.invitations().filter(round=survey_round).order_by("pk")
    begun_at = begins(survey_round)
    for one in invitations.select_related("mail", "invitation", "by"):
        sent.setdefault((one.municipality_id, one.to), []).append(one)
    places = list(asked(survey_round))
    known: dict[int, list[Contact]] = {}
    for contact in contacts.filter(municipality__in=places).order_by("name"):
        known.setdefault(contact.municipality_id, []).append(contact)
    members = Membership.objects.filter(municipality__in=places).select_related("user")
    users = {(one.municipality_id, one.user.email): one.user for one in members}

    def standing(place: Municipality, address: str, contact: Contact | None) -> Standing:
        key = place.pk, address
        got = sent.get(key, [])
        newest = got[-1] if got else None
        return Standing(place, contact, address, newest, len(got), users.get(key), begun_at)

    rows = []
    for place in places:
        here = {contact.email: contact for contact in known.get(place.pk, [])}
        before = sorted(to for at, to in sent if at == place.pk and to not in here)
        rows += [standing(place, to, here.get(to)) for to in [*here, *before]] or [Standing(place)]
    return rows


Rows = list[Standing]

# By what the page may be asked for, whether one municipality's rows are of it; the page's head counts by the
# same. A municipality has come as far as the furthest of its contacts.
RULES: dict[str, Callable[[Rows], bool]] = {
    "invited": lambda rows: any(row.mail for row in rows),
    "opened": lambda rows: any(row.mail and (row.has_opened or row.has_logged_in) for row in rows),
    "logged_in": lambda rows: any(row.has_logged_in for row in rows),
    "uninvited": lambda rows: not RULES["invited"](rows),
    "unopened": lambda rows: RULES["invited"](rows) and not RULES["opened"](rows),
    "idle": lambda rows: RULES["invited"](rows) and not RULES["logged_in"](rows),
    "early": lambda rows: not RULES["logged_in"](rows) and any(row.came_early for row in rows),
    "unreachable": lambda rows: not any(row.may_be_invited for row in rows),
    "bounced": lambda rows: any(row.has_failed or (row.contact and row.contact.bounced_at) for row in rows),
    "none": lambda rows: not any(row.contact for row in rows),
}


def chosen(rows: Rows, show: str) -> Rows:
    """The rows of the municipalities that the page is asked for ("" is all)."""
    return [row for place in _by_place(rows) if not show or RULES[show](place) for row in place]


def count(rows: Rows) -> dict[str, int]:
    """By what the page may be asked for, how many municipalities it would show."""
    places = list(_by_place(rows))
    return {show: sum(rule(place) for place in places) for show, rule in RULES.items()}


def _by_place(rows: Iterable[Standing]) -> Iterable[Rows]:
    return [list(here) for _place, here in groupby(rows, key=lambda row: row.municipality.pk)]
