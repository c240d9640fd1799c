"""The ministry's page of a trial, and that no figure of any round ever holds what is written in one."""

from dataclasses import replace

import pytest
from django.urls import reverse

from reporting.comparison import compared_answer
from reporting.files.exports import rows_of
from reporting.models import Publication
from reporting.national import national_estimate
from reporting.totals import round_totals
from survey.models import Initiative
from survey.rounds import trial as trials
from survey.transitions import Refused, database_now
from tests.builders import build_initiative, build_publication, hand_in
from tests.survey.test_pages import text, told
from tests.survey.test_trial import YEAR, build_draft, build_trial, fill, pilot

PAGE = f"/ministerium/{YEAR}/proeve/"


@pytest.fixture
def rikke(cast, client_of):
    return client_of(cast.rikke)


@pytest.fixture
def tried(cast):
    return build_trial(cast.rikke)


def test_the_pilots_are_chosen_by_region_and_the_trial_begins(rikke, cast):
    draft = build_draft()
    page = text(rikke.get(PAGE))
    assert page.index("Region Midtjylland") < page.index("Lemvig") < page.index("Region Syddanmark")
    begun = rikke.post(PAGE + "start/", {"codes": ["461", "665"]})
    assert begun.url == PAGE and "Prøven er i gang" in told(begun)
    draft.refresh_from_db()
    assert draft.state == "trial" and draft.submissions.count() == 2
    page = text(rikke.get(PAGE))
    assert f'<a href="/kommune/461/{YEAR}/">Odense</a>' in page
    assert 'value="751"' in page and 'value="461"' not in page


def test_a_pilot_without_anybody_who_can_enter_is_named_with_a_way_on(rikke, cast):
    build_trial(cast.rikke, "461", "665")
    page = text(rikke.get(PAGE))
    assert "Ingen har en bruger, der kan udfylde prøven, i: Lemvig." in page
    assert f'<a href="/ministerium/{YEAR}/invitationer/">Invitér deres kontakter</a>' in page


@pytest.mark.parametrize(
    ("codes", "message"), [([], "Vælg mindst én kommune"), (["461", "999"], "ikke på listen længere")]
)
def test_a_wrong_choice_is_told_and_what_was_chosen_stays(rikke, cast, codes, message):
    draft = build_draft()
    page = rikke.post(PAGE + "start/", {"codes": codes})
    assert page.status_code == 422 and message in text(page)
    assert ('value="461" checked' in text(page)) == ("461" in codes)
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_who_is_overtaken_by_the_opening_is_told(rikke, survey_round):
    page = rikke.post("/ministerium/2025/proeve/start/", {"codes": ["461"]})
    assert page.status_code in (409, 422) and survey_round.submissions.count() == 4
    page = rikke.post("/ministerium/2025/proeve/afslut/")
    assert page.status_code == 409 and "ingen prøve i gang" in text(page)
    assert "Kortlægningen er åbnet." in text(rikke.get("/ministerium/2025/proeve/"))


def test_pressing_twice_lets_nobody_in_twice(rikke, cast, monkeypatch):
    draft = build_trial(cast.rikke, "461", "751")
    monkeypatch.setattr(trials, "candidates", lambda survey_round: trials.Municipality.objects.all())
    monkeypatch.setattr(trials, "start", refusing)
    page = rikke.post(PAGE + "start/", {"codes": ["461"]})
    assert page.status_code == 409 and "allerede med" in text(page) and draft.submissions.count() == 2


def refusing(**_choices):
    raise Refused("De er allerede med.")


def test_how_much_is_entered_is_told_in_numbers_and_so_is_what_is_deleted(rikke, tried, cast):
    fill(pilot(tried), cast.anna, cast.carl, cast.mette)
    page = text(rikke.get(PAGE))
    assert "indsatser: 1, beskeder: 2." in page and "Mentorer til kvinder" not in page
    over = rikke.post(PAGE + "afslut/")
    assert over.url == PAGE and "det prøvede er slettet" in told(over)
    assert not Initiative.objects.exists() and "Sæt prøven i gang" in text(rikke.get(PAGE))


@pytest.mark.parametrize("name", ["mette", "admin"])
def test_the_others_in_the_ministry_read_and_act_in_vain(tried, cast, client_of, name):
    browser = client_of(getattr(cast, name))
    page = text(browser.get(PAGE))
    assert "Odense" in page and "Afslut prøven" not in page and "codes" not in page
    assert (f"/kommune/461/{YEAR}/" in page) == (name == "mette")
    assert browser.post(PAGE + "start/", {"codes": ["751"]}).status_code == 403
    assert browser.post(PAGE + "afslut/").status_code == 403


def test_a_draft_and_a_trial_have_pages_of_figures_that_count_nothing(tried, cast, client_of):
    build_initiative(pilot(tried), cast.anna, gross_expenditure=987_654)
    build_draft(accounts_year=2029, price_level=2029)
    admin = client_of(cast.admin)
    names = ("overview", "estimate", "rows", "figures", "prices", "reconciliation", "export_csv")
    for year in (YEAR, 2029):
        for name in names:
            page = admin.get(reverse(f"reporting:{name}", args=[year]))
            body = b"".join(page) if page.streaming else page.content
            assert page.status_code == (404 if name == "export_csv" else 200), name
            assert b"987.654" not in body and b"987654" not in body, name
            assert name == "export_csv" or "ikke åbnet" in body.decode(), name


def test_a_trial_is_not_published(rikke, tried, cast):
    build_initiative(pilot(tried), cast.anna)
    with pytest.raises(Refused, match="ikke åbnet"):
        build_publication(tried, cast.rikke)
    assert not Publication.objects.exists()
    address = reverse("publications:publish", args=[YEAR])
    assert address not in text(rikke.get(reverse("publications:publications")))


def test_no_figure_of_an_open_round_counts_a_trial_beside_it(odense, aarhus, cast):
    for submission, by in ((odense, cast.carl), (aarhus, cast.bo)):
        build_initiative(submission, by)
        hand_in(submission, by)
    now = database_now()
    before = figures(odense, now)
    for year in (2024, YEAR):
        of_trial = build_trial(cast.rikke, "461", "751", accounts_year=year, price_level=year)
        for code in ("461", "751"):
            build_initiative(pilot(of_trial, code), cast.anna, gross_expenditure=987_654)
        assert not any(row.responded for row in round_totals(of_trial, now).returns)
    assert figures(odense, now) == before


def figures(submission, at) -> tuple:
    """What each way out of the product makes of the round."""
    survey_round = submission.round
    totals = round_totals(survey_round, at)
    national = national_estimate(survey_round, as_at=at)
    answer = compared_answer(submission, at)
    return (
        replace(totals, adjustments=()),
        {name: line.estimate for name, line in national.lines.items()},
        rows_of(survey_round, at).count(),
        answer and answer.title,
    )
