"""Whom a reminder is for, as it is at this moment, and what it says to each."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import override

from municipalities.models import Contact, Membership, Municipality, Role
from survey import letters
from survey.models import Reminder, Submission, SurveyRound

Target = Reminder.Target


@dataclass(frozen=True)
class Recipient:
    """A municipality that has not finished; `people` are (name, address), none if it cannot be reached."""

    submission: Submission
    target: str
    people: list[tuple[str, str]]

    @property
    def target_label(self) -> str:
        return str(Target(self.target).label)


def recipients(survey_round: SurveyRound, targets: Collection[str], now: datetime) -> list[Recipient]:
    """In Danish order: those whom the reminder would be for if it were sent now.

    Before the round opens nobody has begun, whatever a trial holds. Who was not returned and can enter
    nothing any more is not asked to.
    """
    unfinished = [
        (one, target)
        for one in _asked(survey_round)
        if (target := target_of(one)) == Target.RETURNED or now < one.edit_until
    ]
    chosen = [(one, target) for one, target in unfinished if target in targets]
    people = _people([one.municipality_id for one, _target in chosen])
    return [Recipient(one, target, people.get(one.municipality_id, [])) for one, target in chosen]


def target_of(submission: Submission) -> str:
    """Of one with `has_begun`; "" once it is handed in."""
    if submission.state == Submission.State.RETURNED:
        return Target.RETURNED
    if submission.state != Submission.State.DRAFT:
        return ""
    return Target.BEGUN if submission.has_begun else Target.NOT_BEGUN


def _asked(survey_round: SurveyRound) -> list[Submission]:
    """The municipalities' submissions with `has_begun`; unsaved ones until the round is opened."""
    if survey_round.is_opened:
        submissions = survey_round.submissions.with_begun().select_related("municipality")
    else:
        there = Municipality.objects.at(survey_round.population_date)
        submissions = [Submission(municipality=one) for one in there]
        for submission in submissions:
            submission.has_begun = False
    found = list(submissions)
    for submission in found:
        submission.round = survey_round  # no query for each
    return found


def _people(municipality_ids: list[int]) -> dict[int, list[tuple[str, str]]]:
    """(name, address) by municipality: the contacts to whom mail arrives, or without them the approvers."""
    returned: set[tuple[int, str]] = set()
    found: dict[int, dict[str, str]] = {}
    contacts = Contact.objects.filter(municipality__in=municipality_ids).order_by("name", "pk")
    for place, name, address, bounced_at in contacts.values_list(
        "municipality", "name", "email", "bounced_at"
    ):
        if bounced_at:
            returned.add((place, address))
        else:
            found.setdefault(place, {})[address] = name
    without = [place for place in municipality_ids if place not in found]
    approvers = Membership.objects.filter(role=Role.APPROVER, user__is_active=True, municipality__in=without)
    people = approvers.order_by("user__name", "user").values_list("municipality", "user__name", "user__email")
    for place, name, address in people:
        if (place, address) not in returned:
            found.setdefault(place, {})[address] = name
    return {place: [(name, address) for address, name in known.items()] for place, known in found.items()}


def letter(submission: Submission, name: str, *, subject: str, text: str) -> tuple[str, str]:
    """(subject, text) as that person in that municipality gets it, in Danish."""
    with override("da"):
        deadline = submission.return_due_at or submission.deadline
        values = {
            "kommune": submission.municipality.official_name,
            "kontakt": name,
            "regnskabsaar": str(submission.round.accounts_year),
            "frist": date_format(localtime(deadline), "DATETIME_FORMAT"),
            "link": f"{settings.SITE_URL}{submission.get_absolute_url()}",
        }
    subject, text = letters.fill(subject, values), letters.fill(text, values).rstrip() + "\n"
    return letters.marked_as_demo(subject, text) if submission.round.is_demo else (subject, text)
