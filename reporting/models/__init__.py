from reporting.models.arrivals import ArrivalsCount, ArrivalsImport
from reporting.models.publications import Publication
from reporting.models.rates import PriceRate

__all__ = ["ArrivalsCount", "ArrivalsImport", "PriceRate", "Publication"]
