"""Those to whom the answer was sent back, on the chase list, in its workbook and on the overview."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from municipalities.models import Contact
from survey.models import Submission
from tests.builders import build_approver, hand_in

YEAR = 2025


@pytest.fixture
def returned(survey_round, odense, aarhus, cast):
    """Odense has three days more, Aarhus is a day over."""
    now = timezone.now()
    for submission, by, due in ((odense, cast.carl, 3), (aarhus, cast.bo, -1)):
        hand_in(submission, by)
        Submission.objects.filter(pk=submission.pk).update(
            state="returned", return_due_at=now + timedelta(days=due)
        )
    Contact.objects.create(municipality=aarhus.municipality, name="Kirsten", email="k@aarhus.example")
    return survey_round


def page(client, name="chase:chase", **choices):
    response = client.get(reverse(name, args=[YEAR]), choices)
    return response, " ".join(response.content.decode().split())


def test_the_returned_stand_below_with_those_that_are_overdue_first(returned, client_of, cast):
    response, text = page(client_of(cast.mette))
    rows = response.context["returned"]
    assert [(row.submission.municipality.name, row.is_overdue) for row in rows] == [
        ("Aarhus", True),
        ("Odense", False),
    ]
    assert "2 kommuner, heraf 1 over fristen" in text and "k@aarhus.example" in text
    for name, args in (
        ("chase:notes", [YEAR, "751"]),
        ("reminders:extension", [YEAR, "751"]),
        ("response:municipality", ["751"]),
    ):
        assert reverse(name, args=args) in text
    assert {row.submission.municipality.name for row in response.context["rows"]} == {"Lemvig", "Langeland"}


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        ({"tilstand": "sendt-tilbage"}, ([], ["Aarhus", "Odense"])),
        ({"tilstand": "ikke-begyndt"}, (["Lemvig", "Langeland"], [])),
        ({"region": "1082"}, (["Lemvig"], ["Aarhus"])),
    ],
)
def test_both_tables_are_narrowed_together(returned, client_of, cast, choices, expected):
    context = page(client_of(cast.mette), **choices)[0].context
    names = [[row.submission.municipality.name for row in context[key]] for key in ("rows", "returned")]
    assert tuple(names) == expected


def test_when_all_have_answered_the_returned_are_still_listed(returned, client_of, cast):
    for submission in returned.submissions.filter(state="draft").select_related("municipality"):
        hand_in(submission, build_approver(submission))
    text = page(client_of(cast.mette))[1]
    assert "Alle kommuner har svaret." in text and "heraf 1 over fristen" in text


def test_the_workbook_has_them_on_a_sheet_of_their_own(returned, client_of, cast):
    response = client_of(cast.mette).get(reverse("chase:workbook", args=[YEAR]))
    rows = CalamineWorkbook.from_filelike(BytesIO(response.content)).get_sheet_by_name("Sendt tilbage")
    _basis, _empty, heading, *found = rows.to_python(skip_empty_area=False)
    first, second = (dict(zip(heading, row, strict=True)) for row in found)
    assert (first["Kommune"], first["Over fristen"], first["E-mail"]) == ("Aarhus", "ja", "k@aarhus.example")
    assert (second["Kommune"], second["Over fristen"]) == ("Odense", "nej")


def test_the_overview_names_them_in_number(returned, client_of, cast):
    text = page(client_of(cast.mette), "reporting:overview")[1]
    assert "2 er sendt tilbage, heraf 1 over fristen" in text


def test_one_query_for_each_kind_however_many(returned, odense, client_of, cast, django_assert_num_queries):
    client, address = client_of(cast.mette), reverse("chase:chase", args=[YEAR])
    client.get(address)
    Submission.objects.filter(pk=odense.pk).update(state="approved", return_due_at=None)
    with django_assert_num_queries(QUERIES):
        client.get(address)
    Submission.objects.filter(pk=odense.pk).update(state="returned", return_due_at=timezone.now())
    with django_assert_num_queries(QUERIES):
        client.get(address)


QUERIES = 20
