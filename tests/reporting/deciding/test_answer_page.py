"""The answer's page: how far the review is, approving what is not settled, and what a return asks for."""

import pytest
from django.urls import reverse
from django.utils.html import escape

from municipalities.models import Role
from reporting.review.hits import hit_list
from reporting.review.listing import address
from reporting.totals import round_totals
from survey import adjusting, dialogue, reviewing, transitions
from survey.models import SurveyRound
from survey.transitions import database_now
from tests.builders import build_initiative, build_user, hand_in
from tests.reporting.review.worlds import build_two_rounds
from tests.reporting.test_pages import text

PAGE = reverse("reporting:submission", args=[2025, "461"])
APPROVE = reverse("reporting:approve", args=[2025, "461"])


@pytest.fixture
def mette(cast, client_of):
    return client_of(cast.mette)


@pytest.fixture
def three(odense, cast):
    """The reported initiatives of Odense: Mentorer, Netværk, Sprog."""
    for title in ("Mentorer", "Netværk", "Sprog"):
        build_initiative(odense, cast.anna, title=title)
    return list(hand_in(odense, cast.carl).initiatives.all())


def accept(initiative, cast):
    return adjusting.accept(initiative_id=initiative.pk, by=cast.mette, seen=None)


def ask(odense, cast, text="Er beløbet i kroner?", uuid=None, field="", by=None, **more):
    by = by or cast.mette
    return dialogue.post(
        submission_id=odense.pk,
        by=by,
        from_ministry=by.is_ministry,
        text=text,
        seen=0,
        uuid=uuid,
        field=field,
        **more,
    )


def test_each_initiative_says_how_its_review_stands_and_who_looks_at_it(odense, three, cast, mette):
    mentors, network, language = three
    accept(mentors, cast)
    ask(odense, cast, uuid=network.uuid, field="gross_expenditure")
    reviewing.assign(submission_id=odense.pk, uuids=[language.uuid], reviewer=cast.rikke, by=cast.mette)
    page = text(mette.get(PAGE))
    assert "Mentorer, Beskæftigelsesområdet: 1.250 (1.000 kr.) – godtaget</summary>" in page
    assert "Netværk, Beskæftigelsesområdet: 1.250 (1.000 kr.) – afventer svar</summary>" in page
    assert "– ikke gennemgået, gennemgås af Rikke</summary>" in page
    assert "1 af 3 indsatser er gennemgået." in page
    assert "<strong>1 indsats er ikke gennemgået, 1 afventer svar.</strong>" in page


def test_what_is_answered_waits_for_the_ministry_and_is_named_before_an_approval(odense, three, cast, mette):
    mentors, network, language = three
    question = ask(odense, cast, uuid=network.uuid)
    ask(odense, cast, text="Ja.", reply_to=question.pk, by=cast.carl)
    page = text(mette.get(PAGE))
    assert "Netværk, Beskæftigelsesområdet: 1.250 (1.000 kr.) – har svaret</summary>" in page
    assert "Godkend alligevel: 2 indsatser er ikke gennemgået, 1 har svaret" in page
    for one in (mentors, language):
        accept(one, cast)
    assert "<strong>om 1 indsats har kommunen svaret.</strong>" in text(mette.get(PAGE))


def test_what_is_corrected_is_told_once(odense, three, cast, mette):
    adjusting.adjust(
        initiative_id=three[0].pk,
        by=cast.mette,
        seen=None,
        reason="other",
        explanation="Aftalt.",
        gross_expenditure=125,
    )
    assert "(1.000 kr.) – rettet af ministeriet</summary>" in text(mette.get(PAGE))


def test_an_earlier_version_tells_nothing_of_the_review(odense, three, cast, mette):
    transitions.withdraw(submission_id=odense.pk, by=cast.carl)
    hand_in(odense, cast.carl)
    page = text(mette.get(PAGE, {"version": 1}))
    assert "ikke gennemgået" not in page and "er gennemgået" not in page
    assert "<strong>3 indsatser er ikke gennemgået.</strong>" in text(mette.get(PAGE))


def test_approving_what_is_not_settled_takes_a_tick(odense, three, cast, mette):
    accept(three[0], cast)
    page = text(mette.get(PAGE))
    assert "Godkend version 1</button>" in page
    assert "Godkend alligevel: 2 indsatser er ikke gennemgået" in page
    refused = mette.post(APPROVE, {"version": 1})
    assert refused.status_code == 422
    assert 'href="#approve_despite">Sæt kryds, hvis besvarelsen skal godkendes alligevel' in text(refused)
    odense.refresh_from_db()
    assert odense.state == "submitted"
    assert mette.post(APPROVE, {"version": 1, "despite": "on"}).status_code == 302
    odense.refresh_from_db()
    assert odense.state == "approved"


def test_what_is_settled_is_approved_with_one_press(odense, three, cast, mette):
    for initiative in three:
        accept(initiative, cast)
    page = text(mette.get(PAGE))
    assert "3 af 3 indsatser er gennemgået." in page and "Godkend alligevel" not in page
    assert mette.post(APPROVE, {"version": 1}).status_code == 302


def test_a_colleague_who_reopens_meanwhile_makes_the_approval_ask(odense, three, cast, mette):
    accepted = [accept(initiative, cast) for initiative in three]
    assert "Godkend alligevel" not in text(mette.get(PAGE))
    adjusting.reopen(initiative_id=three[0].pk, by=cast.rikke, seen=accepted[0].pk)
    refused = mette.post(APPROVE, {"version": 1})
    assert refused.status_code == 422 and "1 indsats er ikke gennemgået" in text(refused)


def test_the_tick_does_not_approve_a_version_that_was_not_seen(odense, three, cast, mette):
    transitions.withdraw(submission_id=odense.pk, by=cast.carl)
    hand_in(odense, cast.carl)
    refused = mette.post(APPROVE, {"version": 1, "despite": "on"})
    assert refused.status_code == 409 and "nyere version" in text(refused)


def test_an_answer_without_initiatives_is_approved_with_one_press(odense, cast, mette):
    hand_in(odense, cast.carl)
    page = text(mette.get(PAGE))
    assert "er gennemgået" not in page and "Godkend alligevel" not in page
    assert mette.post(APPROVE, {"version": 1}).status_code == 302


def test_a_return_begins_with_the_questions_that_wait(odense, three, cast, mette):
    mentors, network, _language = three
    ask(odense, cast, uuid=network.uuid, field="gross_expenditure")
    answered = ask(odense, cast, text="Og her?", uuid=mentors.uuid)
    ask(odense, cast, text="Ja.", reply_to=answered.pk, by=cast.carl)
    ask(odense, cast, text="Har I flere?")
    page = text(mette.get(PAGE))
    assert "2 spørgsmål venter på svar." in page
    waiting = page.index("<li>Hele besvarelsen: ”Har I flere?”")
    assert waiting < page.index("<li>Netværk (2. Bruttoudgifter): ”Er beløbet i kroner?”")
    comment = mette.get(PAGE).context["form"].initial["comment"]
    assert comment == (
        "Svar på ministeriets spørgsmål i besvarelsen:\n- Hele besvarelsen\n- Netværk (2. Bruttoudgifter)"
    )


def test_a_whole_answer_on_the_list_says_why_and_leads_to_the_rows_around_it(db, client_of):
    survey_round = build_two_rounds(build_user("Mette", Role.REVIEWER), 1)
    reviewer = client_of(build_user("Ib", Role.REVIEWER))
    hits = hit_list(survey_round, round_totals(survey_round, database_now())).hits
    place = next(n for n, hit in enumerate(hits) if n and hit.initiative is None)
    hit, here = hits[place], reverse("reporting:submission", args=[2025, hits[place].code])
    page = reviewer.get(here, {"liste": "tilstand=alle"})
    assert page.context["hit"] == hit and escape(hit.reasons[0]) in page.content.decode()
    assert f"Nr. {hit.rank} på listen." in text(page)
    around = [address(2025, hits[n], "tilstand=alle") for n in (place - 1, place + 1)]
    assert [page.context["preceding"], page.context["following"]] == around
    rows = reviewer.get(reverse("review:hits", args=[2025]), {"kommune": hit.code})
    assert f"/{hit.code}/?liste=kommune%3D{hit.code}" in rows.content.decode()
    assert {row.hit.code for row in (one[0] for one in rows.context["rows"])} == {hit.code}
    bare = reviewer.get(here)
    assert "preceding" not in bare.context and f"gennemgang/?kommune={hit.code}" in text(bare)


def test_the_list_that_one_came_from_is_kept_when_the_answer_is_approved(odense, three, cast, mette):
    assert f'action="{APPROVE}?liste=regel%3Dchanged"' in text(mette.get(PAGE, {"liste": "regel=changed"}))
    done = mette.post(f"{APPROVE}?liste=regel%3Dchanged", {"version": 1, "despite": "on"})
    assert done.url == f"{PAGE}?liste=regel%3Dchanged"


def test_accepting_the_rest_is_offered_when_there_is_something_to_accept(odense, three, cast, mette):
    assert "Godtag 3 indsatser, som ingen regel peger på</a>" in text(mette.get(PAGE))
    for one in three[:2]:
        accept(one, cast)
    ask(odense, cast, uuid=three[2].uuid)
    assert "godtag-resten" not in text(mette.get(PAGE))


def test_many_questions_are_not_all_named(odense, three, cast, mette):
    for n in range(22):
        ask(odense, cast, text=f"Nr. {n}", uuid=three[0].uuid)
    lines = mette.get(PAGE).context["form"].initial["comment"].splitlines()
    assert lines[1:] == ["- Mentorer"] * 20 + ["- og 2 til"]


def test_what_was_typed_is_not_replaced_by_the_questions(odense, three, cast, mette):
    ask(odense, cast, uuid=three[0].uuid)
    refused = mette.post(f"{PAGE}send-tilbage/", {"version": 1, "comment": "Mit eget", "due_on": ""})
    assert refused.status_code == 422 and ">\nMit eget</textarea>" in refused.content.decode()


def test_who_only_reads_sees_how_far_the_review_is(odense, three, cast, client_of):
    page = text(client_of(cast.admin).get(PAGE))
    assert "0 af 3 indsatser er gennemgået." in page
    assert "godtag-resten" not in page and "Godkend" not in page


def test_nothing_can_be_done_in_a_locked_round(odense, three, cast, mette):
    SurveyRound.objects.update(state=SurveyRound.State.LOCKED)
    page = text(mette.get(PAGE))
    assert "3 indsatser er ikke gennemgået" in page
    assert "godtag-resten" not in page and "Godkend" not in page and "Send tilbage" not in page
    assert mette.post(APPROVE, {"version": 1, "despite": "on"}).status_code == 409


def test_the_number_of_queries_is_that_of_one_initiative(
    odense, three, cast, mette, django_assert_max_num_queries
):
    for initiative in three[:2]:
        ask(odense, cast, uuid=initiative.uuid)
    reviewing.assign(
        submission_id=odense.pk, uuids=[one.uuid for one in three], reviewer=cast.rikke, by=cast.mette
    )
    with django_assert_max_num_queries(45):  # 12 of them judge the round, as on the initiative's page
        assert mette.get(PAGE).status_code == 200


def test_the_municipality_reads_nothing_of_it(odense, three, cast, client_of):
    accept(three[0], cast)
    reviewing.assign(submission_id=odense.pk, uuids=[three[1].uuid], reviewer=cast.rikke, by=cast.mette)
    home = text(client_of(cast.carl).get(reverse("survey:submission", args=["461", 2025])))
    assert "gennemgå" not in home.lower() and "Rikke" not in home and "godtaget" not in home
