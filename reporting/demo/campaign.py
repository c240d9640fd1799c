"""How the demo's open round is run: its plan, contacts, mails and notes; and next year's, being planned."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from municipalities.models import Contact, Municipality, OutgoingMail, User
from survey import letters
from survey.models import (
    ChaseNote,
    GuidanceText,
    Reminder,
    RoundMail,
    RoundPhase,
    Submission,
    SurveyRound,
)
from survey.rounds.extensions import extend

Kind, Target, Outcome = RoundPhase.Kind, Reminder.Target, ChaseNote.Outcome
MINISTRY, GROUP, MUNICIPALITIES = "Ministeriet", "Arbejdsgruppen", "Kommunerne"
PHASES = (  # first and last day, counted from the opening; as in the report's Bilag 2, table 1
    (Kind.QUESTIONNAIRE, -56, -43, MINISTRY),
    (Kind.WORKSHOP, -42, -38, GROUP),
    (Kind.TRIAL, -28, -15, MINISTRY),
    (Kind.DISPATCH, 0, 4, MINISTRY),
    (Kind.ANSWERS, 0, 44, MUNICIPALITIES),
    (Kind.REPORT, 45, 65, MINISTRY),
    (Kind.APPROVAL, 66, 72, GROUP),
)
BOUNCED, EXTENDED = "Kalundborg", "Silkeborg"
NOTES = (
    ("Silkeborg", Outcome.BOARD, "Udvalget behandler besvarelsen på sit næste møde."),
    ("Kalundborg", Outcome.UNREACHABLE, "Mailen kommer retur. Omstillingen leder efter en ny kontakt."),
    ("Vejle", Outcome.PROMISED, "Svarer inden fristen."),
)
GUIDANCE = (
    "Kommunens bruttoudgifter til initiativet i regnskabet for {accounts_year}, også den del af lønnen, der "
    "går til indsatsen. Kun serviceudgifter, i hele 1.000 kr. 1.250 betyder 1.250.000 kr."
)
REMINDER = (
    "Kære {kontakt}\n\nVi har endnu ikke modtaget {kommune}s besvarelse om regnskabet for "
    "{regnskabsaar}. Fristen er {frist}.\n\nBesvarelsen udfyldes her: {link}\n"
)


def load_contacts() -> None:
    Contact.objects.bulk_create(
        Contact(
            municipality=one,
            name=f"Kontaktperson, {one.name}",
            title="Konsulent",
            email=f"integration@{one.code}.example",
            bounced_at=timezone.now() if one.name == BOUNCED else None,
            bounce_note="Postkassen findes ikke" if one.name == BOUNCED else "",
        )
        for one in Municipality.objects.all()
    )


def load_campaign(survey_round: SurveyRound, cast: dict[str, User]) -> None:
    """Phases, one reminder that is sent, one that waits, notes, and more time for one municipality."""
    _load_phases(survey_round)
    sent_at = survey_round.opens_at + timedelta(days=10)
    reminder = _reminder(survey_round, 1, sent_at, cast["Rikke"], "Husk kortlægningen")
    silent = Submission.objects.filter(round=survey_round, state=Submission.State.DRAFT)
    _log(reminder, [one.municipality for one in silent.select_related("municipality")], sent_at)
    Reminder.objects.filter(pk=reminder.pk).update(sent_at=sent_at)
    _reminder(survey_round, 2, survey_round.deadline - timedelta(days=7), cast["Rikke"], "En uge til fristen")
    drafts = {one.municipality.name: one for one in silent.select_related("municipality")}
    for name, outcome, text in NOTES:
        municipality = Municipality.objects.get(name=name)
        ChaseNote.objects.create(
            round=survey_round, municipality=municipality, outcome=outcome, text=text, by=cast["Mette"]
        )
    if EXTENDED in drafts:
        extend(
            submission_id=drafts[EXTENDED].pk,
            by=cast["Rikke"],
            until=survey_round.deadline + timedelta(days=10),
            reason="Byrådet skal godkende besvarelsen og mødes først efter fristen.",
        )


def load_planned_round() -> None:
    """Next year's, still a draft: its population is not published yet."""
    opens_at = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    opens_at += timedelta(weeks=50)
    survey_round = SurveyRound.objects.create(
        accounts_year=2026,
        price_level=2027,
        population_date=date(2027, 1, 1),
        opens_at=opens_at,
        deadline=opens_at + timedelta(days=44),
        edit_until=opens_at + timedelta(days=58),
        is_demo=True,
    )
    GuidanceText.objects.create(round=survey_round, field="gross_expenditure", text=GUIDANCE)
    _load_phases(survey_round)


def _load_phases(survey_round: SurveyRound) -> None:
    first = timezone.localdate(survey_round.opens_at)
    RoundPhase.objects.bulk_create(
        RoundPhase(
            round=survey_round,
            kind=kind,
            starts_on=first + timedelta(days=begins),
            ends_on=first + timedelta(days=ends),
            responsible=responsible,
        )
        for kind, begins, ends, responsible in PHASES
    )


def _reminder(survey_round: SurveyRound, number: int, at: datetime, by: User, subject: str) -> Reminder:
    targets = [Target.NOT_BEGUN, Target.BEGUN]
    return Reminder.objects.create(
        round=survey_round,
        number=number,
        send_at=at,
        targets=targets,
        subject=subject,
        text=REMINDER,
        created_by=by,
    )


def _log(reminder: Reminder, municipalities: list[Municipality], at: datetime) -> None:
    """Mails that were sent then; nothing is sent now."""
    subject, _text = letters.marked_as_demo(reminder.subject, reminder.text)
    mails = OutgoingMail.objects.bulk_create(
        OutgoingMail(
            to=f"integration@{one.code}.example",
            subject=subject,
            state=OutgoingMail.State.SENT,
            sent_at=at,
        )
        for one in municipalities
    )
    RoundMail.objects.bulk_create(
        RoundMail(round=reminder.round, municipality=one, reminder=reminder, to=mail.to, mail=mail, at=at)
        for one, mail in zip(municipalities, mails, strict=True)
    )
