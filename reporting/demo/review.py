"""The open round's review under way, in the demo: mistakes as municipalities make them, and what Mette has
looked at. All of it is made up, like the amounts."""

from typing import Any

from municipalities.models import User
from reporting.deciding.rest import rest_of
from survey.adjusting import accept, adjust
from survey.models import AdjustmentReason, ReportedInitiative, Submission, SurveyRound
from survey.reviewing import accept_in_bulk, assign

IN_KRONER = {  # municipality and title: typed in kroner, where the form asks for 1,000 kr.
    ("787", "Køkkenhaver på tværs"),
    ("167", "Kollega og sprogmakker"),
}
FOUND = ("167", "Kollega og sprogmakker", 11)  # the one that Mette has adjusted, and to what
ACCEPTED = (
    ("751", "Kommunen ansætter"),  # its question is answered
    ("751", "Udvidet hjemmebesøgsprogram til småbørnsfamilier"),
    ("101", "Weekendskole og intensive forløb i udskolingen"),
    ("101", "Storskala-forløb mod plejefagene for kvinder"),
)
ACCEPTED_ANSWERS = 16  # in the order of the municipalities' codes
GIVEN_TO_METTE = ("101", "751", "851")


def typed(code: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A municipality's initiatives with its mistakes."""
    return [
        row | {"gross_expenditure": 1000 * row["gross_expenditure"]}
        if (code, row["title"]) in IN_KRONER
        else row
        for row in rows
    ]


def load_review(survey_round: SurveyRound, cast: dict[str, User]) -> None:
    """Some are given to Mette, some accepted one by one, one adjusted; of the first
    answers what no rule points at is accepted in bulk."""
    mette = cast["Mette"]
    for code in GIVEN_TO_METTE:
        mine = _reported(survey_round, code)
        submission = survey_round.submissions.get(municipality__code=code)
        uuids = mine.values_list("uuid", flat=True)
        assign(submission_id=submission.pk, uuids=uuids, reviewer=mette, by=cast["Rikke"])
    code, title, amount = FOUND
    adjust(
        initiative_id=_reported(survey_round, code).get(title=title).pk,
        by=mette,
        seen=None,
        reason=AdjustmentReason.KRONER,
        explanation="Kommunen har bekræftet i telefonen, at beløbet er skrevet i kroner.",
        gross_expenditure=amount,
    )
    for code, title in ACCEPTED:
        accept(initiative_id=_reported(survey_round, code).get(title=title).pk, by=mette, seen=None)
    waiting = survey_round.submissions.filter(state=Submission.State.SUBMITTED).order_by("municipality__code")
    rest = rest_of(survey_round, mette).by_submission
    for pk in waiting.values_list("pk", flat=True)[:ACCEPTED_ANSWERS]:
        accept_in_bulk(submission_id=pk, initiative_ids=rest.get(pk, ()), by=mette)


def _reported(survey_round: SurveyRound, code: str):
    return ReportedInitiative.objects.reported().filter(
        version__submission__round=survey_round, version__submission__municipality__code=code
    )
