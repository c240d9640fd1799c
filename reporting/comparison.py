"""A municipality's answer beside the others', as at a time, and the words and the drawing for it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reporting import wording
from reporting.breakdowns import SERVICE_AREA
from reporting.figures import GroupRange, OwnAndGroups, quartile_ranges
from reporting.figures.drawing import danish
from reporting.peers import (
    FEWEST,
    Change,
    Comparison,
    Group,
    Snapshot,
    compare,
    groups_of,
    position,
    refreshed,
)
from reporting.report.context import demo_mark
from reporting.returns import MunicipalReturn
from reporting.strata import size_class
from reporting.totals import RoundTotals, round_totals
from survey.models import Submission, SubmissionEvent, SubmissionVersion, SurveyRound

TOTAL = "exp_total"
NAMES = {f"exp_{area}": name for area, name in SERVICE_AREA.groups.items()} | {TOTAL: wording.TOTAL}

POSITIONS = {
    "below_lower": gettext_lazy("under den nedre kvartil (%(lower)s kr.)"),
    "at_lower": gettext_lazy("på den nedre kvartil (%(lower)s kr.)"),
    "below_median": gettext_lazy("mellem den nedre kvartil (%(lower)s kr.) og medianen (%(median)s kr.)"),
    "at_median": gettext_lazy("på medianen (%(median)s kr.)"),
    "above_median": gettext_lazy("mellem medianen (%(median)s kr.) og den øvre kvartil (%(upper)s kr.)"),
    "at_upper": gettext_lazy("på den øvre kvartil (%(upper)s kr.)"),
    "above_upper": gettext_lazy("over den øvre kvartil (%(upper)s kr.)"),
}

REFRESHED = gettext_lazy(
    "De andres tal gøres op, når fem i gruppen har svaret, og igen for hver fem flere; de står stille "
    "derimellem, så et enkelt svar ikke kan ses."
)

SHORT_NAMES = {
    "size": gettext_lazy("Samme størrelse"),
    "region": gettext_lazy("Samme region"),
    "all": gettext_lazy("Hele landet"),
}


@dataclass(frozen=True)
class ComparedAnswer:
    """Of a municipality whose answer counts; `totals` hold its own return and adjustments alone."""

    submission: Submission
    version: SubmissionVersion
    totals: RoundTotals
    comparison: Comparison

    @property
    def mark(self) -> str:
        return demo_mark() if self.submission.round.is_demo else ""

    @property
    def title(self) -> str:
        return _("Kr. pr. indbygger: %(name)s og andre kommuner") % {"name": self.submission.municipality}

    @property
    def unit(self) -> str:
        return _("kr. pr. indbygger, %(year)d-priser") % {"year": self.totals.accounts_year}

    @property
    def own_total(self) -> str:
        return danish(self.comparison.rates[TOTAL])

    @property
    def moment(self) -> str:
        local = localtime(self.totals.as_at)
        return _("%(day)s kl. %(clock)s") % {
            "day": date_format(local, "DATE_FORMAT"),
            "clock": date_format(local, "H.i"),
        }

    @property
    def basis(self) -> str:
        """Unit, denominator, moment and corrections."""
        texts = [
            _("Bruttoudgifter i hele kr. pr. indbygger, %(year)d-priser; under en halv krone står som 0.")
            % {"year": self.totals.accounts_year},
            _("Folketal %(day)s (Danmarks Statistik).")
            % {"day": date_format(self.totals.population_date, "DATE_FORMAT")},
            _("Kommunens egne tal er opgjort %(moment)s.") % {"moment": self.moment},
            wording.adjusted(self.totals),
            REFRESHED,
        ]
        return " ".join(str(text) for text in texts if text)

    @property
    def group_names(self) -> list[str]:
        """In words, in the order of the groups."""
        own = self.comparison.own
        names = {
            "size": _("kommuner med %(size)s") % {"size": wording.STRATA[size_class(own.inhabitants)]},
            "region": _("kommuner i %(region)s") % {"region": own.region_name},
            "all": _("hele landet"),
        }
        return [names[group.kind] for group in self.comparison.groups]

    @property
    def sentences(self) -> list[str]:
        """Where the municipality lies in all, a group each."""
        rate = self.comparison.rates[TOTAL]
        pairs = zip(self.group_names, self.comparison.groups, strict=True)
        return [_sentence(name, group, rate) for name, group in pairs]

    @property
    def rows(self) -> list[tuple[str, str, list[str]]]:
        """[(area, own, each group's lower quartile, median and upper quartile)], the total last."""
        return [
            (str(name), danish(self.comparison.rates[variable]), self._cells(variable))
            for variable, name in NAMES.items()
        ]

    def _cells(self, variable: str) -> list[str]:
        found = (_quartiles(group, variable) or (None,) * 3 for group in self.comparison.groups)
        return [danish(value) for three in found for value in three]

    def chart(self, variables: Sequence[str] = tuple(NAMES)) -> dict:
        """The drawing's specification: a row a variable."""
        return quartile_ranges(
            [
                OwnAndGroups(
                    str(NAMES[variable]),
                    self.comparison.rates[variable],
                    [
                        GroupRange(str(SHORT_NAMES[group.kind]), _quartiles(group, variable))
                        for group in self.comparison.groups
                    ],
                )
                for variable in variables
            ],
            title=self.title,
            unit=self.unit,
            few=_("for få svar"),
            mark=self.mark,
        )


def _quartiles(group: Group, variable: str) -> tuple[Decimal, Decimal, Decimal] | None:
    found = group.quartiles.get(variable)
    return (found.lower, found.median, found.upper) if found else None


def _sentence(name: str, group: Group, rate: Decimal) -> str:
    day = date_format(localtime(group.at), "DATE_FORMAT")
    words: dict[str, object] = {"group": name, "n": group.others, "day": day}
    if group.others < FEWEST:
        return (
            _("ikke til at sige for %(group)s: for få har svaret (%(n)d andre; der skal være mindst fem)")
            % words
        )
    if not group.quartiles:
        return _("vises ikke for %(group)s, som næsten er de samme kommuner som i en gruppe ovenfor") % words
    others = group.quartiles[TOTAL]
    numbers = {part: danish(getattr(others, part)) for part in ("lower", "median", "upper")}
    words["place"] = POSITIONS[position(rate, others)] % numbers
    return _("%(place)s for %(group)s (de %(n)d andre, der havde svaret %(day)s)") % words


def compared_answer(submission: Submission, as_at: datetime) -> ComparedAnswer | None:
    """None while no version of the answer counts. Raises PopulationMissing.

    At most fifteen queries: two for when each group's figures were made, and the round's totals then.
    """
    totals = round_totals(submission.round, as_at)
    own = next(row for row in totals.returns if row.code == submission.municipality.code)
    if own.version is None:
        return None
    corrected = tuple(one for one in totals.adjustments if one.initiative.version_id == own.version)
    return ComparedAnswer(
        submission=submission,
        version=SubmissionVersion.objects.get(pk=own.version),
        totals=replace(totals, returns=(own,), adjustments=corrected),
        comparison=compare(own, _snapshots(submission.round, own, totals), tuple(NAMES)),
    )


def _snapshots(survey_round: SurveyRound, own: MunicipalReturn, now: RoundTotals) -> dict[str, Snapshot]:
    """Each group's; a group that never had enough is as it is now, too few to show."""
    changes = _changes(survey_round, now.as_at)
    moments = {kind: refreshed(changes, codes) for kind, codes in groups_of(own, now.returns).items()}
    made = {at: Snapshot(at, round_totals(survey_round, at).returns) for at in set(moments.values()) if at}
    few = Snapshot(now.as_at, now.returns)
    return {kind: made[at] if at else few for kind, at in moments.items()}


def _changes(survey_round: SurveyRound, as_at: datetime) -> list[Change]:
    versions = SubmissionVersion.objects.filter(submission__round=survey_round, submitted_at__lte=as_at)
    withdrawn = SubmissionEvent.objects.filter(
        submission__round=survey_round, kind=SubmissionEvent.Kind.WITHDRAWN, at__lte=as_at
    )
    code = "submission__municipality__code"
    return [
        *((at, of, 1) for at, of in versions.order_by().values_list("submitted_at", code)),
        *((at, of, -1) for at, of in withdrawn.order_by().values_list("at", code)),
    ]
