"""The catalogue, and its rules applied to a submission with the municipality's reasons."""

import uuid
from dataclasses import replace

import pytest
from django.utils import timezone
from django.utils.translation import override

from municipalities.models import Municipality, PopulationCount
from survey import catalogue, checking, transitions
from survey.catalogue import BY_ID, HARD, RULES, SOFT, Severity
from survey.forms.initiative import InitiativeForm
from survey.models import Initiative, PassedWarning, WarningReason
from survey.models.initiatives import STORED_FIELDS
from survey.questionnaire import FIELD_NAMES
from survey.transitions import Refused
from tests.builders import (
    POPULATION_DATE,
    answers,
    build_approver,
    build_initiative,
    build_round,
    hand_in,
    pass_warnings,
    posted,
    seen_by_approver,
)


def said_of(submission, *initiatives):
    found = checking.warnings_of(submission, initiatives or list(submission.initiatives.all()))
    return {uuid: [warning.rule for warning in warnings] for uuid, warnings in found.items()}


def rules_of(submission, **fields):
    initiative = Initiative(submission=submission, **answers(**fields))
    return said_of(submission, initiative).get(initiative.uuid, [])


# The catalogue


def test_each_rule_has_its_own_id_a_field_of_the_form_and_a_text():
    assert len(BY_ID) == len(RULES)
    for rule in RULES:
        assert set(rule.fields) <= set(STORED_FIELDS) and str(rule.text) and len(rule.id) <= 40
        assert rule.severity is (Severity.HARD if rule in HARD else Severity.SOFT)


def test_every_field_that_may_be_missing_has_its_rule():
    empty = Initiative()
    assert empty.missing() == list(FIELD_NAMES)
    assert {f"{name}_missing" for name in FIELD_NAMES} <= set(BY_ID)


@pytest.mark.parametrize(
    ("rule", "field", "value"),
    [
        ("expenditure_negative", "gross_expenditure", "-5"),
        ("income_negative", "gross_income", "-5"),
        ("expenditure_not_whole", "gross_expenditure", "1.250,50"),
        ("income_not_whole", "gross_income", "1,5"),
        ("share_not_a_percentage", "target_share", "101"),
        ("share_not_a_percentage", "target_share", "-1"),
    ],
)
def test_the_form_and_the_catalogue_refuse_a_wrong_value_in_the_same_words(rule, field, value):
    form = InitiativeForm(posted(**{field: value}), instance=Initiative(revision=0), accounts_year=2025)
    assert form.errors[field] == [str(BY_ID[rule].text)]
    assert BY_ID[rule].fields == (field,) and BY_ID[rule].severity is Severity.HARD


def test_a_rule_holds_from_its_round_on(odense, monkeypatch, django_assert_num_queries):
    assert {rule.id for rule in SOFT} == catalogue.active(SOFT, 2025) and not catalogue.active(SOFT, 2024)
    earlier = build_round(accounts_year=2024, price_level=2024).submissions.select_related("round").first()
    assert rules_of(odense, gross_expenditure=0) == ["expenditure_zero"]
    with django_assert_num_queries(0):
        assert rules_of(earlier, gross_expenditure=0) == []
    later = tuple(replace(rule, active_from=2026) if rule.id == "expenditure_zero" else rule for rule in SOFT)
    monkeypatch.setattr(checking, "SOFT", later)
    assert rules_of(odense, gross_expenditure=0, funding_sources=["state"]) == ["source_without_income"]


# The soft rules


@pytest.mark.parametrize(
    ("fields", "rules"),
    [
        ({}, []),
        (
            {"gross_expenditure": 5, "gross_income": 6, "funding_sources": ["state"]},
            ["income_above_expenditure"],
        ),
        ({"gross_income": 6}, ["income_without_source"]),
        ({"funding_sources": ["private"]}, ["source_without_income"]),
        ({"gross_expenditure": 0}, ["expenditure_zero"]),
        ({"gross_expenditure": None, "gross_income": None}, []),
        ({"content": "Barnet 010190-1234"}, ["cpr_number"]),
        ({"scope_reason": "Spørg a.b@odense.dk", "title": "x a.b@odense.dk"}, ["person_email"]),
        ({"purpose": "Ring 20 30 40 50"}, ["phone_number"]),
    ],
)
def test_what_is_said_of_an_initiative(odense, fields, rules):
    assert rules_of(odense, **fields) == rules


def test_a_warning_is_shown_at_the_field_where_it_was_found_and_does_not_repeat_the_number(odense):
    initiative = Initiative(submission=odense, **answers(purpose="010190-1234", scope_reason="010190-1234"))
    [warning] = checking.warnings_of(odense, [initiative])[initiative.uuid]
    assert (warning.field, warning.is_open, warning.reason) == ("purpose", True, "")
    assert "(9. Formål og tidshorisont, Begrundelse for afgrænsningen)" in str(warning.message)
    assert "010190" not in str(warning.message)


def test_what_is_kept_of_a_warning_is_danish_whatever_language_it_was_read_in(odense):
    initiative = Initiative(submission=odense, **answers(purpose="010190-1234"))
    with override("en"):
        [warning] = checking.warnings_of(odense, [initiative])[initiative.uuid]
        danish = warning.danish
    assert danish.startswith("Der står noget, der ligner et CPR-nummer (9. Formål")


def test_the_second_of_two_like_titles_is_asked_about_stored_or_not(odense, cast):
    first = build_initiative(odense, cast.anna)
    second = build_initiative(odense, cast.anna, title="Mentorer til kvinder!")
    new = Initiative(submission=odense, **answers(title="Mentor til kvinder"))
    assert said_of(odense, first, second, new) == {
        second.uuid: ["title_repeated"],
        new.uuid: ["title_repeated"],
    }
    assert said_of(odense, second) == {second.uuid: ["title_repeated"]}
    second.title = "Svømning for piger"  # as it is typed, not as it is stored
    assert said_of(odense, second) == {}


def test_like_titles_with_other_amounts_or_in_another_area_are_a_series(odense, cast):
    schools = ("Nordskolen", "Sydskolen", "Vestskolen")
    for number, school in enumerate(schools):
        build_initiative(
            odense, cast.anna, title=f"Integrationskonsulent på {school}", gross_expenditure=100 + number
        )
    build_initiative(odense, cast.anna, title="Integrationskonsulent på Nordskolen", service_area="social")
    build_initiative(odense, cast.anna, title="Integrationskonsulent på Nordskolen", gross_expenditure=None)
    assert said_of(odense) == {}
    again = build_initiative(
        odense, cast.anna, title="Integrationskonsulent på Vestskolen", gross_expenditure=102
    )
    assert said_of(odense) == said_of(odense, again) == {again.uuid: ["title_repeated"]}


def test_while_one_is_asked_about_the_others_are_not(odense, cast, monkeypatch):
    initiatives = [build_initiative(odense, cast.anna) for _ in range(3)]
    monkeypatch.setattr(checking.checks, "similar_titles", None)
    assert said_of(odense, initiatives[0]) == {}
    assert said_of(odense, initiatives[2]) == {initiatives[2].uuid: ["title_repeated"]}


@pytest.fixture
def peers(odense):
    """Six other municipalities have reported 400 each in the employment area, income 40."""
    template = odense.municipality
    others = []
    for number in range(6):
        municipality = Municipality.objects.create(
            code=f"9{number}0",
            name=f"By {number}",
            official_name=f"By {number} Kommune",
            region=template.region,
            cvr=f"9000000{number}",
            tile_row=50 + number,
            tile_column=50,
        )
        PopulationCount.objects.create(
            municipality=municipality, date=POPULATION_DATE, inhabitants=10_000, source="test"
        )
        submission = odense.round.submissions.create(municipality=municipality, region=template.region)
        by = build_approver(submission)
        build_initiative(
            submission, by, gross_expenditure=400, gross_income=40, funding_sources=["state", "own"]
        )
        others.append((submission, by))
    return others


def test_an_amount_in_kroner_is_found_as_soon_as_five_others_have_answered(odense, peers):
    def asked():
        return rules_of(
            odense, gross_expenditure=400_000, gross_income=40_000, funding_sources=["state", "own"]
        )

    for submission, by in peers[:4]:
        hand_in(submission, by)
    assert asked() == []
    hand_in(*peers[4])
    assert asked() == ["expenditure_in_kroner", "income_in_kroner"]
    assert rules_of(odense, gross_expenditure=4_500) == []
    assert rules_of(odense, gross_expenditure=400_000, service_area="social") == []
    transitions.withdraw(submission_id=peers[0][0].pk, by=peers[0][1])
    assert asked() == []


def test_before_that_the_round_before_is_compared_with(odense, peers, cast):
    for submission, by in peers:
        hand_in(submission, by)
    later = build_round(accounts_year=2026, price_level=2026).submissions.get(
        municipality=odense.municipality_id
    )
    assert rules_of(later, gross_expenditure=400_000) == ["expenditure_in_kroner"]
    two_later = build_round(accounts_year=2027, price_level=2027).submissions.get(
        municipality=odense.municipality_id
    )
    assert rules_of(two_later, gross_expenditure=400_000) == []


def test_ones_own_amounts_are_no_peers(odense, peers, cast):
    for submission, by in peers[:4]:
        hand_in(submission, by)
    build_initiative(odense, cast.anna, gross_expenditure=400)
    hand_in(odense, cast.carl)
    assert rules_of(odense, gross_expenditure=400_000, title="Sprogcafé") == []


def test_the_peers_median_is_never_told(odense, peers):
    for submission, by in peers:
        hand_in(submission, by)
    initiative = Initiative(submission=odense, **answers(gross_expenditure=400_000))
    [warning] = checking.warnings_of(odense, [initiative])[initiative.uuid]
    assert "400" not in str(warning.message)


def test_warnings_of_any_number_of_initiatives_take_three_queries(odense, cast, django_assert_num_queries):
    build_initiative(odense, cast.anna)
    for count in (1, 40):
        initiatives = [Initiative(submission=odense, **answers(title=f"{n}")) for n in range(count)]
        with django_assert_num_queries(3):
            checking.warnings_of(odense, initiatives)
    with django_assert_num_queries(0):
        assert checking.warnings_of(odense, []) == {}


# Reasons


@pytest.fixture
def free(odense, cast):
    """An initiative that cost nothing, and may not be handed in until somebody says why."""
    return build_initiative(odense, cast.anna, gross_expenditure=0)


def give(odense, initiative, by, text="Frivillige har lavet det hele.", rule="expenditure_zero"):
    checking.keep_reasons(submission=odense, uuid=initiative.uuid, reasons={rule: text}, by=by)


def test_a_reason_closes_a_warning_and_an_empty_one_opens_it_again(odense, free, cast):
    give(odense, free, cast.anna, "  Frivillige.  ")
    [warning] = checking.warnings_of(odense, [free])[free.uuid]
    assert (warning.reason, warning.is_open) == ("Frivillige.", False)
    give(odense, free, cast.carl, " ")
    assert said_of(odense, free) and not WarningReason.objects.exists()


def test_the_same_reason_again_does_not_change_who_gave_it(odense, free, cast):
    give(odense, free, cast.anna)
    give(odense, free, cast.carl)
    assert WarningReason.objects.get().by == cast.anna
    give(odense, free, cast.carl, "Nyt")
    assert WarningReason.objects.get().by == cast.carl


@pytest.mark.parametrize("rule", ["no_such_rule", "title_missing", "", "x" * 1000, "a\x00b"])
def test_a_reason_for_what_is_no_soft_rule_is_none(odense, free, cast, rule):
    give(odense, free, cast.anna, rule=rule)
    assert not WarningReason.objects.exists()


@pytest.mark.parametrize("text", ["a\x00b", "😀", "‮abc", "x" * 100_000, "<b>"])
def test_any_text_is_a_reason(odense, free, cast, text):
    give(odense, free, cast.anna, text)
    assert WarningReason.objects.get().reason == text.replace("\x00", "")


def test_a_reason_outlives_edits_and_another_copy_of_the_initiative(odense, free, cast):
    give(odense, free, cast.anna)
    free.gross_expenditure = 5  # half of 50 typed
    free.save()
    assert said_of(odense, free) == {} and WarningReason.objects.exists()
    uuid_, _deleted = free.uuid, free.delete()
    again = build_initiative(odense, cast.anna, uuid=uuid_, gross_expenditure=0, title="Igen")
    [warning] = checking.warnings_of(odense, [again])[uuid_]
    assert not warning.is_open


PERSONAL = [
    ("cpr_number", "010190-1234", "020285-1111"),
    ("person_email", "a.b@odense.dk", "c.d@odense.dk"),
    ("phone_number", "20 30 40 50", "20 30 40 60"),
]


@pytest.mark.parametrize(("rule", "one", "more"), PERSONAL)
def test_a_reason_holds_for_what_was_found_when_it_was_written(odense, cast, rule, one, more):
    initiative = build_initiative(odense, cast.anna, content=one)

    def warning(**fields):
        Initiative.objects.filter(pk=initiative.pk).update(**fields)
        initiative.refresh_from_db()
        return checking.warnings_of(odense, [initiative])[initiative.uuid][0]

    give(odense, initiative, cast.anna, "Det er foreningens.", rule)
    assert warning().reason == "Det er foreningens."
    assert not warning(content="Se: " + one, purpose=one.replace(" ", "\u00a0")).is_open
    found = warning(purpose="Ny: " + more)
    assert (found.is_open, found.reason, found.outdated) == (True, "", "Det er foreningens.")
    give(odense, initiative, cast.anna, "Det er foreningens.", rule)  # an open page sends it by itself
    assert warning().is_open
    give(odense, initiative, cast.anna, "Begge er foreningens.", rule)
    assert not warning().is_open
    assert not warning(purpose="Uden").is_open  # less than was found then
    assert one[:6] not in str(WarningReason.objects.values_list("found"))


def test_handing_in_keeps_reasons_whose_warning_is_there_and_drops_the_others(odense, free, cast):
    give(odense, free, cast.anna)
    give(odense, free, cast.anna, rule="income_without_source")
    checking.keep_reasons(
        submission=odense, uuid=uuid.uuid4(), reasons={"cpr_number": "Slettet indsats"}, by=cast.anna
    )
    first = hand_in(odense, cast.carl)
    assert [reason.rule for reason in odense.warning_reasons.all()] == ["expenditure_zero"]
    transitions.withdraw(submission_id=odense.pk, by=cast.carl)
    seen = seen_by_approver(odense)
    second = transitions.hand_in(submission_id=odense.pk, by=cast.carl, seen=seen)  # no new reason needed
    passed = PassedWarning.objects.values_list("initiative__version", "rule", "reason")
    frozen = ("expenditure_zero", "Frivillige har lavet det hele.")
    assert list(passed) == [(first.pk, *frozen), (second.pk, *frozen)]
    assert PassedWarning.objects.first().message == str(BY_ID["expenditure_zero"].text)


def test_an_answer_with_an_open_warning_is_refused(odense, free, cast):
    with pytest.raises(Refused, match="begrundet"):
        transitions.hand_in(submission_id=odense.pk, by=cast.carl, seen=seen_by_approver(odense))
    give(odense, free, cast.anna)
    transitions.hand_in(submission_id=odense.pk, by=cast.carl, seen=seen_by_approver(odense))


def test_an_initiative_in_an_area_that_is_stated_empty_is_refused(odense, cast):
    build_initiative(odense, cast.anna)
    odense.areas.create(service_area="employment", nil_at=timezone.now(), nil_by=cast.anna)
    with pytest.raises(Refused, match="erklæret uden indsatser"):
        transitions.hand_in(submission_id=odense.pk, by=cast.carl, seen=seen_by_approver(odense))
    odense.areas.update(nil_at=None, nil_by=None)
    transitions.hand_in(submission_id=odense.pk, by=cast.carl, seen=seen_by_approver(odense))


def test_a_reason_that_is_deleted_or_changed_after_it_was_seen_is_not_signed(odense, free, cast):
    give(odense, free, cast.anna)
    seen = seen_by_approver(odense)
    give(odense, free, cast.anna, "")
    with pytest.raises(Refused, match="begrundet"):
        transitions.hand_in(submission_id=odense.pk, by=cast.carl, seen=seen)
    give(odense, free, cast.anna, "Noget andet end det, der blev set.")
    with pytest.raises(Refused, match="ændret, siden"):
        transitions.hand_in(submission_id=odense.pk, by=cast.carl, seen=seen)


def test_a_warning_that_appears_after_the_page_was_seen_is_not_passed_over(odense, peers, cast):
    """Others hand in meanwhile: now there are enough to compare with."""
    for submission, by in peers[:4]:
        hand_in(submission, by)
    build_initiative(odense, cast.anna, gross_expenditure=400_000)
    seen = seen_by_approver(odense)
    hand_in(*peers[4])
    with pytest.raises(Refused, match="begrundet"):
        transitions.hand_in(submission_id=odense.pk, by=cast.carl, seen=seen)
    pass_warnings(odense, cast.anna)
    with pytest.raises(Refused, match="ændret, siden"):
        transitions.hand_in(submission_id=odense.pk, by=cast.carl, seen=seen)
