import re
from collections.abc import Iterable

from django import forms
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reporting.forms.choices import RegionForm
from reporting.review import search as full_text
from reporting.review.beside import Place, rows_of
from reporting.totals import adjustments_in
from reporting.views.overview import get_round, not_opened
from survey.access import ministry_required
from survey.models import Adjustment, ServiceArea, SubmissionVersion, SurveyRound
from survey.transitions import database_now

ROWS_A_PAGE = 50


class SearchForm(RegionForm):
    """What to look for and where; in the URL, so that a link shows the same."""

    q = forms.CharField(
        label=gettext_lazy("Søg efter"),
        max_length=200,
        help_text=gettext_lazy(
            "Der søges i titel, indhold og formål efter hele ord i alle bøjninger: ”mentor” finder "
            '”mentorer”, men ikke ”mentorordning”. Brug "anførselstegn" om ord, der skal stå sammen, ELLER '
            "mellem ord, hvor ét er nok, og - foran et ord, der ikke må være der."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Skriv et eller flere ord at søge efter, fx mentor."),
            "max_length": gettext_lazy("Skriv højst 200 tegn. Der er nu %(show_value)d."),
            "null_characters_not_allowed": gettext_lazy("Skriv ord uden skjulte tegn."),
        },
    )
    area = forms.ChoiceField(
        label=gettext_lazy("Område"),
        choices=[("", gettext_lazy("Alle områder")), *ServiceArea.choices],
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Vælg et af de seks områder eller alle.")},
    )
    field_order = ("q", "area", "region")

    def clean_q(self) -> str:
        words = self.cleaned_data["q"]
        if not full_text.is_searchable(_websearch(words)):
            raise forms.ValidationError(
                _("Der er ingen ord at søge efter: ord som ”og” og ”til” står overalt. Skriv andre ord.")
            )
        return words


@ministry_required
def search(request, year):
    """Initiatives that count in the round, by the words of their title, content and purpose."""
    survey_round = get_round(request, year)
    if not survey_round.is_opened:
        return not_opened(request, survey_round)
    form = SearchForm(request.GET if "q" in request.GET else None)
    context = {"round": survey_round, "form": form}
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "reporting/review/search.html", context, status=status)
    return render(request, "reporting/review/search.html", context | _found(request, form, survey_round))


def _found(request, form: SearchForm, survey_round: SurveyRound) -> dict:
    """A page of what was found, the best first, as it counts."""
    words, area, region = (form.cleaned_data[name] for name in ("q", "area", "region"))
    words = _websearch(words)
    now = database_now()
    places = _places(survey_round, region)
    adjustments = adjustments_in(list(places), now)
    found = full_text.search(words, list(places), _area(area, adjustments) if area else None)
    page = Paginator(found.ids, ROWS_A_PAGE).get_page(request.GET.get("page"))
    ids = list(page)
    texts = full_text.snippets(words, ids)
    rows = rows_of(ids, places, adjustments, request.user)
    query = request.GET.copy()
    query.pop("page", None)
    return {
        "page": page,
        "is_cut": found.is_cut,
        "rows": [(row, texts[row.initiative.pk], "<mark>" in texts[row.initiative.pk]) for row in rows],
        "as_at": now,
        "query": query.urlencode(),
    }


def _websearch(words: str) -> str:
    """PostgreSQL's own word for "eller" is English; in a phrase it is a word like others."""
    parts = words.split('"')
    parts[::2] = [re.sub(r"\beller\b", "or", part, flags=re.IGNORECASE) for part in parts[::2]]
    return '"'.join(parts)


def _places(survey_round: SurveyRound, region: str | None) -> dict[int, Place]:
    """The municipalities by their version that counts, of the country or a region."""
    versions = SubmissionVersion.objects.filter(submission__round=survey_round)
    if region:
        versions = versions.filter(submission__region__code=region)
    counting = versions.reported().select_related("submission__municipality")
    found = {version.pk: version.submission.municipality for version in counting}
    return {pk: Place(municipality.code, municipality.name) for pk, municipality in found.items()}


def _area(area: str, adjustments: Iterable[Adjustment]) -> full_text.AreaFilter:
    """By the area that counts: reviewers correct by hand, so the corrected ones are few."""
    corrected = {one.initiative_id: one.service_area for one in adjustments if one.service_area}
    moved_in = tuple(pk for pk, counts in corrected.items() if counts == area)
    return full_text.AreaFilter(area, tuple(corrected), moved_in)
