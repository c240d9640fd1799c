"""The ministry's corrections and questions as the municipality meets them."""

import re

import pytest
from django.urls import reverse

from municipalities.models import OutgoingMail
from survey import adjusting, dialogue, transitions
from tests.builders import build_initiative, hand_in

HOME = reverse("survey:submission", args=["461", 2025])
SAID = {"reason": "other", "explanation": "Aftalt i telefonen."}


def text(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def reported(odense, cast):
    build_initiative(odense, cast.anna, gross_expenditure=1250, content="Mentorer mødes.")
    version = hand_in(odense, cast.carl)
    OutgoingMail.objects.all().delete()
    return version.initiatives.get()


def correct(initiative, by, seen=None, **values):
    values = values or {"gross_expenditure": 125}
    return adjusting.adjust(initiative_id=initiative.pk, by=by, seen=seen, **SAID, **values)


def own_page(initiative):
    return reverse("survey:initiative", args=["461", 2025, initiative.uuid])


def test_the_municipality_is_told_once_by_mail_that_something_is_corrected(reported, cast):
    made = correct(reported, cast.mette)
    assert correct(reported, cast.mette) == made  # pressed twice
    mails = OutgoingMail.objects.order_by("to")
    assert [mail.to for mail in mails] == [cast.anna.email, cast.carl.email]
    assert mails[0].subject == "Ministeriet har rettet i Odense Kommunes besvarelse"
    assert HOME in mails[0].text
    assert not re.search(r"125|Mentorer|telefonen", "".join(mail.subject + mail.text for mail in mails))


def test_that_a_correction_is_taken_back_is_told_and_what_is_accepted_is_not(reported, cast):
    made = correct(reported, cast.mette)
    OutgoingMail.objects.all().delete()
    said = {"initiative_id": reported.pk, "by": cast.mette, "explanation": "Det var rigtigt."}
    withdrawn = adjusting.withdraw_adjustment(seen=made.pk, **said)
    adjusting.withdraw_adjustment(seen=made.pk, **said)
    subjects = {*OutgoingMail.objects.values_list("subject", flat=True)}
    assert subjects == {"Ministeriet har trukket en rettelse i Odense Kommunes besvarelse tilbage"}
    assert OutgoingMail.objects.count() == 2
    accepted = adjusting.accept(initiative_id=reported.pk, by=cast.mette, seen=withdrawn.pk)
    adjusting.reopen(initiative_id=reported.pk, by=cast.mette, seen=accepted.pk)
    assert OutgoingMail.objects.count() == 2


def test_home_says_how_many_are_corrected_and_marks_them(reported, cast, client_of):
    lis = client_of(cast.lis)
    assert "rettet af ministeriet" not in text(lis.get(HOME))
    made = correct(reported, cast.mette)
    shown = text(lis.get(HOME))
    assert "Ministeriet har rettet 1 indsats." in shown and 'href="#rettelser"' in shown
    assert shown.count("<strong>rettet af ministeriet</strong>") == 1
    said = {"initiative_id": reported.pk, "by": cast.mette, "explanation": "Det var rigtigt."}
    adjusting.withdraw_adjustment(seen=made.pk, **said)
    shown = text(lis.get(HOME))
    assert "har rettet" not in shown and "rettet af ministeriet</strong>" not in shown


def test_an_initiative_that_can_only_be_read_has_question_and_correction_at_their_fields(
    reported, cast, client_of, odense
):
    asked = {"submission_id": odense.pk, "uuid": reported.uuid, "field": "gross_expenditure"}
    question = dialogue.post(by=cast.mette, from_ministry=True, text="I kroner?", seen=0, **asked)
    reply = {"by": cast.anna, "from_ministry": False, "text": "Ja, desværre.", "reply_to": question.pk}
    dialogue.post(submission_id=odense.pk, seen=question.pk, **reply)
    correct(reported, cast.mette)
    anna = client_of(cast.anna)
    place = f'href="{own_page(reported)}#id_gross_expenditure"'
    assert place in text(anna.get(reverse("survey:dialogue", args=["461", 2025])))
    shown = text(anna.get(own_page(reported)))
    field = shown[shown.index('id="id_gross_expenditure"') : shown.index('id="id_gross_income"')]
    assert "1.250" in field and "tæller som: 125" in field
    assert "I kroner?" in field and "Ja, desværre." in field and f"#traad-{question.pk}" in field
    assert "Aftalt i telefonen." in shown and shown.count("I kroner?") == 1


def test_the_page_of_an_initiative_says_nothing_of_what_is_accepted_and_costs_the_same(
    reported, cast, client_of, odense, django_assert_num_queries
):
    lis = client_of(cast.lis)
    before = text(lis.get(own_page(reported)))
    accepted = adjusting.accept(initiative_id=reported.pk, by=cast.mette, seen=None)
    csrf = r'name="csrfmiddlewaretoken" value="\w+"'
    assert re.sub(csrf, "", text(lis.get(own_page(reported)))) == re.sub(csrf, "", before)
    # Who asks, in four; the initiative, its corrections, its messages.
    with django_assert_num_queries(7):
        lis.get(own_page(reported))
    correct(reported, cast.mette, accepted.pk, out_of_scope=True)
    asked = {"submission_id": odense.pk, "uuid": reported.uuid, "by": cast.mette, "from_ministry": True}
    for name in ("", "content", "purpose"):
        dialogue.post(text="Hvad?", seen=0, field=name, **asked)
    with django_assert_num_queries(7):
        shown = text(lis.get(own_page(reported)))
    assert "hører ikke med i kortlægningen og tæller ikke" in shown and shown.count("Hvad?") == 3


def accepted_before(reported, cast, odense, **changed):
    """Accepted in version 1, and handed in again."""
    adjusting.accept(initiative_id=reported.pk, by=cast.mette, seen=None)
    transitions.withdraw(submission_id=odense.pk, by=cast.carl)
    odense.initiatives.update(**changed or {"revision": 2})
    return hand_in(odense, cast.carl).initiatives.get()


def test_what_stays_accepted_in_a_new_version_can_be_opened_again(reported, cast, odense):
    second = accepted_before(reported, cast, odense)
    opened = adjusting.reopen(initiative_id=second.pk, by=cast.mette, seen=None)
    assert (opened.kind, opened.initiative_id) == ("reopened", second.pk)
    assert adjusting.reopen(initiative_id=second.pk, by=cast.mette, seen=None) == opened


def test_what_has_changed_since_it_was_accepted_is_not_opened_again(reported, cast, odense):
    second = accepted_before(reported, cast, odense, gross_expenditure=1251)
    with pytest.raises(transitions.Refused, match="ikke godtaget"):
        adjusting.reopen(initiative_id=second.pk, by=cast.mette, seen=None)
