"""What stands on the note for the municipal council; the PDF and the Word document both write this."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reporting import wording
from reporting.breakdowns import SERVICE_AREA
from reporting.comparison import TOTAL, ComparedAnswer
from reporting.figures.drawing import danish
from reporting.returns import MunicipalReturn


@dataclass(frozen=True)
class NoteTable:
    """`groups` stand over the columns: (name, how many columns). The last row is the total."""

    caption: str
    groups: list[tuple[str, int]]
    headings: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class CouncilNote:
    """Texts as they are printed; `chart` is a drawing's specification, `mark` "" or that it is made up."""

    title: str
    lead: str
    mark: str
    survey: str
    reported_heading: str
    reported_intro: str
    reported: NoteTable
    peers_heading: str
    peers_intro: str
    sentences: list[str]
    chart: dict
    chart_alt: str
    chart_caption: str
    peers: NoteTable
    basis: str
    receipt: str
    written_at: datetime  # UTC


def council_note(answer: ComparedAnswer) -> CouncilNote:
    """One page of A4, in the language that is active."""
    municipality, survey_round = answer.submission.municipality, answer.submission.round
    return CouncilNote(
        title=_("Ikke-lovpligtige integrationsindsatser i %(name)s") % {"name": municipality.official_name},
        lead=_("Orientering til kommunalbestyrelsen. %(round)s. Skrevet ud %(day)s.")
        % {
            "round": survey_round,
            "day": date_format(localtime(answer.totals.as_at), "DATE_FORMAT"),
        },
        mark=answer.mark,
        survey=_(
            "Kortlægningen viser, hvad kommunerne bruger på frivillige integrationsindsatser: særskilte "
            "indsatser, som ingen lov kræver, som mest er for flygtninge, indvandrere eller efterkommere, "
            "og som ikke ville findes uden dem. Lovpligtige opgaver er ikke med. Kommunerne afgør selv, "
            "hvad de regner med, så forskelle kan også skyldes, at de har afgrænset forskelligt."
        ),
        reported_heading=_("Det har kommunen indberettet"),
        reported_intro=_reported_intro(answer),
        reported=_reported(answer),
        peers_heading=_("Sammenlignet med andre kommuner"),
        peers_intro=_("Kommunens bruttoudgifter er i alt %(kroner)s kr. pr. indbygger. Det er:")
        % {"kroner": answer.own_total},
        sentences=answer.sentences,
        chart=answer.chart([TOTAL]),
        chart_alt=_alt(answer),
        chart_caption=explanation(),
        peers=_peers(answer),
        basis=answer.basis,
        receipt=_receipt(answer),
        written_at=answer.totals.as_at.astimezone(UTC),
    )


def explanation() -> str:
    """How the drawing is read, and what a quartile is."""
    return _(
        "Bjælken går fra nedre til øvre kvartil, stregen er medianen, og prikken er kommunen selv. En "
        "fjerdedel af de andre kommuner ligger under den nedre kvartil, halvdelen under medianen og tre "
        "fjerdedele under den øvre kvartil."
    )


def _reported_intro(answer: ComparedAnswer) -> str:
    (own,) = answer.totals.returns
    if answer.version.is_nil:
        return _("Kommunen har underskrevet, at den ingen indsatser havde at indberette.")
    reported = ngettext(
        "Kommunen har indberettet %(n)d indsats.",
        "Kommunen har indberettet %(n)d indsatser.",
        answer.version.initiative_count,
    ) % {"n": answer.version.initiative_count}
    if not answer.totals.adjustments:
        return reported
    counting = ngettext(
        "Tabellen viser den indsats, der tæller, og beløbene, som de tæller efter ministeriets rettelser.",
        "Tabellen viser de %(n)d indsatser, der tæller, og beløbene, som de tæller efter ministeriets "
        "rettelser.",
        own.initiatives,
    ) % {"n": own.initiatives}
    return f"{reported} {counting}"


def _reported(answer: ComparedAnswer) -> NoteTable:
    (own,) = answer.totals.returns
    areas = [(str(name), [area]) for area, name in SERVICE_AREA.groups.items()]
    rows = [*areas, (str(wording.TOTAL), list(SERVICE_AREA.groups))]
    return NoteTable(
        caption=_("Indsatser efter område, 1.000 kr. i %(year)d-priser")
        % {"year": answer.totals.accounts_year},
        groups=[],
        headings=[_("Område"), _("Antal"), _("Bruttoudgifter"), _("Bruttoindtægter"), _("Netto")],
        rows=[[name, *_sums(own, among)] for name, among in rows],
    )


def _sums(own: MunicipalReturn, areas: list[str]) -> list[str]:
    count, expenditure, income = (
        sum(sums.get(area, 0) for area in areas) for sums in (own.counts, own.expenditure, own.income)
    )
    return [danish(value) for value in (count, expenditure, income, expenditure - income)]


def _peers(answer: ComparedAnswer) -> NoteTable:
    groups = [(capfirst(name), 3) for name in answer.group_names]
    three = [_("nedre kvartil"), _("median"), _("øvre kvartil")]
    return NoteTable(
        caption=_("Bruttoudgifter i kr. pr. indbygger efter område"),
        groups=[("", 2), *groups],
        headings=[_("Område"), _("Kommunen"), *three * len(groups)],
        rows=[[name, own, *cells] for name, own, cells in answer.rows],
    )


def _alt(answer: ComparedAnswer) -> str:
    """All that the drawing shows, in words."""
    return _("%(title)s. Kommunens %(own)s kr. er %(sentences)s.") % {
        "title": answer.title,
        "own": answer.own_total,
        "sentences": "; ".join(answer.sentences),
    }


def _receipt(answer: ComparedAnswer) -> str:
    version = answer.version
    return _("Kvittering %(number)s, indsendt %(at)s. Kontrolsum (SHA-256): %(checksum)s") % {
        "number": version.receipt_number,
        "at": date_format(localtime(version.submitted_at), "DATE_FORMAT"),
        "checksum": version.checksum,
    }
