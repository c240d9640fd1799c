from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from municipalities.models import Role
from reporting import wording
from reporting.models import Publication
from reporting.publishing import now, tables
from reporting.publishing.revision import Revision, headline
from reporting.quality.declaration import declaration
from survey.access import ministry_required
from survey.models import SurveyRound


@dataclass(frozen=True)
class LogLine:
    """`total` is gross expenditure, 1,000 kr.; `change` is since the one that it revises, if that is seen."""

    publication: Publication
    total: float
    revises: Publication | None
    change: float | None
    percent: float | None


def publications(request):
    """The revision log: everything that has been published, of all rounds."""
    if not request.user.roles:
        raise Http404
    found = list(
        Publication.objects.visible_to(request.user)
        .with_release()
        .select_related("round", "published_by")
        .defer("inputs")
    )
    by_id = {one.pk: one for one in found}
    rounds = SurveyRound.objects.none()
    if request.user.ministry_role == Role.ROUND_MANAGER:
        rounds = SurveyRound.objects.visible_to(request.user).opened()
    context = {"log": [_log_line(one, by_id.get(one.revises_id)) for one in found], "rounds": rounds}
    return render(request, "reporting/publications.html", context)


def _log_line(publication: Publication, revises: Publication | None) -> LogLine:
    total = headline(publication.figures)
    if revises is None:
        return LogLine(publication, total, None, None, None)
    before = headline(revises.figures)
    change = float(Fraction(total) - Fraction(before))
    return LogLine(publication, total, revises, change, 100 * change / before if before else None)


def publication(request, publication_number):
    """The figures as they were frozen; for the ministry next to today's, and why these are others."""
    found = _visible(request, publication_number)
    figures = found.figures
    context = {
        "publication": found,
        "round": found.round,
        "level": found.price_level,
        "figures": figures,
        "own": tables.own_estimates(figures),
        "method": wording.METHOD_NAMES[found.method],
        "assumption": tables.assumption(figures),
        "methods": tables.methods(figures),
        "expenditure": tables.by_area(figures, "exp"),
        "income": tables.by_area(figures, "inc"),
        "regions": tables.regions(figures),
        "cases": tables.sensitivity(figures),
        "rates": tables.rates(figures),
        "reported_total": Decimal(figures["reported"]["exp_total"]),
    } | _revised(request, found)
    if request.user.is_ministry:
        context |= _today(found)
    return render(request, "reporting/publication.html", context)


def quality(request, publication_number):
    """The declaration of quality, of what was frozen."""
    found = _visible(request, publication_number)
    return render(request, "reporting/quality.html", {"publication": found, "chapters": declaration(found)})


@ministry_required
def inputs(request, publication_number):
    """With every municipality's sums, so it is the ministry's."""
    found = _visible(request, publication_number)
    return _download(found.inputs, f"grundlag-{found.number}")


def outputs(request, publication_number):
    found = _visible(request, publication_number)
    return _download(found.outputs, f"resultater-{found.number}")


def _visible(request, number: int) -> Publication:
    visible = Publication.objects.visible_to(request.user).with_release()
    return get_object_or_404(visible.select_related("round", "published_by"), number=number)


def _download(text: str, name: str) -> HttpResponse:
    """The very bytes whose SHA-256 is the checksum."""
    response = HttpResponse(text.encode(), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return response


def _revised(request, found: Publication) -> dict:
    """What this one changed, if the reader may see the one that it revises."""
    visible = Publication.objects.visible_to(request.user)
    context = {"later": visible.filter(revises=found).only("number", "title").first()}
    earlier = found.revises_id and visible.filter(pk=found.revises_id).first()
    if not earlier:
        return context
    revision = now.revised(found, earlier)
    return context | {"earlier": earlier, "revised": revision, "revised_causes": _causes(revision)}


def _today(found: Publication) -> dict:
    try:
        today = now.today(found)
    except wording.REFUSALS as error:
        return {"refusal": wording.refusal(error)}
    return {
        "today": today,
        "compared": tables.compared(found.figures, today.figures),
        "today_causes": _causes(today.revision),
    }


def _causes(revision: Revision) -> list[tuple]:
    """[(cause, 1,000 kr.)]; of the municipalities that changed their answers one line each."""
    return [
        *((tables.change_in_words(change), float(change.amount)) for change in revision.changes),
        *(
            (name, None if amount is None else float(amount))
            for name, amount in zip(
                tables.PARTS, (revision.for_the_missing, revision.rates, revision.rest), strict=True
            )
        ),
    ]
