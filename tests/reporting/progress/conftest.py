import pytest

from survey.models import ReportedInitiative


@pytest.fixture
def initiative_of(answered):
    """The reported initiative of an expenditure: Odense's 1250 and 600, Aarhus' 5000."""

    def find(expenditure):
        return ReportedInitiative.objects.get(gross_expenditure=expenditure)

    return find
