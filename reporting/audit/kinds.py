"""What the trail tells of: each table of events that the triggers write, and whose rows they are about."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import CharField, Field, TextField
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as LazyText

DOWNLOADED = "downloaded"
LABELS = {
    "insert": _("oprettet"),
    "update": _("ændret"),
    "delete": _("slettet"),
    "baseline": _("fandtes, da sporet begyndte"),
    DOWNLOADED: _("hentet som fil"),
}
# Of fields whose model gives them no name of their own.
FIELD_LABELS = {
    "assignee": _("ansvarlig"),
    "done_at": _("meldt færdigt"),
    "nil_at": _("erklæret uden indsatser"),
    "nil_by": _("erklæret af"),
    "extended_until": _("egen frist"),
    "retired_rules": _("regler ud af brug"),
    "rule": _("regel"),
    "kind": _("afgørelse"),
    "out_of_scope": _("uden for kortlægningen"),
    "explanation": _("forklaring"),
    "in_bulk": _("godtaget samlet"),
    "reviewer": _("kvalitetssikrer"),
    "by": _("tildelt af"),
    "at": _("tidspunkt"),
    "title": _("titel"),
    "task": _("opgave"),
    "arguments": _("valg"),
    "state": _("tilstand"),
    "file": _("fil"),
    "requested_by": _("bestilt af"),
    "municipality": _("kommune"),
    "region": _("region"),
    "round": _("kortlægning"),
    "submission": _("besvarelse"),
    "initiative": _("indsats"),
    "service_area": _("område"),
    "gross_expenditure": _("bruttoudgifter"),
    "gross_income": _("bruttoindtægter"),
    "funding_sources": _("finansieringskilder"),
    "primary_target_group": _("primær målgruppe"),
    "target_share_unknown": _("andelen er ukendt"),
    "reason": _("begrundelse"),
    "uuid": _("indsatsens id"),
    "is_demo": _("demo"),
}


@dataclass(frozen=True)
class Kind:
    """`municipality`, `round` and `submission` are lookups of the events; "" where they are of none.

    A municipality's working copy is its own (`is_draft`): nobody at the ministry reads in it what was not
    handed in, and so its texts are not searched either.
    """

    slug: str
    name: "LazyText"
    event: str
    municipality: str = ""
    round: str = ""
    submission: str = ""
    is_draft: bool = False

    @cached_property
    def model(self):
        return apps.get_model(self.event)

    @cached_property
    def fields(self) -> list[Field]:
        """What an event holds of the row, in the row's order."""
        return [one for one in self.model._meta.fields if one.name != "id" and one.name[:4] != "pgh_"]

    @cached_property
    def texts(self) -> list[str]:
        """The fields that are searched."""
        if self.is_draft:
            return []
        return [one.name for one in self.fields if isinstance(one, CharField | TextField)]

    def label(self, field: Field) -> str:
        plain = field.verbose_name == field.name.replace("_", " ")
        return str(FIELD_LABELS.get(field.name, field.verbose_name) if plain else field.verbose_name)


DECIDED = "initiative__version__submission"
KINDS = (
    Kind("besvarelser", _("Besvarelse"), "survey.SubmissionChange", "municipality", "round"),
    Kind("indsatser", _("Indsats"), "survey.InitiativeEvent", submission="submission", is_draft=True),
    Kind("omraader", _("Område"), "survey.SubmissionAreaEvent", submission="submission", is_draft=True),
    Kind(
        "begrundelser", _("Begrundelse"), "survey.WarningReasonEvent", submission="submission", is_draft=True
    ),
    Kind(
        "afgoerelser",
        _("Afgørelse"),
        "survey.AdjustmentEvent",
        f"{DECIDED}__municipality",
        f"{DECIDED}__round",
    ),
    Kind("tildelinger", _("Tildeling"), "survey.ReviewAssignmentEvent", submission="submission"),
    Kind("regler", _("Regel ud af brug"), "survey.RuleRetirementEvent", round="round"),
    Kind("kortlaegninger", _("Kortlægning"), "survey.SurveyRoundEvent", round="pgh_obj"),
    Kind("satser", _("Sats"), "reporting.PriceRateEvent"),
    Kind("eksport", _("Eksport"), "survey.JobEvent"),
    Kind("medlemskaber", _("Medlemskab"), "municipalities.MembershipEvent", "municipality"),
    Kind("brugere", _("Bruger"), "municipalities.UserEvent"),
    Kind("kommuner", _("Kommune"), "municipalities.MunicipalityEvent", "pgh_obj"),
)
