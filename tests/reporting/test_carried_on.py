"""What became of initiatives from one round to the next."""

from datetime import date
from decimal import Decimal

from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from municipalities.models import Municipality, PopulationCount
from reporting.report.catalogue import report_context
from reporting.report.stable import change_between
from survey import transitions
from survey.models import ReportedInitiative, SurveyRound
from tests.builders import build_round, change_basis
from tests.reporting.conftest import made
from tests.reporting.test_estimate_page import adjust, text


def test_stable_initiatives_tell_change_from_other_answers(earlier, answered, cast):
    rows = {row[0]: row[1:] for row in made(answered.round, "indsatser").rows}
    assert rows == {
        "Regnskab 2024": (3, Decimal("7.48")),
        "Udgået": (1, Decimal("-0.33")),
        "Faldet": (1, Decimal("-1.05")),  # Aarhus 6,050 -> 5,000
        "Steget": (1, Decimal("0.15")),  # Odense 1,100 -> 1,250
        "Uændret": (0, 0),
        "Kommet til": (1, Decimal("0.6")),
        "Regnskab 2025": (3, Decimal("6.85")),
    }
    adjust(ReportedInitiative.objects.get(gross_expenditure=5000), cast.mette, gross_expenditure=6050)
    adjust(ReportedInitiative.objects.get(gross_expenditure=600), cast.mette, out_of_scope=True)
    rows = {row[0]: row[1:] for row in made(answered.round, "indsatser").rows}
    assert "Faldet" in rows and rows["Faldet"] == (0, 0) and rows["Kommet til"] == (0, 0)


def test_only_municipalities_that_answered_both_are_compared(earlier, answered, cast):
    transitions.withdraw(submission_id=answered.submissions["Aarhus"].pk, by=cast.bo)
    rows = {row[0]: row[1:] for row in made(answered.round, "indsatser").rows}
    assert rows["Regnskab 2024"] == (2, Decimal("1.43")) and rows["Regnskab 2025"] == (2, Decimal("1.85"))


def test_who_was_merged_between_the_rounds_is_left_out_of_both(earlier, answered, cast):
    """Aarhus has taken Lemvig's initiatives over: they have not entered."""
    places = {one.name: one for one in Municipality.objects.all()}
    change_basis(state="draft")
    SurveyRound.objects.filter(accounts_year=2024).update(population_date=date(2025, 1, 1))
    for one in places.values():
        PopulationCount.objects.create(municipality=one, date=date(2025, 1, 1), inhabitants=9, source="x")
    SurveyRound.objects.update(state="open")
    lemvig = Municipality.objects.filter(name="Lemvig")
    lemvig.update(valid_until=date(2026, 1, 1), successor=places["Aarhus"])
    figure = made(SurveyRound.objects.get(accounts_year=2025), "indsatser")
    rows = {row[0]: row[1:] for row in figure.rows}
    assert rows["Regnskab 2024"] == (2, Decimal("1.43")) and rows["Faldet"] == (0, 0)
    assert "derfor udeladt begge år: Lemvig, Aarhus." in figure.basis


def test_no_earlier_round_no_change(answered):
    figure = made(answered.round, "indsatser")
    assert figure.rows == [] and "ingen tidligere" in figure.basis and "<svg" in figure.svg()


def test_changes_of_the_demo_equal_a_naive_count(db):
    call_command("load_demo", verbosity=0)
    first, second = SurveyRound.objects.exclude(state="draft").order_by("accounts_year")
    now = timezone.now()
    before, after = (report_context(one, price_level=2026, as_at=now).national for one in (first, second))
    change = change_between(before, after)

    def initiatives(national, is_all=False):
        adjustments = {one.initiative_id: one for one in national.totals.adjustments}
        found = {}
        for row in national.totals.returns:
            for one in ReportedInitiative.objects.filter(version=row.version):
                if one.pk in adjustments:
                    if adjustments[one.pk].out_of_scope and not is_all:
                        continue
                    one = adjustments[one.pk].adjusted(one)
                found[row.code, one.uuid] = one.gross_expenditure * national.factor
        return found

    both = {row.code for row in before.totals.returns if row.responded} & {
        row.code for row in after.totals.returns if row.responded
    }
    old, new = (
        {key: value for key, value in initiatives(one).items() if key[0] in both} for one in (before, after)
    )
    assert change.municipalities == len(both)
    assert change.before.amount == sum(old.values()) and change.after.amount == sum(new.values())
    gone = old.keys() - initiatives(after, is_all=True).keys()
    assert (change.left.count, change.left.amount) == (len(gone), -sum(old[key] for key in gone))
    grown = [new[key] - old[key] for key in old.keys() & new.keys() if new[key] > old[key]]
    assert (change.grown.count, change.grown.amount) == (len(grown), sum(grown))
    in_both = (change.shrunk, change.grown, change.unchanged)
    corrected = (change.taken_out, change.taken_in)
    assert sum(part.count for part in corrected) > 0
    parts = (change.left, change.entered, *in_both, *corrected)
    assert change.before.amount + sum(part.amount for part in parts) == change.after.amount
    kept = sum(part.count for part in in_both)
    assert change.before.count == change.left.count + change.taken_out.count + kept
    assert change.after.count == change.entered.count + change.taken_in.count + kept


def test_what_the_ministry_took_out_of_one_round_has_neither_left_nor_entered(earlier, answered, cast):
    old, new = (ReportedInitiative.objects.get(gross_expenditure=amount) for amount in (5500, 1250))
    adjust(old, cast.mette, out_of_scope=True)
    adjust(new, cast.mette, out_of_scope=True)
    figure = made(answered.round, "indsatser")
    rows = {row[0]: row[1:] for row in figure.rows}
    assert rows["Udgået"] == (1, Decimal("-0.33")) and rows["Kommet til"] == (1, Decimal("0.6"))
    assert rows["Taget ud af ministeriet i 2025"] == (1, Decimal("-1.1"))
    assert rows["Taget ud af ministeriet i 2024"] == (1, Decimal(5))
    assert rows["Regnskab 2024"][1] + sum(row[2] for row in figure.rows[1:-1]) == rows["Regnskab 2025"][1]
    assert "hverken udgået eller kommet til" in figure.basis


def test_a_round_that_cannot_be_brought_to_the_level_is_named_with_its_missing_year(answered):
    build_round(accounts_year=2024, price_level=2024)
    reason = "Regnskab 2024 er udeladt: Pris- og lønskønnet for 2025 mangler."
    for slug in ("2", "runder", "indsatser"):
        assert reason in made(answered.round, slug).basis


def test_the_page_lists_what_left_and_entered_with_a_link_to_each(earlier, answered, cast, client_of):
    page = text(client_of(cast.mette).get(reverse("reporting:figures", args=[2025])))
    table = page.split('id="moved"')[1].split("</table>")[0]
    gone = ReportedInitiative.objects.get(title="Slut")
    assert "Netværk" in table and "Kommet til" in table and ">600<" in table
    assert reverse("reporting:initiative", args=[2024, "461", gone.uuid]) + "?version=1" in table
    assert "Udgået" in table and ">330<" in table and table.count("<tr>") == 3
