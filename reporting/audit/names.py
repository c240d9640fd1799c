"""What the rows that events point at are called, each table asked once."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import ForeignKey
from django.urls import reverse
from django.utils.translation import gettext as _

from municipalities.models import Municipality, User
from reporting.audit.kinds import DECIDED, Kind
from survey.models import ReportedInitiative, Submission, SurveyRound
from survey.models.initiatives import STORED_FIELDS

WITH = {Submission: ("municipality", "round"), ReportedInitiative: ("version",)}


class Names:
    def __init__(self, events: Iterable[tuple[Kind, object]]):
        self._ids: dict[type, set] = defaultdict(set)
        self._drafts: set[tuple] = set()
        for kind, event in events:
            self._collect(kind, event)
        self._rows: dict[type, dict] = {}
        self._load(User, ReportedInitiative)
        for reported in self._rows[ReportedInitiative].values():
            self._ids[Submission].add(reported.version.submission_id)
        self._load(Submission)
        self._load(*(model for model in list(self._ids) if model not in self._rows))
        self._handed_in = self._values_handed_in()

    def _collect(self, kind: Kind, event) -> None:
        user = (event.pgh_context or {}).get("user")
        self._ids[User].add(user)
        for field in kind.fields:
            if isinstance(field, ForeignKey):
                self._ids[field.related_model].add(getattr(event, field.attname))
        if kind.slug in ("besvarelser", "kortlaegninger", "kommuner"):
            self._ids[event._meta.get_field("pgh_obj").related_model].add(event.pgh_obj_id)
        if hasattr(event, "submission_id") and hasattr(event, "uuid"):
            self._drafts.add((event.submission_id, event.uuid))

    def _load(self, *models: type) -> None:
        for model in models:
            ids = self._ids[model] - {None}
            rows = model.objects.select_related(*WITH[model]) if model in WITH else model.objects  # type: ignore[attr-defined]
            self._rows[model] = rows.in_bulk(ids) if ids else {}

    def _values_handed_in(self) -> dict[tuple, list]:
        """By submission, initiative and field: what stood there in the versions, the newest first."""
        found: dict[tuple, list] = defaultdict(list)
        if not self._drafts:
            return found
        reported = ReportedInitiative.objects.filter(
            version__submission__in={one for one, _uuid in self._drafts},
            uuid__in={uuid for _one, uuid in self._drafts},
        )
        names = ("version__submission_id", "uuid", *STORED_FIELDS)
        for submission, uuid, *values in reported.order_by("-version__number").values_list(*names):
            for name, value in zip(STORED_FIELDS, values, strict=True):
                found[submission, uuid, name].append(value)
        return found

    def was_handed_in(self, kind: Kind, event, field, value) -> bool:
        """Whether a version holds the value: a municipality's working copy is its own until then."""
        if field.name in ("submission", "uuid", "rule"):
            return True
        return (
            kind.slug == "indsatser" and value in self._handed_in[event.submission_id, event.uuid, field.name]
        )

    def user(self, pk) -> User | None:
        return self._rows[User].get(pk)

    def of(self, model, pk) -> str:
        row = self._rows.get(model, {}).get(pk)
        return str(row) if row is not None else _("nr. %s, slettet") % pk

    def place(self, kind: Kind, event) -> tuple[str, str]:
        """(municipality, accounts year) of what the event is about, "" where it is of none."""
        submission = self._submission(kind, event)
        if submission is not None:
            return submission.municipality.name, str(submission.round.accounts_year)
        places = self._rows.get(Municipality, {})
        rounds = self._rows.get(SurveyRound, {})
        place = places.get(_value(event, kind.municipality))
        survey_round = rounds.get(_value(event, kind.round))
        return (place.name if place else ""), (str(survey_round.accounts_year) if survey_round else "")

    def _submission(self, kind: Kind, event) -> Submission | None:
        submissions = self._rows.get(Submission, {})
        if kind.slug == "besvarelser":
            return submissions.get(event.pgh_obj_id)
        if kind.municipality.startswith(DECIDED):
            reported = self._rows[ReportedInitiative].get(event.initiative_id)
            return submissions.get(reported.version.submission_id) if reported else None
        return submissions.get(event.submission_id) if kind.submission else None

    def thing(self, kind: Kind, event) -> tuple[str, str]:
        """(what it is, where it can be seen): "" where there is no page of it."""
        submission = self._submission(kind, event)
        if kind.slug == "afgoerelser" and submission:
            reported = self._rows[ReportedInitiative][event.initiative_id]
            return reported.title, _initiative_url(submission, reported.uuid)
        if hasattr(event, "uuid") and kind.submission:
            titles = self._handed_in[event.submission_id, event.uuid, "title"]
            return (titles[0] if titles else _("en indsats, der ikke er indsendt")), _url(submission)
        if kind.submission or kind.slug == "besvarelser":
            return _area_of(event), _url(submission)
        return THINGS[kind.slug](self, event)

    def membership(self, event) -> tuple[str, str]:
        return self.of(User, event.user_id), _user_url(event.user_id)

    def person(self, event) -> tuple[str, str]:
        return event.name, _user_url(event.pgh_obj_id)

    def survey_round(self, event) -> tuple[str, str]:
        row = self._rows[SurveyRound].get(event.pgh_obj_id)
        return str(event.accounts_year), reverse("rounds:plan", args=[row.accounts_year]) if row else ""

    def rule(self, event) -> tuple[str, str]:
        return event.rule, ""

    def rate(self, event) -> tuple[str, str]:
        return f"{event.year}: {event.percent} %", reverse("reference:overview")

    def municipality(self, event) -> tuple[str, str]:
        return event.name, reverse("reference:places")

    def job(self, event) -> tuple[str, str]:
        return event.title, ""


THINGS = {
    "medlemskaber": Names.membership,
    "brugere": Names.person,
    "kortlaegninger": Names.survey_round,
    "regler": Names.rule,
    "satser": Names.rate,
    "kommuner": Names.municipality,
    "eksport": Names.job,
}


def _area_of(event) -> str:
    return event.get_service_area_display() if hasattr(event, "service_area") else ""


def _value(event, lookup: str):
    return getattr(event, f"{lookup}_id", None) if lookup else None


def _user_url(pk) -> str:
    return reverse("admin:municipalities_user_change", args=[pk])


def _url(submission: Submission | None) -> str:
    if submission is None or not submission.round.is_opened:
        return ""
    return reverse(
        "reporting:submission", args=[submission.round.accounts_year, submission.municipality.code]
    )


def _initiative_url(submission: Submission, uuid) -> str:
    args = [submission.round.accounts_year, submission.municipality.code, uuid]
    return reverse("reporting:initiative", args=args)
