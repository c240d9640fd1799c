"""The login page, and the demo's users on it."""

import pytest
from django.urls import reverse

from municipalities.demo import DEMO_PASSWORD
from municipalities.models import Membership, Role, User

LOGIN = reverse("account_login")


@pytest.fixture
def demo_user(db):
    user = User.objects.create_user("demo@example.org", "Dorte Demo", DEMO_PASSWORD, is_demo=True)
    Membership.objects.create(user=user, role=Role.REVIEWER)
    return user


@pytest.fixture
def real_user(db):
    return User.objects.create_user("real@example.org", "Rie Rigtig", DEMO_PASSWORD)


def test_the_demos_users_are_listed_with_what_they_are(client, demo_user):
    page = client.get(LOGIN).content.decode()
    assert "Dorte Demo" in page and "kvalitetssikrer, ministeriet" in page


def test_nobody_else_is_ever_listed(client, demo_user, real_user):
    page = client.get(LOGIN).content.decode()
    assert "Rie Rigtig" not in page and "real@example.org" not in page


def test_without_a_demo_no_password_is_told(client, real_user):
    page = client.get(LOGIN).content.decode()
    assert "Prøv demoen" not in page and DEMO_PASSWORD not in page


def test_a_closed_demo_user_is_not_listed(client, demo_user):
    User.objects.update(is_active=False)
    assert "Dorte Demo" not in client.get(LOGIN).content.decode()


def test_the_list_does_a_fixed_number_of_queries(client, demo_user, django_assert_max_num_queries):
    for number in range(5):
        user = User.objects.create_user(f"{number}@example.org", "Dan Demo", DEMO_PASSWORD, is_demo=True)
        Membership.objects.create(user=user, role=Role.REVIEWER)
    with django_assert_max_num_queries(4):
        client.get(LOGIN)


def test_one_press_logs_in(client, demo_user):
    client.post(LOGIN, {"login": demo_user.email, "password": DEMO_PASSWORD})
    assert client.session["_auth_user_id"] == str(demo_user.pk)


def test_an_empty_form_says_what_to_write(client, db):
    page = client.post(LOGIN, {}).content.decode()
    assert "Skriv din e-mailadresse, fx navn@kommune.dk." in page
    assert "Skriv din adgangskode." in page
    assert "påkrævet" not in page


def test_nobody_makes_an_account_for_themselves(client, db):
    page = client.get(reverse("account_signup"))
    assert "Man kan ikke oprette sig selv" in page.content.decode()
