"""The demo's series of new arrivals: made up, in the shape that the published report describes.

Steeply up from 2015 to 2017, down from 2018, at its lowest in 2021.
"""

import hashlib
from datetime import UTC, date, datetime

from municipalities.models import User
from reporting.models import ArrivalsImport

SOURCE = "Illustrative tal til demoen, ikke Danmarks Statistiks"
FIRST_YEAR = 2008
PERSONS = (3100, 2900, 3300, 3200, 3700, 4800, 7100, 13_200, 16_900, 18_400, 9600, 4200, 1900, 1200)


def load_arrivals(recorded_by: User) -> None:
    series = {str(FIRST_YEAR + number): persons for number, persons in enumerate(PERSONS)}
    file = "TID;INDHOLD\n" + "".join(f"{period};{persons}\n" for period, persons in series.items())
    ArrivalsImport.objects.record(
        series,
        None,
        source=SOURCE,
        fetched_on=date(2021, 10, 1),
        file_name="illustrative-tal.csv",
        sha256=hashlib.sha256(file.encode()).hexdigest(),
        recorded_at=datetime(2021, 10, 1, 10, tzinfo=UTC),
        recorded_by=recorded_by,
    )
