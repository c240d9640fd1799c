import pytest
from django.db import IntegrityError, transaction

from municipalities.models import Membership, Municipality, PopulationCount, Role, User
from municipalities.sorting import danish_sort_key
from tests.builders import POPULATION_DATE, build_municipalities, build_user


def test_municipalities_stand_in_danish_order():
    names = ["Aalborg", "Ærø", "Åbo", "Vejle", "Øster", "Albertslund", "Zealand", "Aarhus", "Allerød"]
    assert sorted(names, key=danish_sort_key) == [
        "Albertslund", "Allerød", "Vejle", "Zealand", "Ærø", "Øster", "Åbo", "Aalborg", "Aarhus",
    ]  # fmt: skip


@pytest.fixture
def places(db):
    return build_municipalities()


def breaks(constraint):
    return pytest.raises(IntegrityError, match=constraint)


def test_a_municipality_code_is_three_digits(places):
    with breaks("municipality_code_is_three_digits"), transaction.atomic():
        Municipality.objects.create(
            code="46", name="X", region=places["Odense"].region, cvr="1", tile_row=1, tile_column=1
        )


def test_two_municipalities_do_not_share_a_tile(places):
    with breaks("municipality_has_its_own_tile"), transaction.atomic():
        Municipality.objects.filter(code="461").update(
            tile_row=places["Aarhus"].tile_row, tile_column=places["Aarhus"].tile_column
        )


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"inhabitants": 0}, "population_is_positive"),
        ({"immigrants_and_descendants": 210_001}, "immigrants_and_descendants_are_inhabitants"),
    ],
)
def test_a_population_count_is_possible(places, fields, constraint):
    with breaks(constraint), transaction.atomic():
        PopulationCount.objects.filter(municipality__code="461").update(**fields)


def test_a_date_has_one_population_count(places):
    with breaks("one_population_count_a_municipality_date_and_import"), transaction.atomic():
        PopulationCount.objects.create(
            municipality=places["Odense"], date=POPULATION_DATE, inhabitants=1, source="test"
        )


def test_an_email_address_is_one_user_in_lower_case(places):
    anna = build_user("Anna", Role.EDITOR, places["Odense"])
    with breaks("email_is_lower_case"), transaction.atomic():
        User.objects.filter(pk=anna.pk).update(email="Anna@Example.test")
    with breaks("email"), transaction.atomic():
        User.objects.create_user(anna.email.upper(), "Another Anna")
    assert User.objects.get_by_natural_key("ANNA@example.test") == anna


@pytest.mark.parametrize(("role", "place"), [(Role.EDITOR, None), (Role.REVIEWER, "Odense"), ("king", None)])
def test_municipal_roles_have_a_municipality_and_the_others_none(places, role, place):
    with breaks("municipal_roles_have_a_municipality"), transaction.atomic():
        build_user("Anna", role, places.get(place))


@pytest.mark.parametrize(("role", "place"), [(Role.EDITOR, "Odense"), (Role.REVIEWER, None)])
def test_a_user_has_one_role_in_a_place(places, role, place):
    user = build_user("Anna", role, places.get(place))
    with breaks("one_membership_a_user_and_place"), transaction.atomic():
        Membership.objects.create(user=user, role=role, municipality=places.get(place))
