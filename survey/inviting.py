"""The ministry invites to a round: one mail to each contact, with the contact's own link, and its log.

A contact without an account in the municipality gets a personal link that makes one; a colleague gets the
address of the answer, which is no secret.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from municipalities import invitations, mail
from municipalities.models import Contact, Membership, Municipality, Role
from survey import letters
from survey.models import RoundEvent, RoundMail, Submission, SurveyRound
from survey.rounds.locking import digest, refuse_stale
from survey.transitions import Refused, database_now

SUBJECT = "Kortlægning af integrationsindsatser i regnskab {regnskabsaar}: {kommune}"
TEXT = """Kære {kontakt}

Ministeriet kortlægger kommunernes ikke-lovpligtige integrationsindsatser i regnskabet for {regnskabsaar} og \
beder {kommune} om at svare. Svarfristen er {frist}.

{begynd}
{link}

Har du ikke en bruger endnu, opretter du den på linket. Det er personligt, virker én gang og i 14 dage; giv \
det ikke videre. {rolle}

Har kommunen ingen indsatser at indberette, så svar også det: så tæller kommunen med.
"""

WILL_BE = {
    Role.APPROVER: "Du bliver kommunens godkender og kan selv invitere de kolleger, der skal hjælpe.",
    Role.EDITOR: "Du bliver sagsbehandler; kommunen har allerede en godkender, som underskriver.",
    "": "Du har allerede en bruger i kommunen.",
}


@dataclass(frozen=True)
class Letter:
    """A subject and a text, with places or filled."""

    subject: str
    text: str


STANDARD = Letter(SUBJECT, TEXT)


def letter_of(survey_round: SurveyRound) -> Letter:
    """The round's own, or what comes with the product."""
    return Letter(
        survey_round.invitation_subject or STANDARD.subject, survey_round.invitation_text or STANDARD.text
    )


def seen(letter: Letter) -> str:
    """Tells one text from another: what a page began with."""
    return digest([letter.subject, letter.text])


def set_letter(*, round_id: int, by, letter: Letter, began_with: str = "") -> None:
    """Of the invitations sent from now on. The product's own words are not copied into the round."""
    with transaction.atomic():
        survey_round = _managed(round_id, by)
        refuse_stale(began_with, seen(letter_of(survey_round)))
        survey_round.invitation_subject = "" if letter.subject == STANDARD.subject else letter.subject
        survey_round.invitation_text = "" if letter.text == STANDARD.text else letter.text
        survey_round.save(update_fields=["invitation_subject", "invitation_text"])


def asked(survey_round: SurveyRound) -> QuerySet[Municipality]:
    """The municipalities that there are, or will be, answers of."""
    return Municipality.objects.at(survey_round.population_date)


def invite(*, round_id: int, by, chosen: Collection[int] | None = None, after: int = 0) -> int:
    """Mails to the chosen contacts, or to all that miss one (`has_invitation`); how many.

    One whose mail comes back is left out. `after` is the newest of the round's mails that the inviter saw
    (RoundMail.pk): whoever was invited since is not invited once more, so pressing twice sends once.
    A contact who was invited before gets a new link, and the old one is dead.
    """
    with transaction.atomic():
        survey_round = _managed(round_id, by)
        sent = RoundMail.objects.invitations().filter(round=survey_round)
        if chosen is None:
            done = _invited(survey_round, sent)
        else:
            done = set(sent.filter(pk__gt=after).values_list("municipality", "to"))
        reachable = Contact.objects.reachable().filter(municipality__in=asked(survey_round))
        if chosen is not None:
            reachable = reachable.filter(pk__in=chosen)
        contacts = [one for one in reachable.select_related("municipality") if _key(one) not in done]
        _send(survey_round, contacts, by)
        return len(contacts)


def _managed(round_id: int, by) -> SurveyRound:
    """The round, locked until the caller's transaction ends: two who invite at once take turns."""
    if by.ministry_role != Role.ROUND_MANAGER:
        raise PermissionDenied
    survey_round = SurveyRound.objects.select_for_update(no_key=True).get(pk=round_id)
    if not may_invite(survey_round):
        raise Refused(_("Kortlægningen er lukket, så ingen kan inviteres til den."))
    return survey_round


def _invited(survey_round: SurveyRound, sent: QuerySet[RoundMail]) -> set[tuple[int, str]]:
    """(municipality id, address) of those who are not to be written to again."""
    begun_at = begins(survey_round)
    newest = {(one, to): at for one, to, at in sent.order_by("pk").values_list("municipality", "to", "at")}
    members = Membership.objects.filter(municipality__in={place for place, _to in newest})
    logins = {
        (one, to): at
        for one, to, at in members.values_list("municipality", "user__email", "user__last_login")
    }
    return {key for key, at in newest.items() if has_invitation(at, logins.get(key), begun_at)}


def begins(survey_round: SurveyRound) -> datetime | None:
    """Since when there is something to answer; None until then."""
    if not survey_round.is_opened or survey_round.opens_at > database_now():
        return None
    event = survey_round.events.filter(kind=RoundEvent.Kind.OPENED).order_by("-pk").first()
    return max(event.at, survey_round.opens_at) if event else survey_round.opens_at


def has_invitation(invited_at: datetime, logged_in_at: datetime | None, begun_at: datetime | None) -> bool:
    """Whether one who was invited has a link that leads on. The opening finds those who were invited before
    it and never came: their link may have died meanwhile."""
    came = logged_in_at is not None and logged_in_at >= invited_at
    return came or begun_at is None or invited_at >= begun_at


def may_invite(survey_round: SurveyRound) -> bool:
    return survey_round.state in (*SurveyRound.NOT_OPENED, SurveyRound.State.OPEN)


def _send(survey_round: SurveyRound, contacts: list[Contact], by) -> None:
    roles = roles_of(contacts)
    new = [(one.municipality, one.email, roles[_key(one)]) for one in contacts if roles[_key(one)]]
    made = {
        (invitation.municipality_id, invitation.email): (invitation, path)
        for invitation, path in invitations.invite_many(places=new, by=by)
    }
    answers = submissions_of(survey_round)
    letter, begin, written = letter_of(survey_round), line_above_the_link(survey_round), []
    for one in contacts:
        answer = answers.get(one.municipality_id)
        _invitation, path = made.get(_key(one), (None, page_of(answer)))
        link = settings.SITE_URL + path
        filled = fill(letter, survey_round, one, answer, link=link, role=roles[_key(one)], begin=begin)
        written.append((one.email, filled.subject, filled.text))
    now = database_now()
    RoundMail.objects.bulk_create(
        RoundMail(
            round=survey_round,
            municipality=one.municipality,
            invitation=made.get(_key(one), (None, ""))[0],
            to=one.email,
            mail=queued,
            at=now,
            by=by,
        )
        for one, queued in zip(contacts, mail.queue_letters(written), strict=True)
    )


def roles_of(contacts: Collection[Contact]) -> dict[tuple[int, str], str]:
    """By (municipality id, address) what each is invited to be, "" who has a role and can log in there.

    The first to come become approvers, who give the others their roles; where there is one that can log in,
    the ministry makes no more of them.
    """
    members = Membership.objects.filter(municipality__in={one.municipality_id for one in contacts})
    rows = list(members.values_list("municipality_id", "user__email", "role", "user__is_active"))
    colleagues = {(place, email) for place, email, _role, active in rows if active}
    has_approver = {place for place, _email, role, active in rows if role == Role.APPROVER and active}
    keys = {_key(one) for one in contacts}
    new = {key: Role.EDITOR if key[0] in has_approver else Role.APPROVER for key in keys - colleagues}
    return dict.fromkeys(keys, "") | new


def submissions_of(survey_round: SurveyRound) -> dict[int, Submission]:
    """By municipality; none of a plan."""
    rows = Submission.objects.filter(round=survey_round).select_related("round", "municipality")
    return {one.municipality_id: one for one in rows}


def page_of(answer: Submission | None) -> str:
    """Where a colleague begins; before there is an answer, the front page."""
    return answer.get_absolute_url() if answer else reverse("home")


def fill(
    letter: Letter,
    survey_round: SurveyRound,
    contact: Contact,
    answer: Submission | None,
    *,
    link: str,
    role: str,
    begin: str,
) -> Letter:
    """The mail as that contact gets it, in Danish; the deadline is the municipality's own.

    `role` is one of `roles_of`, `begin` the `line_above_the_link`.
    """
    deadline: datetime = answer.deadline if answer else survey_round.deadline
    with translation.override("da"):
        values = {
            "kommune": contact.municipality.official_name,
            "kontakt": contact.name,
            "regnskabsaar": str(survey_round.accounts_year),
            "frist": date_format(timezone.localtime(deadline), "DATETIME_FORMAT"),
            "link": link,
            "begynd": begin,
            "rolle": WILL_BE[role],
        }
    subject, text = letters.fill(letter.subject, values), letters.fill(letter.text, values)
    if survey_round.is_demo:
        subject, text = letters.marked_as_demo(subject, text)
    return Letter(subject, text)


def line_above_the_link(survey_round: SurveyRound) -> str:
    """In Danish, as the mail; nobody is told to begin what is not open."""
    if survey_round.opens_at > database_now():
        with translation.override("da"):
            opens = date_format(timezone.localtime(survey_round.opens_at), "DATETIME_FORMAT")
        return f"Kortlægningen åbner {opens}. Da begynder du her; din bruger kan du oprette allerede nu:"
    if not survey_round.is_opened:
        return "Kortlægningen er ikke åbnet endnu. Du kan oprette din bruger her allerede nu:"
    return "Begynd her:"


def _key(contact: Contact) -> tuple[int, str]:
    return contact.municipality_id, contact.email
