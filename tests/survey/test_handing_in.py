"""The summary page before handing in, and the page after the deadline."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.utils import timezone

from municipalities.models import OutgoingMail
from survey import transitions
from survey.forms.handing_in import MOST_REASONS
from survey.models import Initiative, Message, SubmissionVersion, SurveyRound, WarningReason
from tests.builders import build_adjustment, build_initiative, hand_in

HOME = "/kommune/461/2025/"
PAGE = HOME + "indsend/"
REASONS = PAGE + "begrundelser/"


def text(response):
    return " ".join(response.content.decode().split())


def told(response):
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


@pytest.fixture
def carl(client_of, cast):
    return client_of(cast.carl)


@pytest.fixture
def free(odense, cast):
    return build_initiative(odense, cast.anna, gross_expenditure=0)


def press(carl, page=None, **data):
    page = page or carl.get(HOME + "indsend/")
    return carl.post(PAGE, {"seen": page.context["form"].initial["seen"], "attested": "on"} | data)


def name_of(initiative, rule="expenditure_zero"):
    return f"reason_{initiative.uuid}_{rule}"


def test_by_area_a_stated_zero_a_blank_and_a_sum_are_told_apart(carl, odense, cast):
    build_initiative(odense, cast.anna, gross_expenditure=1250)
    build_initiative(odense, cast.anna, gross_expenditure=None, service_area="")
    odense.areas.create(service_area="social", nil_at=timezone.now(), nil_by=cast.anna)
    page = text(carl.get(HOME + "indsend/"))
    assert "Socialområdet<br>Erklæret uden indsatser" in page
    assert "Kultur- og fritidsområdet<br>Ikke udfyldt" in page and "None" not in page
    assert "Beskæftigelsesområdet</th>" in page and ">1.250<" in page


def test_an_open_warning_stands_with_its_initiative_and_nothing_can_be_signed(carl, free):
    page = text(carl.get(HOME + "indsend/"))
    assert "Én advarsel mangler en begrundelse" in page and "Bruttoudgiften er 0 kr." in page
    assert f'href="{free.get_absolute_url()}"' in page
    assert f'name="{name_of(free)}"' in page and 'name="attested"' not in page
    assert "maxlength" not in page  # a browser would cut what is pasted, without a word


def test_a_reason_is_written_on_the_page_and_the_answer_can_be_signed(carl, odense, free):
    response = carl.post(REASONS, {name_of(free): "Frivillige har lavet det hele."})
    assert response.url == PAGE and "1 begrundelse er gemt" in told(response)
    page = text(carl.get(HOME + "indsend/"))

    assert "Frivillige har lavet det hele." in page and 'name="attested"' in page
    assert press(carl).url == "/kommune/kvittering/2025-461-1/"


def test_a_reason_that_is_too_long_is_refused_with_its_text(carl, free):
    response = carl.post(REASONS, {name_of(free): "lang " * 20_000})
    page = text(response)
    assert response.status_code == 422 and page.count("lang lang") >= 1
    assert "Begrundelsen må højst være 2.000 tegn. Den er nu" in page
    assert f'href="#id_{name_of(free)}"' in page and not WarningReason.objects.exists()


def test_a_reason_with_a_cpr_number_is_refused_with_its_text(carl, free):
    response = carl.post(REASONS, {name_of(free): "Det er 010190-1234"})
    page = text(response)
    assert response.status_code == 422 and "Det er 010190-1234" in page
    assert "ligner et CPR-nummer" in page and not WarningReason.objects.exists()


def test_a_reason_that_comes_after_anothers_is_shown_and_not_stored(carl, odense, cast, free):
    carl.post(REASONS, {name_of(free): "Den første."})
    assert carl.post(REASONS, {name_of(free): "Den første."}).status_code == 302  # pressed twice
    carl.get(PAGE)
    page = text(late := carl.post(REASONS, {name_of(free): "Den <b>anden</b>."}))
    assert late.status_code == 409 and "Den &lt;b&gt;anden&lt;/b&gt;." in page
    assert "har fået en begrundelse" in page and "ikke skrevet nogen" not in page
    assert WarningReason.objects.get().reason == "Den første."
    Initiative.objects.update(gross_expenditure=5)
    assert "Den tredje." in text(carl.post(REASONS, {name_of(free): "Den tredje."}))


def test_what_was_found_later_is_reasoned_anew_even_in_the_same_words(carl, odense, cast):
    initiative = build_initiative(odense, cast.anna, content="Ring 20 30 40 50")
    name = name_of(initiative, "phone_number")
    carl.post(REASONS, {name: "Foreningens."})
    Initiative.objects.update(purpose="Ring 20 30 40 60")
    assert 'name="attested"' not in text(carl.get(PAGE))
    carl.post(REASONS, {name: "Foreningens."})
    assert 'name="attested"' in text(carl.get(PAGE))


@pytest.mark.parametrize("value", ["", "  ", "\x00"])
def test_no_reason_is_none(carl, free, value):
    response = carl.post(REASONS, {name_of(free): value, "reason_x": "y", "reason_": "z"})
    assert response.status_code in (302, 422) and not WarningReason.objects.exists()


def test_the_words_of_a_title_are_no_html(carl, odense, cast):
    build_initiative(odense, cast.anna, title="<b>Mentorer</b> <script>til kvinder</script>")
    build_initiative(odense, cast.anna, title="<b>Mentorer</b> <script>til kvinder</script>")
    page = text(carl.get(HOME + "indsend/"))
    assert "ligner en anden indsats" in page and "<script>til" not in page and "<b>Ment" not in page


def test_a_hundred_warnings_are_asked_about_at_a_time(carl, odense, cast):
    for number in range(MOST_REASONS + 5):
        build_initiative(odense, cast.anna, gross_expenditure=0, title=f"{number} {chr(97 + number % 20)}x")
    form = carl.get(HOME + "indsend/").context["reasons"]
    assert len(form.fields) == MOST_REASONS
    response = carl.post(REASONS, dict.fromkeys(form.fields, "Efterset."))
    assert f"{MOST_REASONS} begrundelser er gemt" in told(response)
    assert 0 < len(carl.get(HOME + "indsend/").context["reasons"].fields) <= 10


@pytest.mark.parametrize("problem", ["missing", "area", "open"])
def test_what_may_not_be_handed_in_is_refused_with_the_reason_why(carl, odense, cast, problem):
    seen = carl.get(HOME + "indsend/").context["form"].initial["seen"]
    if problem == "missing":
        build_initiative(odense, cast.anna, purpose="")
    elif problem == "area":
        build_initiative(odense, cast.anna)
        odense.areas.create(service_area="employment", nil_at=timezone.now(), nil_by=cast.anna)
    else:
        build_initiative(odense, cast.anna, gross_expenditure=0)
    response = carl.post(PAGE, {"seen": seen, "attested": "on"})
    remedy = {
        "missing": "Skriv i felt 9, hvad formålet er.",
        "area": "Området er erklæret uden indsatser.",
        "open": "Bruttoudgiften er 0 kr.",
    }[problem]
    assert response.status_code == 409 and remedy in text(response)
    assert not SubmissionVersion.objects.exists() and not OutgoingMail.objects.exists()


def test_what_was_changed_since_the_page_was_opened_is_refused_and_shown_anew(carl, odense, cast):
    initiative = build_initiative(odense, cast.anna)
    page = carl.get(HOME + "indsend/")
    initiative.gross_expenditure = 1251
    initiative.save()
    response = press(carl, page)
    assert response.status_code == 409 and "ændret, siden du åbnede" in told(response)
    assert press(carl, response).status_code == 302


def test_without_the_signature_it_is_not_handed_in_and_the_page_says_so(carl, odense, cast):
    build_initiative(odense, cast.anna)
    response = press(carl, attested="")
    assert response.status_code == 422 and "Sæt kryds for at bekræfte" in text(response)
    assert carl.post(PAGE, {}).status_code == 422
    assert carl.post(PAGE, {"seen": "x" * 100_000, "attested": "on"}).status_code == 409


def test_what_is_new_since_the_last_version_is_shown(carl, odense, cast):
    initiative = build_initiative(odense, cast.anna, content="Gammelt indhold")
    hand_in(odense, cast.carl)
    transitions.withdraw(submission_id=odense.pk, by=cast.carl)
    initiative.content = "Nyt indhold"
    initiative.save()
    page = text(carl.get(HOME + "indsend/"))
    assert "Ændret siden version 1" in page and "Gammelt" in page and "8. Indhold" in page


def test_pressing_twice_gives_one_receipt_and_one_mail_to_each_approver(carl, odense, cast):
    build_initiative(odense, cast.anna)
    page = carl.get(HOME + "indsend/")
    assert press(carl, page).url == press(carl, page).url
    assert SubmissionVersion.objects.count() == 1
    assert [mail.to for mail in OutgoingMail.objects.all()] == [cast.carl.email]


@pytest.mark.parametrize("page", [PAGE, REASONS])
def test_after_the_deadline_the_page_says_until_when_and_whom_to_ask(carl, odense, free, settings, page):
    settings.CONTACT_EMAIL = "kortlaegning@ministeriet.example"
    now = timezone.now()
    SurveyRound.objects.update(deadline=now - timedelta(hours=2), edit_until=now - timedelta(hours=1))
    response = (
        carl.get(HOME + "indsend/")
        if page == PAGE
        else carl.post(REASONS, {name_of(free): "Min begrundelse"})
    )
    content = text(response)
    assert "Fristen er udløbet" in content and "Besvarelsen kunne indsendes indtil" in content
    assert "mailto:kortlaegning@ministeriet.example" in content and "ny frist" in content
    assert "Kommunen tæller som en, der ikke har svaret." in content
    if page == REASONS:
        assert response.status_code == 409 and "Min begrundelse" in content
        assert not WarningReason.objects.exists()


def test_after_the_due_date_of_a_return_the_last_version_still_counts(carl, odense, cast):
    build_initiative(odense, cast.anna)
    hand_in(odense, cast.carl)
    due = timezone.now() + timedelta(seconds=30)
    transitions.send_back(
        submission_id=odense.pk, by=cast.mette, version_seen=1, comment="Se igen.", due_at=due
    )
    type(odense).objects.filter(pk=odense.pk).update(return_due_at=timezone.now() - timedelta(hours=1))
    page = text(carl.get(HOME + "indsend/"))
    assert "kunne rettes og indsendes igen indtil" in page and "Version 1, som I har indsendt, gælder" in page


def test_before_the_round_opens_the_page_says_from_when(carl, odense):
    SurveyRound.objects.update(opens_at=timezone.now() + timedelta(days=1))
    assert "ikke åben endnu" in text(carl.get(HOME + "indsend/"))


def test_reasons_are_the_approvers_here_and_the_editors_at_the_initiative(client_of, cast, free):
    for user in (cast.anna, cast.lis, cast.bo, cast.mette):
        response = client_of(user).post(REASONS, {name_of(free): "x"})
        assert response.status_code in (403, 404)
    assert not WarningReason.objects.exists()


def test_the_page_takes_a_fixed_number_of_queries(
    carl, odense, cast, django_assert_num_queries, django_assert_max_num_queries
):
    build_initiative(odense, cast.anna, gross_expenditure=0)
    with django_assert_max_num_queries(14) as one:
        carl.get(HOME + "indsend/")
    for _ in range(30):
        build_initiative(odense, cast.anna, gross_expenditure=0, content="010190-1234")
    with django_assert_num_queries(len(one)):
        carl.get(HOME + "indsend/")


def test_what_the_ministry_asked_and_corrected_is_told_before_handing_in_again(carl, odense, cast):
    build_initiative(odense, cast.anna)
    version = hand_in(odense, cast.carl)
    build_adjustment(version.initiatives.get(), cast.mette)
    transitions.withdraw(submission_id=odense.pk, by=cast.carl)
    question = {"submission": odense, "by": cast.mette, "from_ministry": True, "text": "Er beløbet rigtigt?"}
    first = Message.objects.create(**question)
    page = text(carl.get(HOME + "indsend/"))
    assert "1 spørgsmål er ikke besvaret." in page and "Rettelserne følger ikke med" in page
    Message.objects.create(**question | {"by": cast.carl, "from_ministry": False, "reply_to": first})
    assert "ikke besvaret" not in text(carl.get(HOME + "indsend/"))
