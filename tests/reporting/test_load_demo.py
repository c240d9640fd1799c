import pytest
from django.core.management import CommandError, call_command

from municipalities.models import User
from reporting.review.hits import hit_list
from reporting.totals import round_totals
from survey.checking import warnings_of
from survey.models import (
    Adjustment,
    Feedback,
    Message,
    PassedWarning,
    ReportedInitiative,
    Submission,
    SubmissionVersion,
    SurveyRound,
)
from survey.transitions import database_now
from tests.builders import build_municipalities, build_round


def test_loading_twice_changes_nothing(db, capsys):
    call_command("load_demo")
    before = list(SubmissionVersion.objects.order_by("pk").values_list("checksum", flat=True))
    call_command("load_demo")
    assert list(SubmissionVersion.objects.order_by("pk").values_list("checksum", flat=True)) == before
    assert "carl@odense.example" in capsys.readouterr().out
    stages = Submission.objects.filter(round__accounts_year=2025).values_list("state", flat=True)
    assert set(stages) == {"draft", "submitted", "returned", "approved"}
    assert set(SurveyRound.objects.values_list("state", "is_demo")) == {
        ("closed", True),
        ("open", True),
        ("draft", True),
    }
    late = [
        version
        for version in SubmissionVersion.objects.select_related("submission__round")
        if version.submitted_at >= version.submission.round.deadline
    ]
    assert 10 < len(late) < 40


def test_the_open_round_shows_the_workspace_at_work(db, client_of):
    call_command("load_demo", verbosity=0)
    odense, aarhus = (
        Submission.objects.select_related("round", "municipality").get(
            round__accounts_year=2025, municipality__code=code
        )
        for code in ("461", "751")
    )
    warnings = [one for said in warnings_of(odense, odense.initiatives.all()).values() for one in said]
    assert sorted(one.is_open for one in warnings) == [False, True]
    areas = {area.service_area: area for area in odense.areas.all()}
    assert areas["employment"].assignee.name == areas["culture_leisure"].assignee.name == "Anna"
    assert areas["employment"].done_at and not areas["culture_leisure"].done_at
    assert areas["health_elderly"].nil_at
    assert not odense.initiatives.filter(service_area="health_elderly")

    unread = Message.objects.filter(submission=aarhus)
    bo, mette = (User.objects.get(name=name) for name in ("Bo", "Mette"))
    assert unread.unread_by(bo, from_ministry=True).count() == 1
    assert unread.unread_by(mette, from_ministry=False).count() == 1
    shown = PassedWarning.objects.filter(initiative__version__submission__round=odense.round)
    assert {"expenditure_in_kroner", "source_without_income"} <= set(shown.values_list("rule", flat=True))
    assert Feedback.objects.filter(minutes__gt=0).count() > 20

    bases = {
        year: set(
            ReportedInitiative.objects.filter(version__submission__round__accounts_year=year).values_list(
                "expenditure_basis", "scope"
            )
        )
        for year in (2019, 2025)
    }
    assert bases[2019] == {("", "")}
    assert {basis for basis, _scope in bases[2025]} == {"accounts", "allocated", "estimated", ""}
    assert {scope for _basis, scope in bases[2025]} == {"in", "doubt", ""}

    anna = client_of(User.objects.get(name="Anna"))
    page = anna.get("/kommune/461/2025/fra-sidst/").content.decode()
    assert page.count('type="checkbox"') > 5 and "DEMO - opdigtede tal" in page
    page = anna.get("/kommune/461/2025/historik/").content.decode()
    assert "hentede" in page and "erklærede, at der ingen indsatser er på" in page
    shows_the_review_under_way(odense.round)


def shows_the_review_under_way(survey_round):
    found = hit_list(survey_round, round_totals(survey_round, database_now()))
    assert {status.name for status in found.statuses.values()} == {"open", "asked", "accepted", "adjusted"}
    first = found.hits[0]
    assert (first.title, first.status.name) == ("Køkkenhaver på tværs", "open")
    assert {"changed", "expenditure_in_kroner"} <= set(first.rules)
    assert 10 < len(found.hits) < 40 and found.stop_after > 0
    in_bulk = Adjustment.objects.filter(in_bulk=True).values_list("initiative", flat=True)
    assert len(in_bulk) > 50 and not found.flagged & set(in_bulk)


def test_the_demo_s_history_is_of_when_it_happened(db, client_of):
    call_command("load_demo", verbosity=0)
    page = client_of(User.objects.get(name="Bo")).get("/kommune/751/2019/historik/").content.decode()
    assert "indlæste indsatser (nye: 61)." in page and ". november 2021" in page


@pytest.mark.parametrize("make", [lambda: build_municipalities() and build_round(), None, "production"])
def test_it_refuses_where_anything_is_real(db, settings, make):
    if make == "production":
        settings.PRODUCTION = True
    elif make:
        make()
    else:
        User.objects.create_user("real@kommune.test", "Real")
    with pytest.raises(CommandError):
        call_command("load_demo")
    assert not User.objects.filter(is_demo=True).exists()
