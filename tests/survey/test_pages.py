"""The municipality's pages, as their users meet them."""

import hashlib
import uuid
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from survey import transitions
from survey.models import Initiative, SubmissionVersion, SurveyRound
from tests.builders import build_initiative, hand_in, posted

HOME = "/kommune/461/2025/"


def text(response):
    return " ".join(response.content.decode().split())


def told(response):
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def address(initiative):
    return reverse("survey:initiative", args=["461", 2025, initiative.uuid])


@pytest.fixture
def anna(client_of, cast):
    return client_of(cast.anna)


@pytest.fixture
def carl(client_of, cast):
    return client_of(cast.carl)


def test_a_municipal_user_comes_straight_to_the_newest_answer(anna, odense):
    assert anna.get("/").url == HOME


def test_the_ministry_comes_to_its_overview(client_of, cast, survey_round):
    assert client_of(cast.mette).get("/").url == reverse("reporting:home")


def test_without_a_round_or_a_membership_home_says_so(client_of, cast, client):
    assert "ingen kortlægning at besvare" in text(client_of(cast.anna).get("/"))
    cast.anna.memberships.all().delete()
    assert "ikke knyttet til en kommune" in text(client_of(cast.anna).get("/"))


def test_a_new_initiative_is_entered_and_listed_with_the_totals(anna, odense):
    page = anna.get(HOME + "indsats/ny/")
    action = address(page.context["initiative"])
    assert f'action="{action}"' in text(page)
    response = anna.post(action, posted(gross_income="250"))
    assert response.url == HOME and "udfyldt" in told(response)
    page = text(anna.get(HOME))
    assert "Mentorer til kvinder" in page and ">1.250<" in page and ">1.000<" in page
    initiative = Initiative.objects.get()
    assert (initiative.revision, initiative.updated_by.name) == (1, "Anna")


def test_a_draft_may_be_incomplete_and_what_lacks_is_shown(anna, odense):
    url = HOME + f"indsats/{uuid.uuid4()}/"
    response = anna.post(url, {"title": "Kun en titel", "revision": 0})
    assert told(response) == "Gemt. Indsatsen mangler endnu 11 felter."
    assert "<br>Mangler 11 felter</th>" in text(anna.get(HOME))
    page = text(anna.get(url))
    assert "Indsatsen mangler endnu 11 felter" in page and '<a href="#id_target_share">10. ' in page
    assert '<a href="#id_primary_target_group_0">6. ' in page and '<a href="#id_title">' not in page
    full = posted(revision=1, purpose="", time_horizon="", target_share="")
    assert "mangler endnu 3 felter" in told(anna.post(url, full))
    assert "Mangler: Formål, Tidshorisont, " in text(anna.get(HOME))
    assert "mangler endnu 1 felt." in told(anna.post(url, full | posted(revision=2, purpose="")))
    anna.post(url, posted(revision=3))
    assert '<div id="missing"> </div>' in text(anna.get(url))


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        (
            "gross_expenditure",
            "1,250",
            "Skriv bruttoudgiften i hele 1.000 kr. uden decimaler, fx 1.250 eller 1250.",
        ),
        (
            "gross_expenditure",
            "1.250,50",
            "Skriv bruttoudgiften i hele 1.000 kr. uden decimaler, fx 1.250 eller 1250.",
        ),
        ("gross_expenditure", "-5", "Bruttoudgiften kan ikke være negativ."),
        ("gross_income", "mange", "Skriv bruttoindtægten i hele 1.000 kr., fx 1.250."),
        ("gross_income", "1250000000", "Bruttoindtægten er for stor."),
        ("target_share", "101", "Skriv andelen i hele procent fra 0 til 100"),
        ("title", "x" * 201, "Titlen må højst være 200 tegn. Den er nu 201."),
        ("content", "x" * 10_001, "Indholdet må højst være 10.000 tegn."),
        ("service_area", "roads", "Vælg et af de seks områder."),
        ("funding_sources", ["lottery"], "Vælg blandt de tre finansieringskilder."),
        ("primary_target_group", "d", "Vælg a, b eller c som primær målgruppe."),
    ],
)
def test_bad_input_gets_its_message_at_its_field_and_nothing_is_lost(anna, odense, field, value, message):
    response = anna.post(HOME + f"indsats/{uuid.uuid4()}/", posted(**{field: value}))
    assert response.status_code == 422
    assert any(message in error for error in response.context["form"].errors[field])
    page = text(response)
    assert f'href="#id_{field}' in page and "Kommunalfuldmagten" in page
    assert not Initiative.objects.exists()


@pytest.mark.parametrize(
    "value", ["\x00", "a\x00b", "😀", "‮abc", "e\u0301", "<script>alert(1)</script>", "=1+1", "'\"--"]
)
def test_any_text_is_stored_as_written_or_refused_at_its_field(anna, odense, value):
    response = anna.post(HOME + f"indsats/{uuid.uuid4()}/", posted(title=value))
    if "\x00" in value:
        assert response.status_code == 422 and response.context["form"].errors["title"]
    else:
        assert Initiative.objects.get().title == value
        assert "<script>alert" not in anna.get(HOME).content.decode()


def test_a_dash_is_an_answer_and_blank_is_not(anna, odense):
    dash, blank = uuid.uuid4(), uuid.uuid4()
    anna.post(HOME + f"indsats/{dash}/", posted(target_share="-"))
    anna.post(HOME + f"indsats/{blank}/", posted(target_share=""))
    assert Initiative.objects.get(uuid=dash).missing() == []
    assert Initiative.objects.get(uuid=blank).missing() == ["target_share"]
    assert 'value="-"' in text(anna.get(HOME + f"indsats/{dash}/"))


def test_pressing_save_twice_makes_one_initiative(anna, odense):
    url = HOME + f"indsats/{uuid.uuid4()}/"
    assert [anna.post(url, posted()).url, anna.post(url, posted()).url] == [HOME, HOME]
    assert Initiative.objects.get().revision == 1


def test_the_second_of_two_editors_is_told_with_both_texts(anna, carl, odense, cast):
    initiative = build_initiative(odense, cast.anna)
    anna.post(address(initiative), posted(content="Annas tekst", revision=1))
    response = carl.post(address(initiative), posted(content="Carls tekst", title="Carls titel", revision=1))
    page = text(response)
    assert response.status_code == 409
    assert "Anna har gemt indsatsen" in page and "Annas tekst" in page and "Carls tekst" in page
    initiative.refresh_from_db()
    assert initiative.content == "Annas tekst"
    again = carl.post(
        address(initiative),
        posted(content="Carls tekst", revision=1, keep="mine", compared=2),
    )
    initiative.refresh_from_db()
    assert again.status_code == 302 and initiative.content == "Carls tekst"


def test_what_was_deleted_meanwhile_can_be_saved_again(anna, carl, odense, cast):
    initiative = build_initiative(odense, cast.anna)
    carl.post(address(initiative) + "slet/", {"revision": 1})
    response = anna.post(address(initiative), posted(content="Min tekst", revision=1))
    assert response.status_code == 409 and "slettet" in text(response) and "Min tekst" in text(response)
    anna.post(
        address(initiative),
        posted(content="Min tekst", revision=1, keep="mine", compared=0),
    )
    assert Initiative.objects.get().content == "Min tekst"


def test_deleting_what_was_changed_meanwhile_is_refused(anna, odense, cast):
    initiative = build_initiative(odense, cast.anna, revision=2)
    response = anna.post(address(initiative) + "slet/", {"revision": 1})
    assert "ikke slettet" in told(response) and Initiative.objects.exists()
    anna.post(address(initiative) + "slet/", {"revision": "x"})
    assert Initiative.objects.exists()
    anna.post(address(initiative) + "slet/", {"revision": 2})
    assert not Initiative.objects.exists()


def test_a_deadline_that_passes_while_one_writes_loses_no_text(anna, odense, cast):
    initiative = build_initiative(odense, cast.anna)
    now = timezone.now()
    SurveyRound.objects.update(deadline=now - timedelta(hours=1), edit_until=now)
    response = anna.post(address(initiative), posted(content="Min lange tekst", revision=1))
    assert response.status_code == 409 and "Min lange tekst" in text(response)
    assert "fristen er udløbet" in text(response)


def test_a_handed_in_answer_is_read_not_edited(anna, odense, cast):
    initiative = build_initiative(odense, cast.anna)
    hand_in(odense, cast.carl)
    page = text(anna.get(address(initiative)))
    assert "<textarea" not in page and "Frivillige mentorer" in page
    assert anna.get(HOME + "indsats/ny/").url == HOME
    assert anna.post(address(initiative), posted(title="Ny", revision=1)).status_code == 409
    assert anna.post(address(initiative) + "slet/", {"revision": 1}).url == HOME
    assert Initiative.objects.get().title == initiative.title


def test_the_approver_hands_in_and_everybody_sees_one_receipt(anna, carl, odense, cast):
    build_initiative(odense, cast.anna)
    page = carl.get(HOME + "indsend/")
    data = {"seen": page.context["form"].initial["seen"], "attested": "on"}
    first = carl.post(HOME + "indsend/", data)
    second = carl.post(HOME + "indsend/", data)
    assert first.url == second.url == "/kommune/kvittering/2025-461-1/"
    receipt = text(anna.get(first.url))
    version = SubmissionVersion.objects.get()
    assert version.checksum in receipt and "indsendt af" in text(anna.get(HOME)).lower()


def test_the_sealed_content_has_the_receipts_checksum(anna, odense, cast):
    build_initiative(odense, cast.anna, title="Æblegrød – “citat” 😀\n=1+1")
    version = hand_in(odense, cast.carl)
    response = anna.get(f"/kommune/kvittering/{version.receipt_number}/form.json")
    assert hashlib.sha256(response.content).hexdigest() == version.checksum


def test_handing_in_without_the_cross_says_what_to_do(carl, odense, cast):
    build_initiative(odense, cast.anna)
    page = carl.get(HOME + "indsend/")
    response = carl.post(HOME + "indsend/", {"seen": page.context["form"].initial["seen"]})
    assert "Sæt kryds for at bekræfte" in text(response) and not SubmissionVersion.objects.exists()


def test_a_change_after_the_page_was_opened_is_shown_before_it_is_signed(anna, carl, odense, cast):
    initiative = build_initiative(odense, cast.anna)
    data = {"seen": carl.get(HOME + "indsend/").context["form"].initial["seen"], "attested": "on"}
    anna.post(address(initiative), posted(gross_expenditure="9.999", revision=1))
    response = carl.post(HOME + "indsend/", data)
    assert (
        response.status_code == 409 and "9.999" in text(response) and "Se den igennem igen" in text(response)
    )
    data["seen"] = response.context["form"].initial["seen"]
    assert carl.post(HOME + "indsend/", data).status_code == 302


def test_an_incomplete_answer_cannot_be_signed_and_says_what_lacks(carl, odense, cast):
    build_initiative(odense, cast.anna, purpose="", secondary_target_group="")
    page = text(carl.get(HOME + "indsend/"))
    assert (
        '#id_purpose"' in page and '#id_secondary_target_group_0"' in page
    )  # the first of a group's buttons
    assert "Skriv i felt 9, hvad formålet er." in page and 'name="attested"' not in page


def test_nothing_to_report_is_signed_in_its_own_words(carl, odense):
    assert "Ingen indsatser at indberette" in text(carl.get(HOME))
    page = carl.get(HOME + "indsend/")
    assert "ingen indsatser har at indberette" in text(page)
    carl.post(HOME + "indsend/", {"seen": page.context["form"].initial["seen"], "attested": "on"})
    assert SubmissionVersion.objects.get().is_nil


def test_withdrawing_opens_the_answer_again(carl, odense, cast):
    build_initiative(odense, cast.anna)
    hand_in(odense, cast.carl)
    assert "Træk besvarelsen tilbage" in text(carl.get(HOME))
    carl.post(HOME + "traek-tilbage/")
    page = text(carl.get(HOME))
    assert "Ny indsats" in page
    assert "Version 1 er trukket tilbage af Carl" in page and "Ingen version tæller" in page
    assert "ikke indsendt" in told(carl.post(HOME + "traek-tilbage/"))


def test_a_returned_answer_shows_the_comment_and_the_due_date(anna, odense, cast):
    build_initiative(odense, cast.anna)
    hand_in(odense, cast.carl)
    due = timezone.now() + timedelta(days=7)
    transitions.send_back(
        submission_id=odense.pk, by=cast.mette, version_seen=1, comment="Se på <b>beløbene</b>", due_at=due
    )
    page = text(anna.get(HOME))
    assert "Se på &lt;b&gt;beløbene&lt;/b&gt;" in page and "Ny indsats" in page


def test_the_late_are_told_that_they_are_late(anna, odense):
    SurveyRound.objects.update(deadline=timezone.now() - timedelta(hours=1))
    assert "tæller som for sen" in text(anna.get(HOME))


@pytest.mark.parametrize("path", ["", "indsend/"])
def test_pages_ask_the_database_a_fixed_number_of_questions(
    carl, odense, cast, path, django_assert_num_queries, django_assert_max_num_queries
):
    build_initiative(odense, cast.anna)
    with django_assert_max_num_queries(16) as one:
        carl.get(HOME + path)
    for _ in range(30):
        build_initiative(odense, cast.anna)
    with django_assert_num_queries(len(one)):
        carl.get(HOME + path)


def test_english_is_chosen_and_danish_is_the_default(anna, odense):
    danish = anna.get(HOME, headers={"accept-language": "en"})
    assert danish.headers["Content-Language"] == "da"
    anna.post("/sprog/", {"language": "en", "next": HOME})
    assert anna.get(HOME).headers["Content-Language"] == "en"


@pytest.mark.parametrize("language", ["da", "en"])
def test_what_the_form_shows_can_be_saved_again_in_both_languages(anna, odense, cast, language):
    initiative = build_initiative(odense, cast.anna, gross_expenditure=12_345_678, target_share=7)
    anna.cookies["django_language"] = language
    form = anna.get(address(initiative)).context["form"]
    shown = {bound.html_name: bound.value() for bound in form}
    assert shown["gross_expenditure"] == "12.345.678"
    assert anna.post(address(initiative), shown | {"title": "Ny titel"}).status_code == 302
    initiative.refresh_from_db()
    assert (initiative.title, initiative.gross_expenditure) == ("Ny titel", 12_345_678)


def test_what_was_typed_when_the_session_had_ended_is_there_after_login(anna, odense, cast):
    url = HOME + f"indsats/{uuid.uuid4()}/"
    anna.session.flush()
    to_login = anna.post(url, posted(content="Min lange tekst"))
    assert to_login.url.startswith("/konto/login/")
    anna.post(to_login.url, {"login": cast.anna.email, "password": "correct horse battery"})
    page = anna.get(url)
    assert "ikke gemt endnu" in text(page) and "Min lange tekst" in text(page)
    assert not Initiative.objects.exists()
    anna.post(url, {bound.html_name: bound.value() or "" for bound in page.context["form"]})
    assert Initiative.objects.get().content == "Min lange tekst"
    assert "Min lange tekst" not in text(anna.get(HOME + f"indsats/{uuid.uuid4()}/"))


def test_typed_text_is_shown_to_nobody_who_may_not_edit(anna, odense, cast):
    url = HOME + f"indsats/{uuid.uuid4()}/"
    anna.session.flush()
    to_login = anna.post(url, posted(content="Min lange tekst"))
    anna.post(to_login.url, {"login": cast.bo.email, "password": "correct horse battery"})
    assert anna.get(url).status_code == 404


def test_an_empty_form_is_not_saved(anna, odense):
    response = anna.post(HOME + f"indsats/{uuid.uuid4()}/", {"revision": 0})
    assert response.status_code == 422 and "Skriv mindst en titel" in text(response)


def test_a_funding_source_counts_once_in_the_questionnaires_order(anna, odense):
    anna.post(HOME + f"indsats/{uuid.uuid4()}/", posted(funding_sources=["own", "own", "state"]))
    assert Initiative.objects.get().funding_sources == ["state", "own"]


def test_an_act_that_is_opened_as_a_page_leads_to_its_page(anna, odense, cast):
    initiative = build_initiative(odense, cast.anna)
    assert anna.get(address(initiative) + "slet/").url == "../"
    assert anna.get(HOME + "traek-tilbage/").url == "../"
    assert anna.put(HOME + "traek-tilbage/").status_code == 405


def test_the_receipt_of_a_withdrawn_version_says_so(carl, odense, cast):
    build_initiative(odense, cast.anna)
    hand_in(odense, cast.carl)
    carl.post(HOME + "traek-tilbage/")
    assert "Denne version er siden trukket tilbage af Carl" in text(
        carl.get("/kommune/kvittering/2025-461-1/")
    )


@pytest.mark.parametrize(
    "path",
    ["/kommune/%00/2025/", "/kommune/kvittering/%00/", "/ministerium/2025/%00/", "/kommune/461/99999999999/"],
)
def test_an_impossible_address_is_not_found(anna, client_of, cast, odense, path):
    assert anna.get(path).status_code == 404
    assert client_of(cast.mette).get(path).status_code == 404


def test_a_body_that_cannot_be_read_is_a_bad_request(client, db):
    response = client.generic(
        "POST", "/konto/login/", b"\xff\xfe", "application/x-www-form-urlencoded; charset=utf-16"
    )
    assert response.status_code == 400 and "kan ikke læses" in text(response)


def test_only_a_form_s_text_is_kept_and_any_kind_of_body_is_read(anna, odense, cast):
    anna.session.flush()
    assert anna.post(HOME + "indsend/", {"seen": "x" * 1000}).status_code == 302
    assert "typed" not in anna.session
    anna.post(HOME + f"indsats/{uuid.uuid4()}/", posted(content="x" * 200_000))
    assert "typed" not in anna.session
    anna.cookies["sessionid"] = "unknown"
    assert anna.post(HOME + f"indsats/{uuid.uuid4()}/", posted()).status_code == 302  # multipart
