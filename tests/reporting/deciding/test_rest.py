"""Accepting at once what no rule points at: what is confirmed is accepted, all or nothing."""

from threading import Thread
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.urls import reverse

from municipalities.models import Membership, Role
from reporting.deciding import rest
from reporting.review.hits import hit_list
from reporting.review.statuses import statuses
from reporting.totals import PopulationMissing
from survey import adjusting, dialogue, reviewing, transitions
from survey.models import Adjustment, ReportedInitiative, SurveyRound
from tests.builders import POPULATION_DATE, build_adjustment, build_initiative, build_round, hand_in
from tests.conftest import build_cast
from tests.reporting.test_pages import text
from tests.survey.test_races import at_once

REST = reverse("deciding:accept_rest", args=[2025])


@pytest.fixture
def mette(cast, client_of):
    return client_of(cast.mette)


@pytest.fixture
def both(odense, aarhus, cast):
    """Odense: Mentorer, Netværk; Aarhus: Sprog; and one of Odense's that a rule points at."""
    build_initiative(odense, cast.anna, title="Mentorer", gross_expenditure=1250)
    build_initiative(odense, cast.anna, title="Netværk", gross_expenditure=600, service_area="social")
    build_initiative(odense, cast.anna, title="Café", gross_expenditure=0)
    build_initiative(aarhus, cast.bo, title="Sprog", gross_expenditure=5000, gross_income=900)
    hand_in(odense, cast.carl)
    hand_in(aarhus, cast.bo)
    return {one.title: one for one in ReportedInitiative.objects.all()}


@pytest.fixture(autouse=True)
def only_zero_is_pointed_at(monkeypatch):
    """Four municipalities are too few for the rules of the hit list to say anything steady."""

    def naive(survey_round, totals):
        rows = ReportedInitiative.objects.reported().filter(version__submission__round=survey_round)
        stands = statuses({one.version_id for one in rows})
        zeros = frozenset(rows.filter(gross_expenditure=0).values_list("pk", flat=True))
        doubtful = frozenset(rows.filter(version__submission__in=whole).values_list("pk", flat=True))
        return SimpleNamespace(statuses=stands, pointed=zeros, flagged=zeros | doubtful)

    whole = []
    monkeypatch.setattr(rest, "hit_list", naive)
    return whole  # submissions that a rule points at as a whole


def confirm(client, **more):
    """As pressed on the page that is shown now."""
    page = client.get(REST, more)
    return client.post(REST, {"digest": page.context["rest"].digest, **more})


def accepted():
    return set(Adjustment.objects.filter(in_bulk=True).values_list("initiative__title", flat=True))


def test_the_page_counts_and_sums_what_would_be_accepted(both, mette):
    page = text(mette.get(REST))
    assert "3 indsatser i 2 kommuner, som ingen regel peger på, godtages" in page
    assert "Det, der godtages, 1.000 kr. i 2025-priser" in page
    row = '<th scope="row">{}</th> <td class="align-text-right">{}</td> <td class="align-text-right">{}</td>'
    assert row.format("Beskæftigelsesområdet", 2, "6.250") in page
    assert row.format("Socialområdet", 1, "600") in page
    assert "Godtag 3 indsatser</button>" in page and not Adjustment.objects.exists()


def test_what_is_confirmed_is_accepted_and_nothing_else(both, mette):
    done = confirm(mette)
    assert (done.status_code, done.url) == (302, REST)
    assert accepted() == {"Mentorer", "Netværk", "Sprog"}
    page = text(mette.get(REST))
    assert "3 indsatser er godtaget." in page and "Der er intet at godtage samlet" in page


def test_one_municipalitys_answer_alone(both, mette):
    page = text(mette.get(REST, {"kommune": "461"}))
    assert "2 indsatser i 1 kommune, som" in page and "Kortlægning af regnskab 2025, Odense" in page
    done = confirm(mette, kommune="461")
    assert done.url == reverse("reporting:submission", args=[2025, "461"])
    assert accepted() == {"Mentorer", "Netværk"}


def test_a_set_that_has_changed_is_confirmed_anew(both, cast, mette):
    digest = mette.get(REST).context["rest"].digest
    adjusting.accept(initiative_id=both["Sprog"].pk, by=cast.rikke, seen=None)
    refused = mette.post(REST, {"digest": digest})
    assert refused.status_code == 409 and accepted() == set()
    page = text(refused)
    assert "Der er sket noget siden. Intet er godtaget." in page and "Godtag 2 indsatser</button>" in page
    assert mette.post(REST, {"digest": refused.context["rest"].digest}).status_code == 302
    assert accepted() == {"Mentorer", "Netværk"}


def test_a_question_or_a_new_version_changes_the_set(both, odense, cast, mette):
    digest = mette.get(REST).context["rest"].digest
    uuid = both["Mentorer"].uuid
    dialogue.post(submission_id=odense.pk, by=cast.mette, from_ministry=True, text="Hvad?", seen=0, uuid=uuid)
    assert mette.post(REST, {"digest": digest}).status_code == 409
    digest = mette.get(REST).context["rest"].digest
    transitions.withdraw(submission_id=odense.pk, by=cast.carl)
    assert mette.post(REST, {"digest": digest}).status_code == 409
    assert mette.get(REST).context["rest"].ids == [both["Sprog"].pk]


def test_pressing_twice_accepts_once_and_a_confirmation_of_nothing_changes_nothing(both, mette):
    digest = mette.get(REST).context["rest"].digest
    assert [mette.post(REST, {"digest": digest}).status_code for _ in range(2)] == [302, 409]
    assert mette.post(REST).status_code == 409
    assert Adjustment.objects.count() == 3


def test_what_the_reviewer_handed_in_is_left_for_another_and_counted(both, cast, client_of):
    Membership.objects.create(user=cast.carl, role=Role.REVIEWER)
    carl = client_of(cast.carl)
    page = text(carl.get(REST))
    assert "1 indsats i 1 kommune, som ingen regel peger på, godtages" in page
    assert "2 indsatser, fordi du selv har indsendt dem." in page
    confirm(carl)
    assert accepted() == {"Sprog"}


def test_what_was_opened_again_is_decided_by_itself(both, cast, mette):
    first = adjusting.accept(initiative_id=both["Sprog"].pk, by=cast.rikke, seen=None)
    adjusting.reopen(initiative_id=both["Sprog"].pk, by=cast.rikke, seen=first.pk)
    page = text(mette.get(REST))
    assert "1 indsats, fordi ministeriet har spurgt til den eller afgjort den før" in page
    assert "1 indsats, fordi en regel peger på den" in page and "Godtag 2 indsatser</button>" in page
    confirm(mette)
    assert accepted() == {"Mentorer", "Netværk"}


def test_what_was_asked_or_corrected_in_an_earlier_version_is_decided_by_itself(both, odense, cast, mette):
    asked, answer = both["Netværk"].uuid, {"submission_id": odense.pk, "text": "Hvad?", "seen": 0}
    question = dialogue.post(by=cast.mette, from_ministry=True, uuid=asked, **answer)
    dialogue.post(by=cast.carl, from_ministry=False, reply_to=question.pk, **answer)
    build_adjustment(both["Mentorer"], cast.mette)
    accepting = {"initiative_id": both["Netværk"].pk, "by": cast.mette}
    first = adjusting.accept(seen=None, **accepting)
    adjusting.reopen(seen=first.pk, **accepting)
    transitions.withdraw(submission_id=odense.pk, by=cast.carl)
    hand_in(odense, cast.carl)
    found = mette.get(REST).context["rest"]
    assert found.ids == [both["Sprog"].pk] and found.known == 2


def test_a_whole_answer_that_is_pointed_at_is_left_out_of_the_round_but_not_when_it_is_looked_at(
    both, odense, mette, only_zero_is_pointed_at
):
    only_zero_is_pointed_at.append(odense.pk)
    whole = mette.get(REST)
    assert whole.context["rest"].ids == [both["Sprog"].pk]
    assert "3 indsatser, fordi en regel peger på dem, på en, der ligner dem, eller på hele" in text(whole)
    confirm(mette, kommune="461")
    assert accepted() == {"Mentorer", "Netværk"}


def test_bad_choices_and_closed_doors(both, cast, mette, client_of):
    unknown = mette.get(REST, {"kommune": "999"})
    assert unknown.status_code == 422 and "Vælg en kommune på listen." in text(unknown)
    assert mette.post(REST, {"kommune": "x", "digest": "x"}).status_code == 422
    assert client_of(cast.admin).get(REST).status_code == client_of(cast.admin).post(REST).status_code == 403
    assert client_of(cast.carl).get(REST).status_code == 404
    digest = mette.get(REST).context["rest"].digest
    SurveyRound.objects.update(state=SurveyRound.State.LOCKED)
    locked = mette.get(REST)
    assert locked.status_code == 200 and "Godtag 3" not in text(locked) and "låst" in text(locked)
    assert mette.post(REST, {"digest": digest}).status_code == 409 and accepted() == set()


def test_without_a_population_nothing_is_judged_and_nothing_accepted(both, mette, monkeypatch):
    def missing(survey_round, as_at):
        raise PopulationMissing(["Lemvig"], survey_round.population_date)

    monkeypatch.setattr(rest, "round_totals", missing)
    page = mette.get(REST)
    assert page.status_code == 200 and "Lemvig" in text(page) and "godtages</h2>" not in text(page)
    assert mette.post(REST, {"digest": "x"}).status_code == 409 and accepted() == set()


def test_a_round_that_is_not_opened_has_nothing(both, odense, mette):
    dates = {name: getattr(odense.round, name) for name in ("opens_at", "deadline", "edit_until")}
    SurveyRound.objects.create(accounts_year=2026, price_level=2026, population_date=POPULATION_DATE, **dates)
    address = reverse("deciding:accept_rest", args=[2026])
    assert (mette.get(address).status_code, mette.post(address).status_code) == (200, 409)


def test_the_rules_of_the_hit_list_are_the_ones_in_use(both, cast, odense, mette, monkeypatch):
    monkeypatch.setattr(rest, "hit_list", hit_list)
    pointed = both["Café"].pk
    assert pointed not in mette.get(REST).context["rest"].ids
    reviewing.retire_rule(round_id=odense.round_id, rule="expenditure_zero", reason="Nul.", by=cast.rikke)
    assert pointed in mette.get(REST).context["rest"].ids


def test_the_number_of_queries_follows_the_answers_not_the_initiatives(
    both, odense, cast, django_assert_max_num_queries
):
    found = rest.rest_of(odense.round, cast.mette)
    with django_assert_max_num_queries(45):
        n = rest.accept_rest(round_id=odense.round_id, by=cast.mette, digest=found.digest)
    assert n == 3


# While others decide


@pytest.mark.django_db(transaction=True)
class TestRaces:
    @pytest.fixture
    def cast(self):
        return build_cast()

    @pytest.fixture
    def odense(self, cast):
        submission = build_round().submissions.get(municipality__code="461")
        build_initiative(submission, cast.anna)
        hand_in(submission, cast.carl)
        return submission

    def confirmed_while_asked(self, odense, cast):
        """The set was judged while a colleague's decision was not yet committed."""
        digest = rest.rest_of(odense.round, cast.mette).digest
        initiative = ReportedInitiative.objects.get()
        outcome: list = []

        def confirm(i):
            return rest.accept_rest(round_id=odense.round_id, by=cast.mette, digest=digest)

        thread = Thread(target=lambda: outcome.extend(at_once(confirm, count=1)))
        with transaction.atomic():
            dialogue.post(
                submission_id=odense.pk,
                by=cast.rikke,
                from_ministry=True,
                text="Hvad?",
                seen=0,
                uuid=initiative.uuid,
            )
            thread.start()
            thread.join(0.4)
        thread.join(30)
        return outcome[0]

    def test_a_question_that_is_being_asked_is_seen_before_it_is_accepted(self, odense, cast):
        assert isinstance(self.confirmed_while_asked(odense, cast), rest.Changed)
        assert not Adjustment.objects.exists()

    def test_without_the_locks_what_is_being_asked_about_is_accepted(self, odense, cast, monkeypatch):
        monkeypatch.setattr("django.db.models.query.QuerySet.select_for_update", lambda self, **k: self)
        assert self.confirmed_while_asked(odense, cast) == 1

    def test_of_two_who_confirm_at_once_one_accepts(self, odense, cast):
        digest = rest.rest_of(odense.round, cast.mette).digest
        people = (cast.mette, cast.rikke)
        results = at_once(
            lambda i: rest.accept_rest(round_id=odense.round_id, by=people[i], digest=digest), count=2
        )
        assert sorted(map(str, results)) == ["", "1"] and Adjustment.objects.count() == 1
