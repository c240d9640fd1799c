"""The initiative's page saves itself: what is stored, what is refused, and what the page is told."""

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from survey.models import Initiative, SurveyRound, WarningReason
from tests.builders import build_initiative, build_round, hand_in, posted
from tests.survey.test_pages import HOME, address, text

HTMX = {"hx-request": "true"}


@pytest.fixture
def anna(client_of, cast):
    return client_of(cast.anna)


@pytest.fixture
def carl(client_of, cast):
    return client_of(cast.carl)


def autosave(client, uuid, **fields):
    return client.post(f"{HOME}indsats/{uuid}/kladde/", fields, headers=HTMX)


def outcome(response) -> str:
    return outcome_of(text(response))


def outcome_of(answer: str) -> str:
    return re.search(r'data-outcome="(\w*)"', answer)[1]


def revision(response) -> str:
    return re.search(r'data-revision="(\d*)"', text(response))[1]


def test_what_is_typed_is_stored_and_the_page_is_told_when_and_its_address(anna, odense):
    new = uuid.uuid4()
    first = autosave(anna, new, title="Mento", revision=0)
    assert (outcome(first), revision(first)) == ("saved", "1")
    assert re.search(r"Gemt \d\d\.\d\d", text(first))
    assert first.headers["HX-Replace-Url"] == f"{HOME}indsats/{new}/"
    second = autosave(anna, new, title="Mentorer", gross_expenditure="1.250", revision=1)
    assert (outcome(second), revision(second)) == ("saved", "2") and "HX-Replace-Url" not in second.headers
    initiative = Initiative.objects.get()
    assert (initiative.title, initiative.gross_expenditure, initiative.updated_by.name) == (
        "Mentorer",
        1250,
        "Anna",
    )


def test_the_answer_names_what_is_stored_and_what_it_lacks(anna, odense):
    new = uuid.uuid4()
    page = text(anna.get(HOME + "indsats/ny/"))
    assert 'id="delete-part" hidden' in page and '<div id="missing"> </div>' in page
    assert "data-title" not in text(autosave(anna, new, revision=0))
    answer = text(autosave(anna, new, **posted(title='A <b> "c"', purpose="", target_share="x")))
    assert 'data-title="A &lt;b&gt; &quot;c&quot;"' in answer
    assert "Indsatsen mangler endnu 2 felter" in answer
    assert (
        '<a href="#id_purpose">9. Formål og tidshorisont</a>' in answer
        and '<a href="#id_target_share">10. ' in answer
    )
    assert 'id="delete-part">' in text(anna.get(f"{HOME}indsats/{new}/"))


def test_an_area_that_is_stated_empty_is_told_at_its_field_and_saved(anna, odense, cast):
    initiative = build_initiative(odense, cast.anna)
    area = odense.areas.create(service_area="social", nil_at=timezone.now(), nil_by=cast.carl)
    told = "Området er erklæret uden indsatser."
    assert told not in text(anna.get(address(initiative)))
    answer = text(autosave(anna, initiative.uuid, **posted(service_area="social", revision=1)))
    assert 'data-warning="service_area"' in answer and told in answer
    assert f'<a href="{HOME}#areas-caption">' in answer and outcome_of(answer) == "saved"
    page = text(anna.get(address(initiative)))
    at_field = page.split('id="warnings_service_area"')[1].split('id="warnings_title"')[0]
    assert told in at_field and "ikke indsendes" in at_field
    assert 'id="areas-caption"' in text(anna.get(HOME))
    initiative.refresh_from_db()
    assert initiative.service_area == "social"
    other = text(autosave(anna, initiative.uuid, **posted(service_area="general", revision=2)))
    assert told not in other
    refused = anna.post(address(initiative), posted(service_area="social", revision=3, target_share="x"))
    assert refused.status_code == 422 and told in text(refused)
    area.delete()
    assert told not in text(autosave(anna, initiative.uuid, **posted(service_area="social", revision=3)))


def test_an_answer_is_some_lines_not_a_page(anna, odense, cast):
    initiative = build_initiative(odense, cast.anna)
    response = autosave(anna, initiative.uuid, **posted(revision=1))
    assert len(response.content) < 500 and b"<html" not in response.content


@pytest.mark.parametrize("fields", [{}, {"scope": "", "expenditure_basis": ""}, {"title": "   "}])
def test_an_empty_new_form_makes_nothing(anna, odense, fields):
    response = autosave(anna, uuid.uuid4(), revision=0, **fields)
    assert outcome(response) == "blank" and not Initiative.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [{"gross_expenditure": "0"}, {"target_share": "-"}, {"scope": "doubt"}, {"time_horizon": "1_year"}],
)
def test_any_one_answer_makes_the_initiative(anna, odense, fields):
    assert outcome(autosave(anna, uuid.uuid4(), revision=0, **fields)) == "saved"
    assert Initiative.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("gross_expenditure", "1,250", "uden decimaler"),
        ("gross_income", "mange", "Skriv bruttoindtægten i hele 1.000 kr., fx 1.250."),
        ("target_share", "101", "fra 0 til 100"),
        ("title", "x" * 201, "Titlen må højst være 200 tegn"),
        ("title", "a\x00b", "Null"),
        ("content", "x" * 100_000, "Indholdet må højst være 10.000 tegn"),
        ("scope_reason", "x" * 2001, "Begrundelsen må højst være 2.000 tegn"),
        ("expenditure_basis", "guess", "hvor udgiften kommer fra"),
        ("scope", "maybe", "Vælg, om indsatsen hører med"),
        ("funding_sources", "lottery", "Vælg blandt de tre finansieringskilder"),
        ("reason_expenditure_zero", "x" * 2001, "Begrundelsen må højst være 2.000 tegn"),
    ],
)
def test_a_wrong_field_keeps_what_is_stored_and_the_others_are_saved(
    anna, odense, cast, field, value, message
):
    initiative = build_initiative(odense, cast.anna, target_share=None, target_share_unknown=True)
    before = getattr(initiative, field, None)
    response = autosave(anna, initiative.uuid, **posted(purpose="Nyt formål", revision=1) | {field: value})
    page = text(response)
    assert outcome(response) == "saved" and "Ikke gemt:" in page
    assert f'data-field="{field}"' in page and escape(message) in page
    initiative.refresh_from_db()
    assert initiative.purpose == "Nyt formål" and getattr(initiative, field, None) == before
    assert initiative.target_share_unknown == (field == "target_share")


@pytest.mark.parametrize("value", ["😀", "‮abc", "e\u0301", "<b>&", "=1+1", "x\r\ny", "x\u2028y"])
def test_any_text_is_stored_as_written(anna, odense, value):
    autosave(anna, uuid.uuid4(), content=value, revision=0)
    assert Initiative.objects.get().content == value.replace("\r\n", "\n")


def test_an_answer_that_was_lost_is_no_conflict_when_the_same_is_sent_again(anna, odense, cast):
    initiative = build_initiative(odense, cast.anna)
    sent = posted(purpose="Nyt formål", revision=1)
    first, again = [autosave(anna, initiative.uuid, **sent) for _ in range(2)]
    assert revision(first) == revision(again) == "2" and outcome(again) == "saved"
    new = uuid.uuid4()
    first, again = [autosave(anna, new, title="Ny", revision=0) for _ in range(2)]
    assert revision(first) == revision(again) == "1" and again.headers["HX-Replace-Url"]


def test_the_second_of_two_is_refused_with_both_sides_field_by_field(anna, carl, odense, cast):
    initiative = build_initiative(odense, cast.anna)
    autosave(anna, initiative.uuid, **posted(content="Annas tekst", gross_income="7", revision=1))
    response = autosave(carl, initiative.uuid, **posted(content="Carls tekst", revision=1))
    page = text(response)
    assert response.status_code == 409 and outcome(response) == "conflict"
    assert "Anna har gemt indsatsen" in page and "Annas tekst" in page and "Carls tekst" in page
    assert 'name="choice_content"' in page and 'name="choice_gross_income"' in page
    assert 'name="choice_title"' not in page
    initiative.refresh_from_db()
    assert initiative.content == "Annas tekst"


CHOICES = [  # what is pressed, and what is then stored of: content, income, share, sources
    ({"keep": "mine"}, ("Carls tekst", 9, 80, ["own"])),
    ({"keep": "theirs"}, ("Annas tekst", 7, None, ["state", "own"])),
    ({"keep": "each", "choice_gross_income": "theirs"}, ("Carls tekst", 7, 80, ["own"])),
    (
        {"keep": "each", "choice_target_share": "theirs", "choice_funding_sources": "theirs"},
        ("Carls tekst", 9, None, ["state", "own"]),
    ),
    ({"keep": "each"}, ("Carls tekst", 9, 80, ["own"])),
]


@pytest.mark.parametrize(("choice", "stored"), CHOICES)
@pytest.mark.parametrize("path", ["kladde/", ""])
def test_the_choice_between_two_is_stored(anna, carl, odense, cast, choice, stored, path):
    initiative = build_initiative(odense, cast.anna)
    theirs = posted(content="Annas tekst", gross_income="7", target_share="-", revision=1)
    autosave(anna, initiative.uuid, **theirs | {"funding_sources": ["state", "own"]})
    mine = posted(content="Carls tekst", gross_income="9", revision=1)
    url = address(initiative)
    assert carl.post(url, mine).status_code == 409
    response = carl.post(url + path, mine | choice | {"compared": 2}, headers=HTMX if path else {})
    assert response.status_code == (200 if path else 302)
    row = Initiative.objects.get()
    assert (row.content, row.gross_income, row.target_share, row.funding_sources) == stored
    assert (row.title, row.revision, row.updated_by.name) == (initiative.title, 3, "Carl")


def test_a_choice_after_which_a_third_save_came_is_a_new_conflict(anna, carl, odense, cast):
    initiative = build_initiative(odense, cast.anna, revision=3)
    for keep in ("mine", "theirs", "each"):
        response = carl.post(address(initiative), posted(content="Carls", keep=keep, compared=2, revision=1))
        assert response.status_code == (302 if keep == "theirs" else 409)  # theirs is what is stored
    initiative.refresh_from_db()
    assert initiative.revision == 3


def test_what_was_deleted_meanwhile_is_offered_to_be_made_again(anna, carl, odense, cast):
    initiative = build_initiative(odense, cast.anna)
    carl.post(address(initiative) + "slet/", {"revision": 1})
    response = autosave(anna, initiative.uuid, **posted(content="Min tekst", revision=1))
    assert outcome(response) == "conflict" and "Opret indsatsen igen" in text(response)
    assert not Initiative.objects.exists()
    again = posted(content="Min tekst", revision=1, keep="mine", compared=0)
    assert outcome(autosave(anna, initiative.uuid, **again)) == "saved"
    assert Initiative.objects.get().content == "Min tekst"


def test_reasons_are_compared_and_chosen_too(anna, carl, odense, cast):
    initiative = build_initiative(odense, cast.anna, gross_expenditure=0)
    fields = posted(gross_expenditure="0", revision=1)
    autosave(anna, initiative.uuid, **fields, reason_expenditure_zero="Annas grund")
    mine = fields | {"reason_expenditure_zero": "Carls grund"}
    page = text(autosave(carl, initiative.uuid, **mine))
    assert "Annas grund" in page and "Carls grund" in page
    each = mine | {"keep": "each", "compared": 2, "choice_reason_expenditure_zero": "theirs"}
    autosave(carl, initiative.uuid, **each)
    assert WarningReason.objects.get().reason == "Annas grund"
    autosave(carl, initiative.uuid, **mine | {"keep": "mine", "compared": 3})
    assert WarningReason.objects.get().reason == "Carls grund"


def test_a_reason_given_on_the_other_page_is_not_emptied_by_one_that_is_open(anna, carl, odense, cast):
    initiative = build_initiative(odense, cast.anna, gross_expenditure=0)
    empty = posted(gross_expenditure="0", purpose="Annas formål", revision=1, reason_expenditure_zero="")
    name = f"reason_{initiative.uuid}_expenditure_zero"
    carl.post(f"{HOME}indsend/begrundelser/", {name: "Carls grund"})
    response = autosave(anna, initiative.uuid, **empty)
    page = text(response)
    assert (response.status_code, outcome(response)) == (409, "conflict")
    assert "Carl har gemt indsatsen" in page and "Carls grund" in page and "Annas formål" in page
    assert anna.post(address(initiative), empty).status_code == 409
    chosen = re.findall(r'name="choice_(\w+)" value="(\w+)" checked', page)
    assert chosen == [("purpose", "mine"), ("reason_expenditure_zero", "theirs")]
    for number, keep in enumerate(("mine", "each"), start=2):
        autosave(anna, initiative.uuid, **empty | {"keep": keep, "compared": number})
        initiative.refresh_from_db()
        assert (initiative.purpose, initiative.revision) == ("Annas formål", number + 1)
        assert WarningReason.objects.get().reason == "Carls grund"
    wish = {"keep": "each", "compared": 4, "choice_reason_expenditure_zero": "mine"}
    autosave(anna, initiative.uuid, **empty | wish)
    assert not WarningReason.objects.exists()


def test_a_reason_that_no_longer_holds_says_so_at_its_field(anna, odense, cast):
    initiative = build_initiative(odense, cast.anna, content="Ring 20 30 40 50")
    fields = posted(content="Ring 20 30 40 50", reason_phone_number="Foreningens")
    assert "Der er kommet noget til" not in text(autosave(anna, initiative.uuid, **fields | {"revision": 1}))
    fields |= {"purpose": "Ring 20 30 40 60"}
    page = text(autosave(anna, initiative.uuid, **fields | {"revision": 2}))
    assert "Der er kommet noget til" in page and "Foreningens</textarea>" in page
    assert "Der er kommet noget til" in text(anna.get(address(initiative)))
    fields |= {"reason_phone_number": "Begge er foreningens"}
    assert "Der er kommet noget til" not in text(autosave(anna, initiative.uuid, **fields | {"revision": 3}))


def test_a_reason_with_a_cpr_number_is_refused_at_its_field(anna, odense, cast):
    initiative = build_initiative(odense, cast.anna, gross_expenditure=0)
    fields = posted(gross_expenditure="0", revision=1, reason_expenditure_zero="Det er 010190-1234")
    page = text(autosave(anna, initiative.uuid, **fields))
    assert "Ikke gemt:" in page and 'data-field="reason_expenditure_zero"' in page
    assert "ligner et CPR-nummer" in page and not WarningReason.objects.exists()


def test_a_deleted_initiatives_reason_is_not_its_next_copys(anna, odense, cast):
    initiative = build_initiative(odense, cast.anna, gross_expenditure=0)
    autosave(
        anna,
        initiative.uuid,
        **posted(gross_expenditure="0", revision=1, reason_expenditure_zero="Frivillige"),
    )
    anna.post(address(initiative) + "slet/", {"revision": 2})
    assert not WarningReason.objects.exists()


def test_a_refused_autosave_says_why(anna, odense, cast):
    initiative = build_initiative(odense, cast.anna)
    now = timezone.now()
    SurveyRound.objects.update(deadline=now - timedelta(hours=1), edit_until=now)
    late = autosave(anna, initiative.uuid, **posted(revision=1))
    assert (late.status_code, outcome(late)) == (409, "closed") and "fristen er udløbet" in text(late)
    SurveyRound.objects.update(edit_until=now + timedelta(days=1))
    hand_in(odense, cast.carl)
    closed = autosave(anna, initiative.uuid, **posted(revision=1))
    assert "er indsendt og kan ikke ændres" in text(closed)
    assert Initiative.objects.get().revision == 1


def test_who_may_not_edit_stores_nothing(client_of, odense, cast):
    initiative = build_initiative(odense, cast.anna)
    for user, status in ((cast.lis, 403), (cast.bo, 404), (cast.mette, 404)):
        for revision_ in (0, 1):
            for fields in ({}, posted()):
                response = autosave(
                    client_of(user),
                    initiative.uuid if revision_ else uuid.uuid4(),
                    **fields | {"revision": revision_},
                )
                assert response.status_code == status
    cast.anna.memberships.all().delete()
    assert autosave(client_of(cast.anna), initiative.uuid, **posted(revision=1)).status_code == 404
    assert Initiative.objects.get().revision == 1


def test_an_expired_login_is_told_without_a_page(anna, odense, cast):
    anna.session.flush()
    response = autosave(anna, uuid.uuid4(), title="x", revision=0)
    assert (response.status_code, response.content) == (401, b"")
    assert "typed" not in anna.session


def test_a_token_of_before_the_login_is_refused(odense, cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.anna, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert autosave(client, uuid.uuid4(), title="x", revision=0).status_code == 403


@pytest.mark.parametrize("revision_", ["x", "", "-1", "99999999999", "1.5"])
def test_a_revision_that_is_none_overwrites_nothing(anna, odense, cast, revision_):
    initiative = build_initiative(odense, cast.anna)
    response = autosave(anna, initiative.uuid, **posted(title="Ny", revision=revision_))
    assert response.status_code == 409
    choice = {"keep": "mine", "compared": revision_}
    assert autosave(anna, initiative.uuid, **posted(title="Ny", revision=1) | choice).status_code == 409
    initiative.refresh_from_db()
    assert initiative.title != "Ny"


def test_a_warning_stands_at_its_field_and_its_reason_is_kept(anna, odense, cast):
    initiative = build_initiative(odense, cast.anna)
    fields = posted(gross_expenditure="0", gross_income="0")
    response = autosave(anna, initiative.uuid, **fields | {"revision": 1})
    assert 'data-warning="gross_expenditure"' in text(response) and "Bruttoudgiften er 0 kr." in text(
        response
    )
    autosave(anna, initiative.uuid, **fields | {"revision": 2}, reason_expenditure_zero="Frivillige")
    assert WarningReason.objects.get().reason == "Frivillige"
    page = text(anna.get(address(initiative)))
    assert "Bruttoudgiften er 0 kr." in page and "Frivillige</textarea>" in page
    autosave(anna, initiative.uuid, **fields | {"revision": 3}, reason_expenditure_zero="")
    assert not WarningReason.objects.exists()


def test_a_reason_is_not_lost_when_another_field_is_wrong(anna, odense, cast):
    initiative = build_initiative(odense, cast.anna, gross_expenditure=0)
    fields = posted(gross_expenditure="nul", revision=1, reason_expenditure_zero="Frivillige")
    response = anna.post(address(initiative), fields)
    assert response.status_code == 422
    assert 'type="hidden" name="reason_expenditure_zero" value="Frivillige"' in text(response)
    anna.post(address(initiative), fields | {"gross_expenditure": "0"})
    assert WarningReason.objects.get().reason == "Frivillige"


def test_a_reason_that_is_too_long_is_refused_at_its_field(anna, odense, cast):
    initiative = build_initiative(odense, cast.anna, gross_expenditure=0)
    fields = posted(gross_expenditure="0", revision=1, reason_expenditure_zero="x" * 2001)
    page = text(anna.post(address(initiative), fields))
    assert 'href="#id_reason_expenditure_zero"' in page and 'id="id_reason_expenditure_zero_error"' in page


def test_staying_or_closing_is_the_buttons_choice(anna, odense):
    url = HOME + f"indsats/{uuid.uuid4()}/"
    assert anna.post(url, posted(stay="1")).url == url
    assert anna.post(url, posted(revision=1, title="Ny")).url == HOME


def test_last_rounds_amounts_stand_beside_the_amounts(anna, odense, cast, aarhus):
    same = build_initiative(odense, cast.anna)
    assert "earlier-amount" not in text(anna.get(address(same)))
    for year, amount, of in ((2019, 1100, odense), (2021, 1200, odense), (2023, 1300, aarhus)):
        survey_round = build_round(accounts_year=year, price_level=year)
        submission = survey_round.submissions.get(municipality=of.municipality)
        by = cast.carl if of == odense else cast.bo
        build_initiative(submission, by, uuid=same.uuid, gross_expenditure=amount, gross_income=5)
        hand_in(submission, by)
    page = text(anna.get(address(same)))
    assert "I 2021: 1.200 (1.000 kr. i 2021-priser)" in page and "I 2021: 5 (1.000 kr." in page
    assert "1.100" not in page and "1.300" not in page


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_and_its_saves_ask_a_fixed_number_of_questions(
    anna, odense, cast, count, django_assert_num_queries
):
    initiatives = [build_initiative(odense, cast.anna, title=f"Indsats {n}") for n in range(count)]
    url = address(initiatives[0])
    anna.get(url)
    with django_assert_num_queries(PAGE):
        anna.get(url)
    with django_assert_num_queries(AUTOSAVE):
        autosave(anna, initiatives[0].uuid, **posted(revision=1))
    with django_assert_num_queries(SAVE):
        anna.post(url, posted(revision=2))


PAGE, AUTOSAVE, SAVE = 11, 13, 7
