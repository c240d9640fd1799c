"""What municipalities place differently, and the question that is made of it, as mette asks it."""

import pytest
from django.urls import reverse

from survey import transitions
from survey.models import Message, ReportedInitiative
from tests.builders import build_adjustment, build_approver, build_initiative, hand_in

YEAR = 2025
PLACE = {"year": YEAR}


@pytest.fixture
def differing(odense, aarhus, cast):
    """Odense has mentors under employment, Aarhus dearer ones under social; by other laws."""
    build_initiative(odense, cast.carl, title="Mentor for kvinder", legal_basis="Hemmeligt navn i Odense")
    build_initiative(
        aarhus,
        cast.bo,
        title="Mentorer for kvinder",
        service_area="social",
        gross_expenditure=3000,
        legal_basis="Servicelovens § 18 (hemmelig)",
    )
    hand_in(odense, cast.carl)
    hand_in(aarhus, cast.bo)
    return {code: initiative(code) for code in ("461", "751")}


def initiative(code, **fields):
    rows = ReportedInitiative.objects.reported().filter(version__submission__municipality__code=code)
    return rows.get(**fields)


def page(client_of, user, **choices):
    return client_of(user).get(reverse("comparability:pairs", kwargs=PLACE), choices)


def ask(client_of, user, about, field="service_area", other="social", code="461", **changed):
    data = {
        "code": code,
        "uuid": about.uuid,
        "field": field,
        "other": other,
        "seen": 0,
        "next": "forskel=omraade",
    }
    return client_of(user).post(reverse("comparability:ask", kwargs=PLACE), data | changed)


def test_a_kind_that_is_placed_differently_stands_with_what_is_at_stake(client_of, cast, differing):
    response = page(client_of, cast.mette)
    (kind,) = response.context["kinds"]
    assert kind.kind.name == "Mentorer for kvinder"
    assert kind.kind.at_stake == 1250
    assert [line.row.municipality for line in kind.lines] == ["Aarhus", "Odense"]
    assert [heading for heading, _values in kind.placings] == ["Område", "Hjemmel"]
    html = response.content.decode()
    assert "I spil: 1.250 (1.000 kr., 2025-priser)" in html
    assert "Serviceloven (1 kommune)" in html


def test_by_area_and_by_what_differs(client_of, cast, differing):
    assert len(page(client_of, cast.mette, forskel="maalgruppe").context["kinds"]) == 0
    assert len(page(client_of, cast.mette, forskel="hjemmel").context["kinds"]) == 1
    assert len(page(client_of, cast.mette, omraade="social").context["kinds"]) == 1
    assert len(page(client_of, cast.mette, omraade="general").context["kinds"]) == 0
    wrong = page(client_of, cast.mette, omraade="x")
    assert wrong.status_code == 422
    assert "Vælg et af de seks områder." in wrong.content.decode()


def test_what_counts_is_compared_after_the_ministry_s_corrections(client_of, cast, differing):
    build_adjustment(differing["461"], cast.mette, gross_expenditure=None, service_area="social")
    assert len(page(client_of, cast.mette, forskel="omraade").context["kinds"]) == 0
    (kind,) = page(client_of, cast.mette).context["kinds"]
    assert [(line.row.municipality, line.state, line.is_settled) for line in kind.lines] == [
        ("Aarhus", "ikke gennemgået", False),
        ("Odense", "rettet", True),
    ]
    build_adjustment(differing["461"], cast.mette, gross_expenditure=None, out_of_scope=True)
    assert len(page(client_of, cast.mette).context["kinds"]) == 0


def test_one_click_asks_the_municipality_at_the_field_and_names_no_other(client_of, cast, differing, odense):
    response = ask(client_of, cast.mette, differing["461"])
    assert response.url == (
        f"{reverse('comparability:pairs', kwargs=PLACE)}?forskel=omraade#indsats-461-{differing['461'].uuid}"
    )
    message = Message.objects.get()
    assert (message.submission_id, message.uuid, message.field, message.from_ministry) == (
        odense.pk,
        differing["461"].uuid,
        "service_area",
        True,
    )
    assert "”Mentor for kvinder” under Beskæftigelsesområdet" in message.text
    assert "under Socialområdet" in message.text
    assert "Aarhus" not in message.text and "Mentorer" not in message.text
    assert "spurgt " in page(client_of, cast.mette).content.decode()


def test_of_another_s_legal_basis_only_the_law_is_told(client_of, cast, differing):
    ask(client_of, cast.mette, differing["461"], "legal_basis", "serviceloven")
    ask(client_of, cast.mette, differing["751"], "legal_basis", "hemmeligt navn i odense", code="751")
    to_odense, to_aarhus = Message.objects.values_list("text", flat=True)
    assert "Andre kommuner har angivet Serviceloven for" in to_odense
    assert "(hemmelig)" not in to_odense
    assert "Andre kommuner har angivet et andet for" in to_aarhus
    assert "Odense" not in to_aarhus and "hemmeligt navn" not in to_aarhus.casefold()


def test_pressing_twice_or_two_reviewers_at_once_ask_once(client_of, cast, differing):
    for user in (cast.mette, cast.mette, cast.rikke):
        assert ask(client_of, user, differing["461"]).status_code == 302
    assert Message.objects.count() == 1
    ask(client_of, cast.mette, differing["461"], "primary_target_group", "newly_arrived")
    assert Message.objects.count() == 2


def test_what_the_municipality_has_changed_meanwhile_is_not_asked_about(client_of, cast, differing):
    assert ask(client_of, cast.mette, differing["461"], other="employment").status_code == 409
    gone = ask(client_of, cast.mette, differing["461"], uuid="00000000-0000-0000-0000-000000000000")
    assert gone.status_code == 409
    assert "står ikke længere i den version, der tæller" in gone.content.decode()
    assert Message.objects.count() == 0


@pytest.mark.parametrize(
    "wrong",
    [{"field": "content"}, {"other": "x"}, {"other": ""}, {"uuid": "x"}, {"seen": "x"}, {"code": "46100"}],
)
def test_a_question_that_cannot_be_read_is_refused_in_words(client_of, cast, differing, wrong):
    response = ask(client_of, cast.mette, differing["461"], **wrong)
    assert response.status_code == 422
    assert "Åbn siden igen" in response.content.decode()
    assert Message.objects.count() == 0


def test_the_admin_reads_and_asks_nothing(client_of, cast, differing):
    assert "/spoerg/" not in page(client_of, cast.admin).content.decode()
    assert ask(client_of, cast.admin, differing["461"]).status_code == 403
    assert Message.objects.count() == 0


def test_two_of_one_municipality_that_may_be_the_same_are_asked_about_at_the_title(client_of, cast, odense):
    first = build_initiative(odense, cast.carl, title="Mentor for kvinder")
    later = build_initiative(odense, cast.carl, title="Mentor for kvinderne")
    build_initiative(odense, cast.carl, title="Mentor for kvinder", gross_expenditure=1251)
    hand_in(odense, cast.carl)
    ((one, line),) = page(client_of, cast.mette).context["duplicates"]
    assert (one.row.uuid, line.row.uuid) == (first.uuid, later.uuid)
    assert line.cells[0].other == str(first.uuid)
    assert ask(client_of, cast.mette, later, "title", str(first.uuid)).status_code == 302
    asked = Message.objects.get().text
    assert "Er de to indsatser den samme?" in asked and "Svar her" in asked
    assert "Slet" not in asked and "sender ministeriet den tilbage til jer" in asked  # it is handed in
    assert ask(client_of, cast.mette, first, "title", "x").status_code == 422


def test_a_twin_in_another_municipality_is_not_quoted(client_of, cast, differing):
    response = ask(client_of, cast.mette, differing["461"], "title", str(differing["751"].uuid))
    assert response.status_code == 409
    assert Message.objects.count() == 0


def test_duplicates_are_not_spoken_of_while_their_rule_is_out_of_use(client_of, cast, odense):
    for title in ("Mentor for kvinder", "Mentor for kvinderne"):
        build_initiative(odense, cast.carl, title=title)
    hand_in(odense, cast.carl)
    odense.round.retired_rules = ["duplicate"]
    odense.round.save(update_fields=["retired_rules"])
    response = page(client_of, cast.mette)
    assert list(response.context["duplicates"]) == []
    assert "Reglen er sat ud af brug" in response.content.decode()


def test_a_new_version_is_compared_and_the_earlier_one_is_not(client_of, cast, differing, odense):
    transitions.withdraw(submission_id=odense.pk, by=cast.carl)
    assert len(page(client_of, cast.mette).context["kinds"]) == 0
    odense.initiatives.update(service_area="social", legal_basis="Lov om social service")
    hand_in(odense, cast.carl)
    assert len(page(client_of, cast.mette).context["kinds"]) == 0


def test_the_queries_do_not_follow_the_number_of_initiatives(
    client_of, cast, differing, survey_round, django_assert_max_num_queries
):
    for number, submission in enumerate(
        survey_round.submissions.filter(municipality__code__in=("665", "482"))
    ):
        by = build_approver(submission)
        for area in ("social", "general", "health_elderly"):
            build_initiative(submission, by, title=f"Mentor for kvinder {number}", service_area=area)
        hand_in(submission, by)
    client = client_of(cast.mette)
    with django_assert_max_num_queries(24):
        response = client.get(reverse("comparability:pairs", kwargs=PLACE))
    assert len(response.context["kinds"][0].lines) == 8
