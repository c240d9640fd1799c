"""The ministry's side of the dialogue, and what has changed from version to version on both sides' pages."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from survey import dialogue, transitions
from survey.models import Initiative, Message, Submission
from tests.builders import build_initiative, hand_in

PAGE = "/ministerium/2025/461/dialog/"
ANSWER = "/ministerium/2025/461/"
DIFF = "/ministerium/2025/461/versioner/"


def text(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def mette(cast, client_of):
    return client_of(cast.mette)


@pytest.fixture
def initiative(odense, cast):
    stored = build_initiative(odense, cast.anna)
    hand_in(odense, cast.carl)
    return stored


@pytest.fixture
def write(odense, cast):
    """Anna's message to the ministry."""

    def send(words, **said):
        message = {"submission_id": odense.pk, "by": cast.anna, "from_ministry": False, "seen": 0}
        return dialogue.post(text=words, **message | said)

    return send


@pytest.fixture
def second_version(odense, initiative, cast):
    """Returned, changed in two fields, with one new initiative, and handed in again."""
    transitions.send_back(
        submission_id=odense.pk,
        by=cast.mette,
        version_seen=1,
        comment="Se felterne.",
        due_at=timezone.now() + timedelta(days=7),
    )
    Initiative.objects.filter(pk=initiative.pk).update(
        gross_expenditure=125, content="Frivillige mentorer mødes med kvinder hver måned."
    )
    build_initiative(odense, cast.anna, title="Netværk", service_area="social")
    return hand_in(odense, cast.carl)


def test_a_reviewer_asks_at_a_field_from_the_initiatives_page(odense, initiative, mette, cast):
    url = reverse("reporting:initiative", args=[2025, "461", initiative.uuid])
    page = mette.get(url)
    form = page.context["question"]
    assert f'action="{PAGE}?indsats={initiative.uuid}"' in text(page)
    assert f'<input type="hidden" name="uuid" value="{initiative.uuid}"' in text(page)
    asked = {"uuid": form.initial["uuid"], "field": "gross_expenditure", "seen": "", "text": "I kroner?"}
    response = mette.post(PAGE, asked)
    message = Message.objects.get()
    assert response.url == f"{PAGE}#besked-{message.pk}"
    assert (message.uuid, message.field, message.from_ministry) == (
        initiative.uuid,
        "gross_expenditure",
        True,
    )
    page = text(mette.get(url))
    assert f'href="{PAGE}?indsats={initiative.uuid}#traad-{message.pk}"' in page
    assert "<h3>2. Bruttoudgifter</h3>" in page and "I kroner?" in page


def test_a_question_without_text_is_shown_again_with_what_it_was_about(initiative, mette):
    response = mette.post(PAGE, {"uuid": str(initiative.uuid), "field": "content", "text": ""})
    assert response.status_code == 422
    page = text(response)
    assert f'<option value="{initiative.uuid}" selected>' in page
    assert '<option value="content" selected>' in page and "Skriv en besked." in page


def test_an_earlier_version_is_read_but_not_asked_about(odense, initiative, second_version, mette):
    url = reverse("reporting:initiative", args=[2025, "461", initiative.uuid])
    assert mette.get(url).context["question"]
    assert mette.get(url, {"version": 1}).context["question"] is None


def test_only_what_counts_can_be_asked_about(odense, initiative, cast, mette):
    draft = build_initiative(odense, cast.anna, title="Kladde")
    choices = mette.get(PAGE).context["question"].fields["uuid"].choices
    assert choices == [("", "Hele besvarelsen"), (str(initiative.uuid), "Mentorer til kvinder")]
    assert mette.post(PAGE, {"uuid": str(draft.uuid), "field": "", "text": "x"}).status_code == 422
    assert not Message.objects.exists()


def test_a_municipality_that_has_not_answered_can_be_written_to(aarhus, mette):
    url = "/ministerium/2025/751/dialog/"
    assert mette.post(url, {"uuid": "", "field": "", "text": "Husk fristen."}).status_code == 302
    assert "Husk fristen." in text(mette.get(url))


def test_unread_answers_are_seen_on_the_overview_and_the_submission_by_each_reviewer(
    odense, aarhus, write, mette, client_of, cast
):
    overview = "/ministerium/2025/"
    assert "Ulæste beskeder" not in text(mette.get(overview))
    write("Et"), write("To")
    dialogue.post(submission_id=aarhus.pk, by=cast.bo, from_ministry=False, text="Tre", seen=0)
    page = text(mette.get(overview))
    assert f'<a href="{PAGE}">Odense</a>: 2 ulæste beskeder' in page
    assert ">Aarhus</a>: 1 ulæst besked" in page
    assert "Du har 2 ulæste beskeder" in text(mette.get(ANSWER))
    mette.get(PAGE)
    assert "Odense</a>: 2" not in text(mette.get(overview))
    assert "ulæst" not in text(mette.get(ANSWER)) and "Dialog med kommunen" in text(mette.get(ANSWER))
    assert "Odense</a>: 2" in text(client_of(cast.rikke).get(overview))


def test_the_overview_asks_once_for_what_is_unread(
    odense, aarhus, write, mette, cast, django_assert_num_queries
):
    with CaptureQueriesContext(connection) as without:
        mette.get("/ministerium/2025/")
    for number in range(5):
        write(f"Nr. {number}")
        dialogue.post(submission_id=aarhus.pk, by=cast.bo, from_ministry=False, text=str(number), seen=0)
    with django_assert_num_queries(len(without)):
        mette.get("/ministerium/2025/")


def test_the_submission_says_what_a_version_has_changed_and_leads_to_it(
    odense, initiative, second_version, mette
):
    page = text(mette.get(ANSWER))
    assert "Indsatser ændret siden version 1: 1. Nye: 1. Ikke med længere: 0." in page
    assert f'href="{DIFF}?fra=1&amp;til=2"' in page
    assert "ændret siden" not in text(mette.get(ANSWER, {"version": 1}))


def test_a_diff_shows_fields_words_new_initiatives_and_sums(second_version, mette, client_of, cast):
    for client, url in ((mette, DIFF), (client_of(cast.lis), "/kommune/461/2025/versioner/")):
        page = text(client.get(url))
        assert (
            '<th scope="row">2. Bruttoudgifter</th> <td dir="auto">1.250</td> <td dir="auto">125</td>' in page
        )
        assert '<del><span class="sr-only">[fjernet: </span>uge.<span class="sr-only">] </span></del>' in page
        assert '<ins><span class="sr-only">[nyt: </span>måned.<span class="sr-only">] </span></ins>' in page
        assert "Netværk, Socialområdet: udgifter 1.250, indtægter 0" in page
        sums = '<td class="align-text-right">1</td> <td class="align-text-right">2</td>'
        assert f'<th scope="row">Indsatser</th> {sums}' in page


def test_versions_are_compared_in_the_order_chosen_and_a_version_with_itself(second_version, mette):
    back = mette.get(DIFF, {"fra": "2", "til": "1"})
    assert [i.title for i in back.context["differences"].removed] == ["Netværk"]
    assert "Ingen indsats er ændret" in text(mette.get(DIFF, {"fra": "1", "til": "1"}))


@pytest.mark.parametrize(
    "query",
    [{"fra": "3", "til": "1"}, {"fra": "\x00", "til": "x"}, {"fra": "1"}, {"fra": "1", "til": "kladde"}],
)
def test_a_version_that_is_not_there_is_told_so(second_version, mette, query):
    response = mette.get(DIFF, query)
    assert response.status_code == 422 and "Vælg en af versionerne på listen." in text(response)


def test_the_working_copy_is_compared_for_the_municipality_alone(odense, initiative, mette, client_of, cast):
    anna, url = client_of(cast.anna), "/kommune/461/2025/versioner/"
    assert "ikke to versioner" in text(anna.get(url))  # handed in: the working copy is what was handed in
    Submission.objects.filter(pk=odense.pk).update(state="returned", return_due_at=timezone.now())
    Initiative.objects.filter(pk=initiative.pk).update(title="Kladdens titel", gross_expenditure=None)
    build_initiative(odense, cast.anna, title="", gross_expenditure=None, service_area="")
    page = text(anna.get(url))
    assert "Ændret: Kladdens titel" in page and "(uden titel): udgifter –, indtægter 0" in page
    assert "ikke to versioner" in text(mette.get(DIFF))
    response = mette.get(DIFF, {"fra": "1", "til": "kladde"})
    assert "Kladdens titel" not in text(response)


def test_nothing_handed_in_is_nothing_to_compare(odense, mette, client_of, cast):
    build_initiative(odense, cast.anna)
    for client, url in ((mette, DIFF), (client_of(cast.anna), "/kommune/461/2025/versioner/")):
        assert "ikke to versioner" in text(client.get(url))


def test_a_diff_takes_the_same_queries_whatever_its_size(
    odense, second_version, mette, cast, django_assert_num_queries
):
    # Session, user, roles, submission, versions, the two's initiatives, and 7 for what they do to the
    # estimate: now, the totals' three, the corrections in the two, and the rates for each.
    with django_assert_num_queries(14):
        mette.get(DIFF)
