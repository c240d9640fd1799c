"""What the questionnaire asks beside the amounts, in the quality declaration: counted, frozen, and told."""

import json

import pytest

from reporting.models import Publication
from reporting.publishing import certainty, documents, freeze
from reporting.publishing.verify import differences
from reporting.quality.contents import WARNINGS
from reporting.quality.declaration import declaration
from reporting.totals import round_totals
from survey import adjusting, transitions
from survey.catalogue import SOFT_IDS
from survey.models import PassedWarning
from survey.transitions import database_now
from tests.builders import build_initiative, build_publication, build_round, hand_in
from tests.reporting.conftest import build_rate


@pytest.fixture
def stated(answered, cast):
    """Odense again: 1,250 from the accounts, 600 estimated with an income of 100 from them, 40 allocated.

    Aarhus states nothing. Both have an income without a source, and a reason for it.
    """
    odense = answered.submissions["Odense"]
    transitions.withdraw(submission_id=odense.pk, by=cast.carl)
    odense.initiatives.filter(gross_expenditure=1250).update(expenditure_basis="accounts")
    odense.initiatives.filter(gross_expenditure=600).update(
        expenditure_basis="estimated", income_basis="accounts"
    )
    build_initiative(
        odense, cast.carl, title="Lektiehjælp", gross_expenditure=40, expenditure_basis="allocated"
    )
    answered.versions["Odense"] = hand_in(odense, cast.carl)
    return answered


def pass_warning(initiative, rule="expenditure_zero"):
    return PassedWarning.objects.create(
        initiative=initiative, rule=rule, message="Se efter", reason="Rigtigt"
    )


def part(publication, heading):
    parts = {part.heading: part for chapter in declaration(publication) for part in chapter.parts}
    return parts[heading]


def table(publication, heading, caption):
    (found,) = (one for one in part(publication, heading).tables if one.caption.startswith(caption))
    return {row[0]: row[1:] for row in found.rows}


def test_amounts_are_told_by_where_they_are_from(stated, cast):
    rows = table(build_publication(stated.round, cast.rikke), "Anden usikkerhed", "Hvor beløbene er fra")
    assert rows == {
        "Fra regnskabet": ["1", "1.250", "18,1", "1", "100", "10,0"],
        "Fordelt fra en større konto": ["1", "40", "0,6", "0", "0", "0,0"],
        "Skønnet": ["1", "600", "8,7", "0", "0", "0,0"],
        "Ikke angivet": ["1", "5.000", "72,6", "1", "900", "90,0"],
    }


def test_the_bases_add_up_to_what_counts_at_the_price_level_and_after_adjustments(stated, cast):
    build_rate(2026, "2.5")
    for title, values in (("Netværk", {"gross_expenditure": 6}), ("Lektiehjælp", {"out_of_scope": True})):
        adjusting.adjust(
            initiative_id=stated.versions["Odense"].initiatives.get(title=title).pk,
            by=cast.mette,
            seen=None,
            reason="kroner",
            explanation="Aftalt",
            **values,
        )
    publication = build_publication(stated.round, cast.rikke, price_level=2026)
    bases, reported = publication.figures["amount_bases"], publication.figures["reported"]
    for kind, total in (("expenditure", "exp_total"), ("income", "inc_total")):
        assert sum(float(row["amount"]) for row in bases[kind].values()) == pytest.approx(
            float(reported[total])
        )
    assert bases["expenditure"]["estimated"] == {"initiatives": 1, "amount": "6.15000"}
    assert bases["expenditure"]["allocated"]["initiatives"] == 0


def test_without_any_amount_no_share_is_told(cast, survey_round):
    for name, by in (("Odense", cast.carl), ("Aarhus", cast.bo)):
        hand_in(survey_round.submissions.get(municipality__name=name), by)
    rows = table(build_publication(survey_round, cast.rikke), "Anden usikkerhed", "Hvor beløbene er fra")
    assert set(map(tuple, rows.values())) == {("0", "0", "–", "0", "0", "–")}


def test_a_round_before_the_question_was_asked_says_so(cast, answered):
    earlier = build_round(accounts_year=2019, price_level=2019)
    odense = earlier.submissions.get(municipality__name="Odense")
    build_initiative(odense, cast.carl)
    hand_in(odense, cast.carl)
    aarhus = earlier.submissions.get(municipality__name="Aarhus")
    build_initiative(aarhus, cast.bo)
    hand_in(aarhus, cast.bo)
    found = part(build_publication(earlier, cast.rikke, price_level=2019), "Anden usikkerhed")
    assert "spurgte ikke, om et beløb er et skøn" in found.paragraphs[-1]
    assert not any(table.caption.startswith("Hvor beløbene er fra") for table in found.tables)
    transitions.withdraw(submission_id=odense.pk, by=cast.carl)
    odense.initiatives.update(expenditure_basis="estimated")
    hand_in(odense, cast.carl)
    found = part(build_publication(earlier, cast.rikke, price_level=2019), "Anden usikkerhed")
    assert "som de tæller efter ministeriets rettelser, er 50,0 pct. skønnet" in found.paragraphs[-1]


def test_warnings_that_a_reason_passed_are_counted_by_rule_in_the_versions_that_count(stated, cast):
    first, second = stated.versions["Odense"].initiatives.all()[:2]
    pass_warning(first)
    pass_warning(second)
    pass_warning(second, "title_repeated")
    withdrawn = stated.submissions["Odense"].versions.get(number=1)
    pass_warning(withdrawn.initiatives.first(), "cpr_number")
    publication = build_publication(stated.round, cast.rikke)
    rows = table(publication, "Datavalidering", "Advarsler passeret")
    assert rows["Indtægt uden tilskud fra staten eller private"] == ["2"]  # by handing in
    assert rows["Bruttoudgiften er 0 kr."] == ["2"] and rows["Titlen ligner en anden indsats"] == ["1"]
    assert rows["Ligner et CPR-nummer"] == ["0"] and len(rows) == len(SOFT_IDS)
    assert "tæller med: 5." in part(publication, "Datavalidering").paragraphs[1]


def test_every_rule_that_can_be_passed_has_a_name():
    assert set(WARNINGS) == SOFT_IDS


def test_what_was_frozen_stays_when_an_answer_changes(stated, cast):
    publication = build_publication(stated.round, cast.rikke)
    before = declaration(publication)
    odense = stated.submissions["Odense"]
    transitions.withdraw(submission_id=odense.pk, by=cast.carl)
    odense.initiatives.update(expenditure_basis="estimated")
    pass_warning(hand_in(odense, cast.carl).initiatives.first())
    assert declaration(Publication.objects.get(pk=publication.pk)) == before
    assert differences(publication) == []
    later = build_publication(stated.round, cast.rikke)
    assert later.figures["passed_warnings"] == {"expenditure_zero": 1, "income_without_source": 2}
    assert declaration(later) != before


def test_a_publication_from_before_is_verified_and_told_as_it_was(stated, cast, monkeypatch):
    gather = freeze.gather

    def first_format(*arguments, **choices):
        return documents.in_format(gather(*arguments, **choices), documents.FIRST_FORMAT)

    monkeypatch.setattr(freeze, "gather", first_format)
    publication = build_publication(stated.round, cast.rikke)
    monkeypatch.undo()
    assert json.loads(publication.inputs)["format"] == "indsatskort-publication-inputs-1"
    assert publication.figures["format"] == "indsatskort-publication-outputs-1"
    assert not {"amount_bases", "passed_warnings"} & {*publication.basis, *publication.figures}
    assert differences(publication) == []
    assert "spurgte ikke, om et beløb er et skøn" in part(publication, "Anden usikkerhed").paragraphs[-1]
    assert "havde ikke advarsler" in part(publication, "Datavalidering").paragraphs[-1]


def test_three_queries_whatever_the_number_of_initiatives(stated, django_assert_num_queries):
    totals = round_totals(stated.round, database_now())
    versions = [row.version for row in totals.returns if row.version]
    with django_assert_num_queries(3):
        certainty.passed_warnings(versions)
        certainty.amount_bases(versions, totals.adjustments)
