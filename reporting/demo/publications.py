"""The demo's publication: the closed round's figures as they stood when its answers had been reviewed."""

from datetime import datetime

from django.utils import timezone

from municipalities.models import User
from reporting.publishing.freeze import publish
from survey.models import SurveyRound


def load_publication(cast: dict[str, User]) -> None:
    survey_round = SurveyRound.objects.get(accounts_year=2019)
    publish(
        round_id=survey_round.pk,
        by=cast["Rikke"],
        title="Kommunernes ikke-lovpligtige integrationsindsatser, regnskab 2019",
        method="a",
        price_level=2022,
        as_at=timezone.make_aware(datetime(2022, 1, 31, 12)),
    )
