"""StatBank's imports as rows: a chain of whole series, added and never changed."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from reporting.models import ArrivalsCount, ArrivalsImport
from reporting.models.arrivals import Superseded
from tests.survey.test_races import at_once

DETAILS = {"source": "DST", "fetched_on": date(2021, 10, 1), "file_name": "a.csv", "sha256": "a" * 64}


def record(cast, series, replaces=None, **fields):
    return ArrivalsImport.objects.record(series, replaces, recorded_by=cast.rikke, **DETAILS | fields)


def in_force():
    counts = ArrivalsCount.objects.in_force(timezone.now())
    return dict(counts.values_list("period", "persons"))


def test_only_the_ministry_sees_the_rows(cast):
    record(cast, {"2021": 5})
    for model in (ArrivalsImport, ArrivalsCount):
        assert model.objects.visible_to(cast.mette).exists()
        assert not model.objects.visible_to(cast.carl).exists()


@pytest.mark.parametrize("series", [{"2020": 1, "2021": -1}, {"2020": 1, "i år": 1}])
def test_an_import_is_stored_whole_or_not_at_all(cast, series):
    with pytest.raises(IntegrityError, match=r"arrivals_are_not_negative|arrivals_period_is_a_period"):
        record(cast, series)
    assert not ArrivalsImport.objects.exists() and not ArrivalsCount.objects.exists()


def test_the_imports_are_one_chain(cast):
    first = record(cast, {"2020": 1})
    assert record(cast, {"2020": 1}) == first
    with pytest.raises(Superseded):
        record(cast, {"2020": 2}, sha256="b" * 64)
    with pytest.raises(IntegrityError, match="arrivals_imports_are_one_chain"), transaction.atomic():
        ArrivalsImport.objects.create(recorded_by=cast.rikke, **DETAILS)
    second = record(cast, {"2020": 2}, replaces=first)
    with pytest.raises(IntegrityError, match="arrivals_imports_are_one_chain"), transaction.atomic():
        ArrivalsImport.objects.create(recorded_by=cast.rikke, replaces=first, **DETAILS)
    assert ArrivalsImport.objects.latest_at(timezone.now()) == second


@pytest.mark.django_db(transaction=True)
def test_of_many_imports_at_once_one_is_stored(cast):
    results = at_once(lambda i: record(cast, {"2020": i}, sha256=f"{i:064x}"), count=8)
    assert sum(isinstance(result, ArrivalsImport) for result in results) == 1
    assert sum(isinstance(result, Superseded) for result in results) == 7
    assert ArrivalsCount.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"sha256": "x"}, "arrivals_import_names_its_file"),
        ({"source": ""}, "arrivals_import_has_a_source"),
        ({"file_name": ""}, "arrivals_import_has_a_source"),
    ],
)
def test_an_import_says_where_it_is_from(cast, fields, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        record(cast, {"2020": 1}, **fields)


def test_a_period_stands_once_in_an_import(cast):
    count = record(cast, {"2020": 1}).counts.get()
    with pytest.raises(IntegrityError, match="one_arrivals_count_a_period_and_import"):
        ArrivalsCount.objects.create(arrivals_import=count.arrivals_import, period="2020", persons=2)


def test_no_count_is_added_to_what_was_imported(cast):
    first = record(cast, {"2020": 1, "2021": 2})
    with pytest.raises(IntegrityError, match="ikke føjes mere"), transaction.atomic():
        ArrivalsCount.objects.create(arrivals_import=first, period="2022", persons=3)
    second = record(cast, {"2020": 1}, replaces=first)
    with pytest.raises(IntegrityError, match="ikke føjes mere"), transaction.atomic():
        record(cast, {"2022": 1}, replaces=second)
        ArrivalsCount.objects.create(arrivals_import=second, period="2022", persons=3)
    assert in_force() == {"2020": 1}


@pytest.mark.parametrize("period", ["1979", "2101", "2016Q1", "2016H3", "2016M13"])
def test_a_count_is_of_a_period(cast, period):
    with pytest.raises(IntegrityError, match="arrivals_period_is_a_period"):
        record(cast, {period: 1})


@pytest.mark.parametrize("table", ["reporting_arrivalsimport", "reporting_arrivalscount"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_what_was_imported_cannot_be_changed_even_in_sql(cast, table, statement):
    record(cast, {"2020": 1})
    with pytest.raises(IntegrityError, match="hviler på dette"), connection.cursor() as cursor:
        cursor.execute(statement.format(table))
