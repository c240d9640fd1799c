"""The open round at work, in the demo: areas given away, doubts stated, warnings passed, questions asked."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

import pgtrigger
from django.db import connection
from django.db.models import F
from django.utils import timezone

from municipalities.models import User
from reporting.demo.history import done_by
from survey.checking import Warnings, keep_reasons, warnings_of
from survey.copying import COPIED
from survey.models import (
    AmountBasis,
    DialogueRead,
    Feedback,
    FundingSource,
    Initiative,
    Message,
    Scope,
    ServiceArea,
    Submission,
    SubmissionArea,
    WarningReason,
)

# Of ten expenditures; an income is mostly a grant, and that is in the accounts.
EXPENDITURE_BASES = (
    *[AmountBasis.ACCOUNTS] * 5,
    *[AmountBasis.ALLOCATED] * 2,
    *[AmountBasis.ESTIMATED] * 2,
    "",
)
INCOME_BASES = (*[AmountBasis.ACCOUNTS] * 8, AmountBasis.ESTIMATED, "")
SCOPES = {  # by the last two digits of an initiative's number
    7: (Scope.IN_SCOPE, "Indsatsen er kun for flygtninge og indvandrere og blev oprettet til dem."),
    31: (Scope.IN_SCOPE, "Uden målgruppen ville indsatsen ikke findes; den almene indsats er en anden."),
    58: (Scope.IN_DOUBT, "Flest deltagere har udenlandsk baggrund, men tilbuddet er åbent for alle."),
    84: (Scope.IN_DOUBT, "En del af opgaven kan være lovbunden. Kun den øvrige del er regnet med."),
}
REASONS = {
    "income_above_expenditure": "Tilskuddet dækker også udgifter, som er bogført året efter.",
    "income_without_source": "Indtægten er deltagernes egen betaling.",
    "source_without_income": "Tilskuddet udbetales først, når regnskabet er godkendt.",
    "expenditure_zero": "Frivillige driver det, og lokalet er gratis.",
    "expenditure_in_kroner": "Beløbet er rigtigt: indsatsen dækker alle kommunens skoler.",
    "income_in_kroner": "Beløbet er rigtigt: tilskuddet er til flere år.",
    "title_repeated": "Det er to indsatser: den ene er for voksne, den anden for børn.",
}
COMMENTS = ("", "", "Felt 10 er svært at svare på.", "", "Godt, at sidste års svar kunne hentes.", "", "")
HISTORY = """
INSERT INTO survey_initiativeevent
    (pgh_created_at, pgh_label, pgh_context, pgh_context_id, pgh_obj_id, id, submission_id,
     gross_expenditure, gross_income, expenditure_basis, income_basis, {columns})
SELECT %s, 'insert', jsonb_build_object('user', updated_by_id, 'act', %s::text), %s, id, id,
    submission_id, gross_expenditure, gross_income, expenditure_basis, income_basis, {columns}
FROM survey_initiative WHERE submission_id = %s ORDER BY id
"""


def enter(submission: Submission, rows: list[dict], by: User, at: datetime, act: str) -> list[Initiative]:
    """The initiatives, entered at that time in one request; the triggers would write that it was today."""
    with pgtrigger.ignore("survey.Initiative:insert_insert"):
        initiatives = Initiative.objects.bulk_create(
            Initiative(submission=submission, updated_by=by, **row) for row in rows
        )
    with connection.cursor() as cursor:
        sql = HISTORY.format(columns=", ".join(("uuid", *COPIED)))
        cursor.execute(sql, [at, act, uuid4(), submission.pk])
    return initiatives


def beside(number: int, fields: dict[str, Any]) -> dict[str, Any]:
    """What stands beside the ten fields of the closed round's initiative `number`, in the open round."""
    scope, reason = SCOPES.get(number % 100, ("", ""))
    found: dict[str, Any] = {
        "expenditure_basis": EXPENDITURE_BASES[number * 7 % 10],
        "income_basis": INCOME_BASES[number // 3 % 10] if fields["gross_income"] else "",
        "scope": scope,
        "scope_reason": reason,
    }
    if number % 50 == 11 and not fields["gross_income"]:
        found["funding_sources"] = [FundingSource.STATE, FundingSource.OWN]  # a grant that is not paid yet
    return found


def passed_by(submission: Submission, initiatives: Sequence[Initiative], by: User) -> Warnings:
    """The warnings of an answer, each with the reason that its municipality gave."""
    warnings = {
        uuid: [replace(warning, reason=REASONS[warning.rule]) for warning in said]
        for uuid, said in warnings_of(submission, initiatives).items()
    }
    WarningReason.objects.bulk_create(
        WarningReason(submission=submission, uuid=uuid, rule=one.rule, reason=one.reason, by=by)
        for uuid, said in warnings.items()
        for one in said
    )
    return warnings


def load_feedback(answered: Sequence[Submission]) -> None:
    """What answering took, of those who said: from one hour for a few initiatives to four days for many."""
    Feedback.objects.bulk_create(
        Feedback(
            submission=submission,
            minutes=60 + 45 * submission.initiatives.count() + 15 * (number % 5),
            comment=COMMENTS[number % len(COMMENTS)],
        )
        for number, submission in enumerate(answered)
        if number % 4
    )


IN_KRONER = "Tilskud til forening"


def load_odense(submission: Submission, cast: dict[str, User]) -> None:
    """In the middle of it: two areas are Anna's, one of them done; one is stated empty; one warning is
    passed with a reason, and one is open."""
    anna, carl, now = cast["Anna"], cast["Carl"], timezone.now()
    empty = {"service_area": ServiceArea.HEALTH_ELDERLY, "nil_at": now, "nil_by": carl}
    with done_by(carl):
        for area in (ServiceArea.EMPLOYMENT, ServiceArea.CULTURE_LEISURE):
            SubmissionArea.objects.create(submission=submission, service_area=area, assignee=anna)
        SubmissionArea.objects.create(submission=submission, **empty)
    with done_by(anna):
        submission.areas.filter(service_area=ServiceArea.EMPLOYMENT).update(done_at=now)
        submission.initiatives.filter(title=IN_KRONER).update(gross_expenditure=1000 * F("gross_expenditure"))
        initiatives = list(submission.initiatives.exclude(title=IN_KRONER))
        for uuid, said in warnings_of(submission, initiatives).items():
            reasons = {warning.rule: REASONS[warning.rule] for warning in said}
            keep_reasons(submission=submission, uuid=uuid, reasons=reasons, by=anna)


QUESTIONS = (  # to Aarhus, which has answered the first and not read the second
    (
        "Kommunen ansætter",
        "gross_income",
        "Indtægten er næsten så stor som udgiften. Er hele tilskuddet brugt i regnskabsåret?",
        "Ja, det er bogført i regnskabsåret, og resten af udgiften er kommunens egen.",
    ),
    (
        "Dagcenter med åbne døre",
        "target_share",
        "Andelen er ikke udfyldt. Kan I skønne, hvor mange der er flygtninge eller indvandrere?",
        "",
    ),
)


def load_dialogue(submission: Submission, cast: dict[str, User]) -> None:
    mette, bo = cast["Mette"], cast["Bo"]
    for title, field, question, answer in QUESTIONS:
        uuid = submission.initiatives.get(title=title).uuid
        about = {"submission": submission, "uuid": uuid, "field": field}
        asked = Message.objects.create(by=mette, from_ministry=True, text=question, **about)
        if answer:
            reply = {"by": bo, "from_ministry": False, "text": answer, "reply_to": asked}
            read = Message.objects.create(**about, **reply)
            DialogueRead.objects.create(user=bo, submission=submission, message=read)
            DialogueRead.objects.create(user=mette, submission=submission, message=asked)
