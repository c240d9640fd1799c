"""The scope helper's words: the report's criteria and its list of statutory tasks ("Rammer for
kortlægningen"), with examples of our own for each service area. It helps; nothing here decides."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from survey.models import ServiceArea

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as LazyText


@dataclass(frozen=True)
class Example:
    """An initiative of the area that belongs in the survey, and one much like it that does not."""

    area: "ServiceArea"
    inside: "LazyText"
    outside: "LazyText"


CRITERIA = (  # all three must hold
    _(
        "De fleste i målgruppen er flygtninge, indvandrere eller efterkommere. "
        "Indsatsen må godt være åben for alle."
    ),
    _(
        "Det er en særskilt indsats, som hænger direkte sammen med integration, for børn, unge eller "
        "voksne. Den kan også være for voksne, der er i gang efter lov om en aktiv beskæftigelsesindsats."
    ),
    _("Indsatsen ville ikke være der, hvis der ikke var flygtninge, indvandrere eller efterkommere i den."),
)

STATUTORY = (  # what the law requires is not in the survey
    _("Selvforsørgelses- og hjemrejseprogram og danskuddannelse efter integrationsloven"),
    _("Rådgivning om repatriering"),
    _("Indsats efter lov om en aktiv beskæftigelsesindsats: overførselsudgifter og almindelig normering"),
    _(
        "Særlige normeringer til sagsbehandlere eller frontpersonale, der især møder borgere med anden "
        "etnisk baggrund end dansk"
    ),
    _("Tolkning"),
    _(
        "Lovbundet modtagelse i folkeskole og dagtilbud, fx sprogstimulering, dansk som andetsprog og "
        "sprogprøver"
    ),
)

EXAMPLES = (
    Example(
        ServiceArea.EMPLOYMENT,
        _("En mentor, der følger indvandrerkvinder ud i praktik, ud over det, som loven kræver"),
        _("Virksomhedspraktik og samtaler efter lov om en aktiv beskæftigelsesindsats"),
    ),
    Example(
        ServiceArea.DAYCARE_SCHOOL,
        _("Lektiecafé for tosprogede elever og besøg hos forældre til tosprogede børn"),
        _("Lovpligtig sprogvurdering, sprogstimulering og dansk som andetsprog"),
    ),
    Example(
        ServiceArea.GENERAL,
        _("Frivillige værtsfamilier til nye familier, samordnet af kommunen"),
        _("Danskuddannelse og selvforsørgelses- og hjemrejseprogram"),
    ),
    Example(
        ServiceArea.SOCIAL,
        _("Samtalegrupper mod negativ social kontrol"),
        _("Støtte efter serviceloven, som alle borgere med samme behov får"),
    ),
    Example(
        ServiceArea.CULTURE_LEISURE,
        _("En medarbejder, der hjælper børn af flygtninge ind i foreningerne"),
        _("Almindeligt tilskud til foreninger og fritidspas til alle børn"),
    ),
    Example(
        ServiceArea.HEALTH_ELDERLY,
        _("Sundhedsformidlere, der taler beboernes sprog, i et boligområde"),
        _("Tolkning hos lægen og almindelig sundhedspleje"),
    ),
)
