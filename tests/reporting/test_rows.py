"""The initiatives behind a figure, in order of what counts of them."""

import re

from django.urls import reverse

from survey.models import ReportedInitiative
from tests.builders import build_adjustment


def amounts(response):
    """The expenditure of each row, from the top."""
    table = response.content.decode().split('id="rows"')[1].split("<tbody>")[1].split("</table>")[0]
    return [re.findall(r'align-text-right">([^<]*)<', row)[0] for row in table.split("<tr>")[1:]]


def test_the_dearest_first_goes_by_what_counts_and_not_by_what_was_reported(answered, cast, client_of):
    build_adjustment(ReportedInitiative.objects.get(gross_expenditure=5000), cast.mette, gross_expenditure=50)
    build_adjustment(
        ReportedInitiative.objects.get(gross_expenditure=600),
        cast.mette,
        gross_expenditure=None,
        gross_income=0,
    )
    response = client_of(cast.mette).get(reverse("reporting:rows", args=[2025]))
    assert amounts(response) == ["1.250", "600", "50"]
