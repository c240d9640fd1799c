"""A round in which Odense has others to be compared with."""

from types import SimpleNamespace

from municipalities.models import Municipality, PopulationCount, Region
from tests.builders import POPULATION_DATE, build_approver, build_initiative, build_round, hand_in


def build_peers(cast) -> SimpleNamespace:
    """Six of Odense's region and size have answered, 1 to 6 kr. an inhabitant.

    Odense has entered 80 kr. an inhabitant in employment and 20 in social, and not handed in.
    """
    region = Region.objects.get(name="Region Syddanmark")
    for number in range(1, 7):
        one = Municipality.objects.create(
            code=f"90{number}",
            name=f"Prøve{number}",
            official_name=f"Prøve{number} Kommune",
            region=region,
            cvr=f"2000000{number}",
            tile_row=20,
            tile_column=number,
        )
        PopulationCount.objects.create(
            municipality=one, date=POPULATION_DATE, inhabitants=200_000, source="test"
        )
    survey_round = build_round()
    submissions = {s.municipality.name: s for s in survey_round.submissions.select_related("municipality")}
    for number in range(1, 7):
        submission = submissions[f"Prøve{number}"]
        approver = build_approver(submission)
        build_initiative(submission, approver, gross_expenditure=200 * number)
        hand_in(submission, approver)
    odense = submissions["Odense"]
    build_initiative(odense, cast.carl, gross_expenditure=16_800)
    build_initiative(odense, cast.carl, gross_expenditure=4_200, service_area="social", title="Netværk")
    return SimpleNamespace(round=survey_round, odense=odense, submissions=submissions)
