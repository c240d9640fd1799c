"""What a publication's figures would be today, and why they are others: by today's answers and rates."""

from dataclasses import dataclass
from datetime import datetime

from reporting.models import Publication
from reporting.publishing import documents
from reporting.publishing.freeze import gather, rates_at
from reporting.publishing.revision import Revision, headline, revision
from survey.transitions import database_now


@dataclass(frozen=True)
class Today:
    as_at: datetime
    figures: dict  # an outputs document
    revision: Revision


def today(publication: Publication) -> Today:
    """Raises EstimateRefused, MissingRate, PopulationMissing when there are no figures today."""
    now, level = database_now(), publication.price_level
    rates = rates_at(publication.round, now, level)
    inputs = gather(publication.round, now, rates, method=publication.method, price_level=level)
    figures = documents.plain(documents.outputs(inputs))
    return Today(now, figures, between(publication.basis, publication.figures, inputs, figures))


def revised(publication: Publication, earlier: Publication) -> Revision:
    """Between two publications, both as they were frozen."""
    return between(earlier.basis, earlier.figures, publication.basis, publication.figures)


def between(basis: dict, figures: dict, later_basis: dict, later_figures: dict) -> Revision:
    return revision(basis, headline(figures), later_basis, headline(later_figures))
