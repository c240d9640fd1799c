"""A new round, its plan's forms, and how they answer to what is wrong."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from municipalities.models import PopulationCount
from survey.models import GuidanceText, Reminder, RoundEvent, RoundPhase, SurveyRound
from survey.rounds import lifecycle
from tests.builders import POPULATION_DATE
from tests.reporting.test_estimate_page import text

ROUNDS = "/ministerium/kortlaegninger/"


def fields(**own):
    return {
        "accounts_year": "2026",
        "price_level": "2027",
        "population_date": "01.01.2026",
        "opens_at": "04.10.2027 08.00",
        "deadline": "29.10.2027 12.00",
        "edit_until": "19.11.2027 kl. 12.00",
    } | own


@pytest.fixture
def rikke(cast, client_of):
    return client_of(cast.rikke)


@pytest.fixture
def draft(cast):
    survey_round = SurveyRound.objects.create(
        accounts_year=2026,
        price_level=2027,
        population_date=POPULATION_DATE,
        opens_at=datetime(2027, 10, 4, 6, tzinfo=UTC),
        deadline=datetime(2027, 10, 29, 10, tzinfo=UTC),
        edit_until=datetime(2027, 11, 19, 11, tzinfo=UTC),
    )
    phase = {"starts_on": date(2027, 9, 27), "ends_on": date(2027, 10, 1)}
    survey_round.phases.create(kind="workshop", responsible="Ministeriet & <KL>", **phase)
    return survey_round


def test_a_round_is_made_as_a_draft_in_danish_time_on_both_sides_of_the_change(rikke):
    response = rikke.post(f"{ROUNDS}ny/", fields())
    assert (response.status_code, response.url) == (302, "/ministerium/2026/plan/")
    made = SurveyRound.objects.get()
    assert made.opens_at == datetime(2027, 10, 4, 6, tzinfo=UTC)  # summer
    assert made.edit_until == datetime(2027, 11, 19, 11, tzinfo=UTC)  # winter
    assert (made.state, made.questionnaire_version) == ("draft", 2)
    page = text(rikke.get(response.url))
    assert "inden 29. oktober 2027 kl. 12.00" in page and "19. november 2027 kl. 12.00" in page


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ({"accounts_year": ""}, "Skriv regnskabsåret med fire cifre"),
        ({"accounts_year": "26"}, "Skriv regnskabsåret med fire cifre"),
        ({"accounts_year": "99999"}, "Skriv regnskabsåret med fire cifre"),
        ({"price_level": "2025"}, "Pris- og lønniveauet kan ikke ligge før regnskabsåret."),
        ({"population_date": "1. januar"}, "Skriv datoen som dag, måned og år"),
        ({"opens_at": "04.10.2027"}, "Skriv dato og klokkeslæt"),
        ({"opens_at": ""}, "Skriv, hvornår kortlægningen åbner"),
        ({"deadline": "04.10.2027 08.00"}, "Svarfristen skal ligge efter det tidspunkt"),
        ({"edit_until": "29.10.2027 11.59"}, "kan ikke ligge før svarfristen"),
        ({"edit_until": "31.10.2027 02.30"}, "Uret stilles i den time"),
        ({"opens_at": "28.03.2027 02.30"}, "Uret stilles i den time"),
        ({"opens_at": "01.01.0001 00.00"}, "Skriv dato og klokkeslæt"),
        ({"deadline": "x" * 5000}, "Skriv dato og klokkeslæt"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_once_and_nothing_is_stored(rikke, own, said):
    response = rikke.post(f"{ROUNDS}ny/", fields(**own))
    page = text(response)
    assert response.status_code == 422
    assert page.count(said) == 2  # in the summary and at the field
    assert 'value="2027"' in page or own.get("price_level")
    assert not SurveyRound.objects.exists()


def test_a_deadline_may_also_be_the_last_moment(rikke):
    assert rikke.post(f"{ROUNDS}ny/", fields(edit_until="29.10.2027 12.00")).status_code == 302


def test_a_year_that_has_a_round_is_refused_at_its_field(rikke, draft):
    response = rikke.post(f"{ROUNDS}ny/", fields())
    assert response.status_code == 422
    assert text(response).count("Der er allerede en kortlægning af dette regnskabsår.") == 2
    assert SurveyRound.objects.count() == 1


def test_a_year_that_was_taken_meanwhile_is_refused_with_the_form_as_typed(rikke, draft, monkeypatch):
    monkeypatch.setattr("reporting.rounds.forms.RoundForm.validate_unique", lambda form: None)
    response = rikke.post(f"{ROUNDS}ny/", fields(deadline="28.10.2027 12.00"))
    assert response.status_code == 409
    assert "28.10.2027 12.00" in text(response)


def test_the_page_says_which_dates_have_a_population_and_warns_of_others(rikke):
    assert "folketal for alle kommuner er 1. januar 2026" in text(rikke.get(f"{ROUNDS}ny/"))
    response = rikke.post(f"{ROUNDS}ny/", fields(population_date="01.01.2027"), follow=True)
    page = text(response)
    assert "Folketallet pr. 01.01.2027 er ikke indlæst for alle kommuner. Det skal det være" in page
    assert "Åbn kortlægningen</button>" not in page


def test_without_populations_the_page_says_so(rikke):
    PopulationCount.objects.all().delete()
    assert "ingen dato med folketal for alle kommuner" in text(rikke.get(f"{ROUNDS}ny/"))


def test_a_copy_is_shown_moved_and_then_stored_with_its_phases_and_texts(rikke, cast, draft):
    GuidanceText.objects.create(round=draft, field="title", text="Skriv titlen.")
    common = {"round": draft, "targets": ["begun"], "subject": "x", "text": "x", "created_by": cast.rikke}
    Reminder.objects.create(number=1, send_at=draft.opens_at - timedelta(days=9), **common)
    page = text(rikke.get(f"{ROUNDS}ny/?fra=2026"))
    for value in ("2027", "2028", "01.01.2027", "02.10.2028 08.00", "27.10.2028 12.00", "17.11.2028 12.00"):
        assert f'value="{value}"' in page
    typed = fields(accounts_year="2027", opens_at="02.10.2028 08.00", deadline="27.10.2028 12.00")
    response = rikke.post(f"{ROUNDS}ny/?fra=2026", typed | {"edit_until": "17.11.2028 12.00"}, follow=True)
    page = text(response)
    assert "25. september 2028" in page and "29. september 2028" in page  # the workshop
    assert "1 påmindelse er ikke kopieret" in page
    assert SurveyRound.objects.get(accounts_year=2027).guidance.count() == 1


@pytest.mark.parametrize("year", ["1999", "abcd", "²⁰²⁶", "20260", "0x7e"])
def test_a_source_that_does_not_exist_is_not_found(rikke, draft, year):
    assert rikke.get(f"{ROUNDS}ny/", {"fra": year}).status_code == 404


def test_archived_rounds_are_folded_away(rikke, draft, survey_round):
    assert "arkiveret kortlægning" not in text(rikke.get(ROUNDS))
    SurveyRound.objects.filter(accounts_year=2025).update(state="archived")
    page = text(rikke.get(ROUNDS))
    assert "1 arkiveret kortlægning" in page
    assert page.index("regnskab 2026</a>") < page.index("<details") < page.index("regnskab 2025</a>")


def test_only_a_round_manager_is_offered_to_plan(client_of, cast, draft):
    page = text(client_of(cast.mette).get(ROUNDS))
    assert "Ny kortlægning" not in page and "Kopiér" not in page
    page = text(client_of(cast.admin).get("/ministerium/2026/plan/"))
    assert "Næste skridt" not in page
    assert "/plan/faser/" not in page and "/plan/ret/" not in page


def test_a_draft_is_edited(rikke, draft):
    page = text(rikke.get("/ministerium/2026/plan/ret/"))
    assert 'value="04.10.2027 08.00"' in page and 'value="19.11.2027 12.00"' in page
    response = rikke.post("/ministerium/2026/plan/ret/", fields(accounts_year="2028", price_level="2028"))
    assert response.url == "/ministerium/2028/plan/"
    draft.refresh_from_db()
    assert (draft.accounts_year, draft.price_level) == (2028, 2028)


def test_an_edit_that_is_wrong_changes_nothing_and_keeps_its_page(rikke, draft):
    response = rikke.post("/ministerium/2026/plan/ret/", fields(accounts_year="2030", price_level="2001"))
    assert response.status_code == 422
    assert "Kortlægning af regnskab 2026" in text(response) and 'value="2030"' in text(response)


def test_an_edit_of_a_round_that_was_opened_meanwhile_is_refused_with_what_was_typed(rikke, survey_round):
    typed = fields(accounts_year="2025", price_level="2031")
    response = rikke.post("/ministerium/2025/plan/ret/", typed)
    assert response.status_code == 409
    assert "ligger fast" in text(response) and 'value="2031"' in text(response)
    survey_round.refresh_from_db()
    assert survey_round.price_level == 2025
    assert rikke.get("/ministerium/2025/plan/ret/").status_code == 302


def dates(survey_round, **own):
    local = timezone.localtime
    return {
        "deadline": f"{local(survey_round.deadline):%d.%m.%Y %H.%M}",
        "edit_until": f"{local(survey_round.edit_until):%d.%m.%Y %H.%M}",
        "reason": "Nedbrud hos leverandøren.",
    } | own


def test_new_dates_of_an_open_round_are_stored_with_their_reason(rikke, survey_round):
    url = "/ministerium/2025/plan/frister/"
    assert "det kan ikke ændres" in text(rikke.get(url))
    rikke.post(url, dates(survey_round, edit_until="28.03.2098 12.00"))
    event = RoundEvent.objects.last()
    assert (event.kind, event.reason) == ("dates_changed", "Nedbrud hos leverandøren.")
    assert event.deadline == survey_round.deadline  # the seconds that the page does not show are kept
    page = text(rikke.get("/ministerium/2025/plan/"))
    assert "28. marts 2098 kl. 12.00" in page and "Nedbrud hos leverandøren." in page


@pytest.mark.parametrize(
    ("own", "status", "said"),
    [
        ({"reason": " "}, 422, "Skriv en begrundelse."),
        ({"reason": "x" * 2001}, 422, "Der er nu 2001"),
        ({"edit_until": "01.01.2025 12.00"}, 422, "kan ikke ligge før svarfristen"),
        ({"deadline": "01.01.2020 12.00"}, 422, "Svarfristen skal ligge efter"),
        ({}, 409, "Fristerne er de samme som før."),
    ],
)
def test_new_dates_that_are_wrong_are_refused_with_what_was_typed(rikke, survey_round, own, status, said):
    response = rikke.post("/ministerium/2025/plan/frister/", dates(survey_round, **own))
    assert response.status_code == status
    assert said in text(response) and 'name="deadline" value=' in text(response)
    assert RoundEvent.objects.count() == 1


def test_new_dates_of_a_round_that_was_closed_meanwhile_keep_the_reason(rikke, survey_round):
    SurveyRound.objects.update(state="closed")
    response = rikke.post("/ministerium/2025/plan/frister/", dates(survey_round, edit_until="1.1.2099 12.00"))
    assert response.status_code == 409
    assert "Nedbrud hos leverandøren." in text(response)
    assert rikke.get("/ministerium/2025/plan/frister/").status_code == 302


def test_the_opening_can_be_moved_until_the_round_has_begun(rikke, survey_round):
    SurveyRound.objects.update(opens_at=timezone.now() + timedelta(days=1))
    assert 'name="opens_at"' in text(rikke.get("/ministerium/2025/plan/frister/"))


@pytest.mark.parametrize(
    ("page", "own", "theirs"),
    [
        ("2026/plan/ret/", fields(price_level="2028"), {"deadline": datetime(2027, 10, 28, tzinfo=UTC)}),
        (
            "2025/plan/frister/",
            {"deadline": "01.01.2099 12.00", "edit_until": "01.01.2099 12.00", "reason": "Ferie."},
            {"edit_until": datetime(2098, 1, 1, tzinfo=UTC)},
        ),
    ],
)
def test_a_page_from_before_a_colleague_s_change_does_not_undo_it(
    rikke, draft, survey_round, page, own, theirs
):
    page = f"/ministerium/{page}"
    seen = rikke.get(page).context["form"]["seen"].value()
    SurveyRound.objects.filter(accounts_year=page[13:17]).update(**theirs)
    before = list(SurveyRound.objects.values())
    response = rikke.post(page, own | {"seen": seen})
    assert response.status_code == 409 and list(SurveyRound.objects.values()) == before
    assert "En anden har ændret det, siden du åbnede siden." in text(response)
    assert (own.get("reason") or 'value="2028"') in text(response)
    seen = rikke.get(page).context["form"]["seen"].value()
    assert rikke.post(page, own | {"seen": seen}).status_code == 302
    if "plan/ret" in page:
        assert rikke.post(page, own | {"seen": seen}).status_code == 302  # pressed twice


def test_phases_from_before_a_colleague_s_change_are_refused_with_what_was_typed(rikke, draft):
    page = "/ministerium/2026/plan/faser/"
    seen = rikke.get(page).context["form"]["seen"].value()
    draft.phases.update(responsible="KL")
    typed = phases(workshop_responsible="Ministeriet selv", seen=seen)
    response = rikke.post(page, typed)
    assert response.status_code == 409 and "Ministeriet selv" in text(response)
    assert [one.responsible for one in draft.phases.all()] == ["KL"]


def test_the_reason_for_new_dates_holds_no_cpr_number(rikke, survey_round):
    own = {"deadline": "01.01.2099 12.00", "edit_until": "01.01.2099 12.00", "reason": "Om 010203-1234."}
    response = rikke.post("/ministerium/2025/plan/frister/", own)
    assert response.status_code == 422 and "ligner et CPR-nummer" in text(response)


def phases(**own):
    return {"workshop_starts_on": "27.09.2027", "workshop_ends_on": "01.10.2027"} | own


def test_phases_are_saved_together_and_an_empty_one_is_not_planned(rikke, draft):
    typed = {
        "answers_starts_on": "04.10.2027",
        "answers_ends_on": "29.10.2027",
        "answers_responsible": "Alle",
    }
    assert rikke.post("/ministerium/2026/plan/faser/", typed).status_code == 302
    assert list(RoundPhase.objects.values_list("kind", "responsible")) == [("answers", "Alle")]


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ({}, "Workshop: skriv, hvem der er ansvarlig."),
        ({"workshop_ends_on": "", "workshop_responsible": "x"}, "Workshop: skriv den sidste dag"),
        ({"workshop_starts_on": "", "workshop_responsible": "x"}, "Workshop: skriv den første dag"),
        ({"workshop_ends_on": "26.09.2027", "workshop_responsible": "x"}, "kan ikke ligge før den første"),
        ({"workshop_ends_on": "31.09.2027"}, "Workshop: skriv datoen som dag, måned og år"),
        ({"workshop_starts_on": "01.01.0999"}, "Workshop: skriv datoen som dag, måned og år"),
        ({"workshop_responsible": "x" * 101}, "højst 100 tegn"),
        ({"workshop_responsible": " "}, "Workshop: skriv, hvem der er ansvarlig."),
    ],
)
def test_a_phase_that_is_half_or_wrong_is_told_at_its_field(rikke, draft, own, said):
    response = rikke.post("/ministerium/2026/plan/faser/", phases(**own))
    assert response.status_code == 422
    assert text(response).count(said) == 2
    assert RoundPhase.objects.get().responsible == "Ministeriet & <KL>"


def test_the_phases_of_a_locked_round_are_refused_with_what_was_typed(rikke, draft):
    SurveyRound.objects.update(state="locked")
    response = rikke.post("/ministerium/2026/plan/faser/", phases(workshop_responsible="Nogen"))
    assert response.status_code == 409
    assert "låst" in text(response) and 'value="Nogen"' in text(response)
    assert rikke.get("/ministerium/2026/plan/faser/").status_code == 302


def test_the_basis_is_said_to_be_frozen_when_it_is(rikke, draft, cast):
    assert "Ligger fast, når kortlægningen åbnes." in text(rikke.get("/ministerium/2026/plan/"))
    lifecycle.open_round(round_id=draft.pk, by=cast.rikke)
    today = timezone.localdate().year
    page = text(rikke.get("/ministerium/2026/plan/"))
    assert "Ligger fast siden" in page and f"{today}, da kortlægningen blev åbnet" in page
    assert "/plan/ret/" not in page
