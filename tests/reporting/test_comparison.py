"""A municipality's comparison: what its page shows, who may see it, and when."""

from datetime import timedelta
from decimal import Decimal
from xml.etree import ElementTree

from django.core.signing import Signer
from django.urls import reverse
from django.utils import timezone

from municipalities.models import Municipality
from reporting.comparison import NAMES, TOTAL, compared_answer
from reporting.figures import to_svg
from reporting.peers import Quartiles
from reporting.totals import PopulationMissing
from reporting.views import peers as views
from survey import adjusting, transitions
from survey.transitions import database_now
from tests.builders import POPULATION_DATE, build_user, hand_in


def of(kind, found):
    return next(group for group in found.groups if group.kind == kind)


def address(name="comparison", code="461"):
    return reverse(f"peers:{name}", args=[code, 2025])


def text(response):
    return " ".join(response.content.decode().split())


def test_the_page_shows_one_s_own_beside_the_others(handed_in, cast, client_of):
    page = text(client_of(cast.lis).get(address()))
    assert "Jeres bruttoudgifter er i alt <strong>100 kr. pr. indbygger</strong>." in page
    assert "over den øvre kvartil (4 kr.) for kommuner i Region Syddanmark (de 5 andre, der havde" in page
    assert "kommuner med mindst 100.000 indbyggere (de 5 andre, der havde svaret" in page
    assert '<th scope="row">Socialområdet</th> <td class="align-text-right"><strong>20</strong></td>' in page
    assert "Kommunens egne tal er opgjort" in page and "igen for hver fem flere" in page
    assert "Prøve" not in page


def test_before_handing_in_the_page_says_what_will_be_there(peers, cast, client_of):
    client = client_of(cast.anna)
    assert "når I har indsendt besvarelsen" in text(client.get(address()))
    for name in ("note_pdf", "note_docx"):
        assert client.get(address(name)).url == address()
    assert client.get(address("figure")).status_code == 404


def test_a_withdrawn_answer_shows_nothing_any_more(handed_in, cast, client_of):
    transitions.withdraw(submission_id=handed_in.odense.pk, by=cast.carl)
    assert "når I har indsendt besvarelsen" in text(client_of(cast.anna).get(address()))


def test_a_nil_return_is_compared_with_0(peers, cast, client_of):
    peers.odense.initiatives.all().delete()
    hand_in(peers.odense, cast.carl)
    page = text(client_of(cast.anna).get(address()))
    assert "<strong>0 kr. pr. indbygger</strong>" in page and "under den nedre kvartil (2 kr.)" in page


def test_the_ministry_s_adjustments_count_in_one_s_own_and_do_not_move_the_others(handed_in, cast):
    latest = {name: s.latest_version for name, s in handed_in.submissions.items()}
    for version, value in ((latest["Odense"], 2_100), (latest["Prøve3"], 1_900)):
        adjusting.adjust(
            initiative_id=version.initiatives.first().pk,
            by=cast.mette,
            seen=None,
            reason="kroner",
            explanation="Aftalt",
            gross_expenditure=value,
        )
    found = compared_answer(handed_in.odense, database_now())
    assert found.comparison.rates[TOTAL] == 30  # 2,100 and 4,200 on 210,000
    assert of("region", found.comparison).quartiles[TOTAL] == Quartiles(Decimal(2), Decimal(3), Decimal(4))
    assert "Ministeriet har rettet 1 indsats;" in found.basis  # one's own, not the other's


def test_of_two_versions_the_latest_counts_and_as_at_a_time_the_one_before(handed_in, cast):
    before = database_now()
    transitions.withdraw(submission_id=handed_in.odense.pk, by=cast.carl)
    handed_in.odense.initiatives.filter(title="Netværk").delete()
    hand_in(handed_in.odense, cast.carl)
    assert compared_answer(handed_in.odense, before).comparison.rates[TOTAL] == 100
    assert compared_answer(handed_in.odense, database_now()).comparison.rates[TOTAL] == 80


def test_few_others_are_told_and_not_shown(handed_in, cast, client_of):
    aarhus = handed_in.submissions["Aarhus"]
    hand_in(aarhus, cast.bo)
    page = text(client_of(cast.bo).get(address(code="751")))
    assert "Region Midtjylland: for få har svaret (0 andre; der skal være mindst fem)" in page
    assert page.count("–</td>") == 3 * len(NAMES)
    found = compared_answer(aarhus, database_now())
    assert [bool(group.quartiles) for group in found.comparison.groups] == [True, False, True]


def test_the_others_stand_still_until_five_more_have_answered(handed_in, cast):
    """Six have answered, the sixth after the five that are shown; then one of the five changes its answer."""
    before = compared_answer(handed_in.odense, database_now()).comparison.groups
    assert {(group.others, group.quartiles[TOTAL].median) for group in before} == {(5, 3)}
    third = handed_in.submissions["Prøve3"]
    by = third.municipality.memberships.get().user
    transitions.withdraw(submission_id=third.pk, by=by)
    third.initiatives.update(gross_expenditure=90_000)
    hand_in(third, by)
    assert compared_answer(handed_in.odense, database_now()).comparison.groups == before


def test_the_queries_do_not_grow(handed_in, cast, client_of, django_assert_num_queries):
    client = client_of(cast.anna)
    later = timezone.now() + timedelta(minutes=1)
    with django_assert_num_queries(9):  # totals now and when the groups' were made, the version, the changes
        compared_answer(handed_in.odense, later)
    with django_assert_num_queries(14):  # session, user, roles, answer, clock, and the nine
        client.get(address())


def test_a_population_count_that_is_gone_is_told(handed_in, cast, client_of, monkeypatch):
    def missing(*_arguments):
        raise PopulationMissing(["Lemvig"], POPULATION_DATE)

    monkeypatch.setattr(views, "compared_answer", missing)
    client = client_of(cast.anna)
    page = text(client.get(address()))
    assert "Et folketal mangler" in page and "Lemvig" not in page
    assert client.get(address("figure")).status_code == 404
    assert client.get(address("note_pdf")).url == address()


def test_nobody_else_sees_it(handed_in, cast, client_of):
    lemvig = Municipality.objects.get(name="Lemvig")
    outsiders = (cast.bo, cast.mette, cast.rikke, cast.admin, build_user("Nora", "reader", lemvig))
    names = ("comparison", "figure", "note_pdf", "note_docx")
    outcomes = {client_of(user).get(address(name)).status_code for user in outsiders for name in names}
    assert outcomes == {404}


def test_the_drawing_is_of_the_page_s_moment_and_the_moment_cannot_be_chosen(handed_in, cast, client_of):
    client = client_of(cast.anna)
    context = client.get(address()).context
    transitions.withdraw(submission_id=handed_in.odense.pk, by=cast.carl)
    handed_in.odense.initiatives.filter(title="Netværk").delete()
    hand_in(handed_in.odense, cast.carl)
    drawn = client.get(f"{address('figure')}?{context['moment']}").content.decode()
    assert "I alt: 100" in drawn
    assert "I alt: 80" in client.get(address("figure")).content.decode()
    of_aarhus = client_of(cast.bo).get(address(code="751")).context["moment"]
    assert client.get(f"{address('figure')}?{of_aarhus}").status_code == 404
    for moment in (timezone.now().isoformat(), Signer().sign("x"), "\x00", "x:y", "😀", "x" * 5_000):
        assert client.get(address("figure"), {"pr": moment}).status_code == 404


def test_the_drawing_shows_a_line_a_group_and_what_is_too_few(handed_in):
    found = compared_answer(handed_in.odense, database_now())
    lines = found.chart()["data"]["values"]
    assert len(lines) == 3 * len(NAMES) and all("lower" in line for line in lines)
    assert lines[-3] | {"y": 0} == {
        "y": 0,
        "label": "Samme størrelse",
        "own": 100.0,
        "lower": 2.0,
        "median": 3.0,
        "upper": 4.0,
    }
    root = ElementTree.fromstring(to_svg(found.chart(), alt=found.title))
    assert "Hele landet" in " ".join(root.itertext())


def test_made_up_figures_say_so(handed_in, cast, client_of):
    type(handed_in.round).objects.update(is_demo=True)
    client = client_of(cast.anna)
    assert "DEMO - opdigtede tal" in text(client.get(address()))
    assert "DEMO - opdigtede tal" in client.get(address("figure")).content.decode()
    assert (
        'filename="DEMO-opdigtede-tal-notat-461-2025.pdf"'
        in client.get(address("note_pdf"))["Content-Disposition"]
    )
