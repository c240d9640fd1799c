import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from reporting.models import PriceRate
from tests.builders import change_basis
from tests.reporting.conftest import build_rate
from tests.reporting.test_estimate_page import text


def url(name):
    return reverse(f"reporting:{name}", args=[2025])


def rate(**fields):
    return {"year": "2026", "percent": "2,5", "published": "01.06.2025", "source": "KL"} | fields


@pytest.fixture
def rikke(cast, client_of):
    return client_of(cast.rikke)


def test_the_chain_stands_step_by_step(answered, rikke):
    change_basis(price_level=2027)
    build_rate(2026, "2.5")
    build_rate(2027, "-1.25")
    page = text(rikke.get(url("prices")))
    assert "Et beløb ganges med 1,0121875" in page
    assert ">102,5<" in page and ">101,21875<" in page and ">1.012,19<" in page


def test_a_missing_year_is_named(answered, rikke):
    build_rate(2026, "2.5")
    page = text(rikke.get(url("prices"), {"price_level": "2028"}))
    assert "Pris- og lønskønnet for 2027 mangler" in page and ">2026<" in page


def test_backwards_each_step_names_the_rate_that_it_takes_off(answered, rikke):
    build_rate(2024, "4")
    build_rate(2025, "25")
    steps = (
        text(rikke.get(url("prices"), {"price_level": "2023"})).split('id="steps"')[1].split("</table>")[0]
    )
    rows = [" ".join(re.sub("<[^>]*>", " ", row).split()[:3]) for row in steps.split("<tr")[2:]]
    assert rows[0].startswith("> 2025 –") and rows[1].startswith("> 2024 25")
    assert rows[2].startswith("> 2023 4") and steps.count("regnskabsåret") == 1


def test_a_rate_that_was_not_known_yet_is_said_to_be_used_all_the_same(answered, rikke):
    change_basis(price_level=2027)
    build_rate(2026, "2", datetime(2025, 1, 1, tzinfo=UTC))
    build_rate(2027, "3", datetime(2026, 1, 1, tzinfo=UTC))
    page = text(rikke.get(url("prices"), {"as_at": "01.06.2025 12.00"}))
    assert "Satsen for 2027 er registreret efter" in page and 'id="vintages"' not in page
    now = text(rikke.get(url("prices")))
    assert (
        "er registreret efter" not in now
        and now.split('id="vintages"')[1].split("</table>")[0].count("<tr") == 2
    )


def test_backwards_too(answered, rikke):
    build_rate(2025, "25")
    assert "Et beløb ganges med 0,8" in text(rikke.get(url("prices"), {"price_level": "2024"}))


def test_a_new_vintage_shows_its_effect_on_the_headline(answered, rikke):
    change_basis(price_level=2026)
    build_rate(2026, "2", datetime(2025, 1, 1, tzinfo=UTC))
    build_rate(2026, "4", datetime(2026, 1, 1, tzinfo=UTC))
    page = text(rikke.get(url("prices")))
    # reported 6,850; extrapolated 6,850 * 621/602 = 7,066.2; 2 pct. of it is 141
    assert page.split('id="vintages"')[1].split("</table>")[0].count("<tr") == 3
    assert ">6.987<" in page and ">7.124<" in page and ">141<" in page
    build_rate(2026, "6", timezone.now() + timedelta(days=1))
    assert ">7.261<" not in text(rikke.get(url("prices")))  # not recorded yet


def test_the_round_manager_adds_a_rate_and_nobody_changes_one(answered, rikke, cast, client_of):
    assert rikke.post(url("add_rate"), rate()).status_code == 302
    added = PriceRate.objects.get()
    assert (added.year, str(added.percent), added.published) == (2026, "2.500", date(2025, 6, 1))
    for user in (cast.mette, cast.admin):
        assert client_of(user).post(url("add_rate"), rate()).status_code == 403
        assert "Tilføj en sats" not in text(client_of(user).get(url("prices")))


def test_pressing_twice_adds_one_rate_and_a_correction_is_a_new_one(answered, rikke):
    for percent in ("2,5", "2,5", "2,6", "2,5"):
        assert rikke.post(url("add_rate"), rate(percent=percent)).status_code == 302
    assert [str(one.percent) for one in PriceRate.objects.order_by("pk")] == ["2.500", "2.600", "2.500"]


def test_a_wrong_level_leaves_the_list_of_rates_as_it_is(answered, rikke):
    build_rate(2026, "2.5")
    page = rikke.get(url("prices"), {"price_level": "x"})
    assert page.status_code == 422 and "<td>ja</td>" in text(page)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"year": "næste"}, "Skriv året, fx 2026."),
        ({"year": "99999999999"}, "Skriv året, fx 2026."),
        ({"year": ""}, "Skriv året, fx 2026."),
        ({"percent": "to"}, "Skriv satsen i procent"),
        ({"percent": "1,2345"}, "højst tre decimaler"),
        ({"percent": "-50"}, "mellem -50 og 50"),
        ({"published": "i går"}, "Skriv datoen som dag"),
        ({"published": "01.01.2999"}, "der ikke ligger i fremtiden"),
        ({"source": ""}, "Skriv, hvor satsen er offentliggjort"),
        ({"source": "x" * 300}, "højst 200 tegn"),
    ],
)
def test_a_wrong_rate_is_told_at_its_field_and_nothing_is_lost(answered, rikke, wrong, message):
    response = rikke.post(url("add_rate"), rate(source="KL 2025") | wrong)
    assert response.status_code == 422 and message in text(response)
    assert "source" in wrong or 'value="KL 2025"' in text(response)
    assert not PriceRate.objects.exists()


def test_rates_in_the_admin_are_added_and_never_changed(cast, client_of):
    rate = build_rate(2026, "2.5")
    admin = client_of(cast.admin)
    assert admin.get(reverse("admin:reporting_pricerate_add")).status_code == 403
    change = reverse("admin:reporting_pricerate_change", args=[rate.pk])
    assert admin.post(change, {"percent": "9"}).status_code == 403
    assert admin.post(reverse("admin:reporting_pricerate_delete", args=[rate.pk])).status_code == 403
