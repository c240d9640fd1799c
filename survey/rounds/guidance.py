"""A round's own guidance at the questionnaire's fields: what stands there, and writing it before it opens."""

import hashlib
import json
from collections.abc import Mapping

from django.utils.translation import gettext as _

from survey.models import GuidanceText, SurveyRound
from survey.rounds.locking import managed
from survey.transitions import Refused

YEAR = "{accounts_year}"  # the one thing that a text may hold in braces


def own_guidance(survey_round: SurveyRound) -> dict[str, str]:
    """Field -> the round's text as a municipality reads it; fields with the questionnaire's are left out."""
    return filled(stored(survey_round), survey_round)


def filled(texts: Mapping[str, str], survey_round: SurveyRound) -> dict[str, str]:
    """With the accounts year in its place."""
    return {name: text.replace(YEAR, str(survey_round.accounts_year)) for name, text in texts.items()}


def stored(survey_round: SurveyRound) -> dict[str, str]:
    """Field -> the round's text as it was written."""
    return dict(survey_round.guidance.values_list("field", "text"))


def seen(texts: Mapping[str, str]) -> str:
    """Tells one set of texts from another: what the writer's page began with."""
    return hashlib.sha256(json.dumps(texts, sort_keys=True).encode()).hexdigest()


def write(*, round_id: int, by, texts: Mapping[str, str], began_with: str) -> None:
    """The round's own texts by field are these, and no others.

    `began_with` is `seen` of what stood when the writer's page was opened. Raises Refused.
    """
    with managed(round_id, by) as (survey_round, _now):
        if survey_round.is_opened:
            raise Refused(_("Kortlægningen er åbnet, så vejledningen ligger fast."))
        before = stored(survey_round)
        if before == texts:  # pressed twice
            return
        if seen(before) != began_with:
            raise Refused(_("En anden har ændret vejledningen, siden du åbnede siden. Din er ikke gemt."))
        survey_round.guidance.exclude(field__in=texts).delete()
        GuidanceText.objects.bulk_create(
            [GuidanceText(round=survey_round, field=field, text=text) for field, text in texts.items()],
            update_conflicts=True,
            unique_fields=["round", "field"],
            update_fields=["text"],
        )
