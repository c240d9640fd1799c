"""The quality declaration of a publication, made of what was frozen and of nothing else.

The headings are those of Statistics Denmark's documentation of statistics (statistikdokumentation).
What the questionnaire does not ask is said to be unknown, never left out.
"""

from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from reporting import wording
from reporting.models import Publication
from reporting.quality.contents import contents, processing
from reporting.quality.precision import precision, response_table
from reporting.quality.sections import Chapter, Part, percent


def declaration(publication: Publication) -> list[Chapter]:
    figures = publication.figures
    return [
        Chapter(_("Indhold"), contents(figures)),
        Chapter(_("Statistisk behandling"), processing(figures)),
        Chapter(_("Relevans"), _relevance(figures)),
        Chapter(_("Præcision og pålidelighed"), [*precision(figures), *_revisions(publication)]),
        Chapter(_("Aktualitet og punktlighed"), _timeliness(publication)),
        Chapter(_("Sammenlignelighed"), _comparability(figures)),
        Chapter(_("Tilgængelighed"), _accessibility(publication)),
    ]


def _relevance(figures: dict) -> list[Part]:
    total = figures["coverage"]["total"]
    return [
        Part(
            _("Brugerbehov"),
            [
                _(
                    "Ministeriet og Folketinget skal kunne se, hvad kommunerne bruger på indsatser, som "
                    "ingen lov kræver."
                )
            ],
        ),
        Part(_("Brugertilfredshed"), [_("Er ikke målt.")]),
        Part(
            _("Fuldstændighed af data"),
            [
                _(
                    "%(answered)d af %(all)d kommuner har svaret. De har %(percent)s pct. af "
                    "indbyggerne. %(nil)d af dem havde ingen indsatser at indberette."
                )
                % {
                    "answered": total["answered"],
                    "all": total["municipalities"],
                    "percent": percent(total["inhabitants_answered"], total["inhabitants"]),
                    "nil": total["nothing_to_report"],
                }
            ],
            [
                response_table(
                    _("Svar efter region"), [(row["name"], row) for row in figures["coverage"]["regions"]]
                ),
                response_table(
                    _("Svar efter kommunens størrelse"),
                    [(str(wording.STRATA[row["size"]]), row) for row in figures["coverage"]["sizes"]],
                ),
            ],
        ),
    ]


def _revisions(publication: Publication) -> list[Part]:
    practice = [_("Denne opgørelse reviderer ikke en tidligere.")]
    if publication.revises_id:
        practice = [
            _("Denne opgørelse reviderer en tidligere. Begrundelse: %(reason)s")
            % {"reason": publication.revision_reason}
        ]
    return [
        Part(
            _("Revisionspolitik"),
            [
                _(
                    "Offentliggjorte tal ændres aldrig. Nye tal er en ny opgørelse med eget nummer, og "
                    "listen over opgørelser viser, hvor meget og hvorfor."
                )
            ],
        ),
        Part(_("Praksis for revisioner"), practice),
    ]


def _timeliness(publication: Publication) -> list[Part]:
    basis = publication.figures["basis"]
    published = localtime(publication.published_at)
    days = (published.date() - date(basis["accounts_year"], 12, 31)).days
    lines = [
        _("Opgjort pr. %(as_at)s. Det seneste svar, der er med, er indsendt %(last)s.")
        % {
            "as_at": _moment(publication.as_at),
            "last": _moment(datetime.fromisoformat(publication.figures["last_answer_at"])),
        },
        _("Offentliggjort %(day)s, %(days)d dage efter regnskabsårets udgang.")
        % {"day": _moment(publication.published_at), "days": days},
    ]
    if publication.embargo_until:
        lines.append(_("Klausuleret til %(until)s.") % {"until": _moment(publication.embargo_until)})
    return [
        Part(_("Udgivelsestid for foreløbige og endelige tal"), lines),
        Part(
            _("Publikationspunktlighed"),
            [_("Systemet har ingen udgivelsesplan, så punktligheden er ikke opgjort.")],
        ),
    ]


def _moment(moment: datetime) -> str:
    """Danish time, to the second."""
    local = localtime(moment)
    return f"{date_format(local, 'DATE_FORMAT')} {date_format(local, 'H.i.s')}"


def _comparability(figures: dict) -> list[Part]:
    return [
        Part(
            _("International sammenlignelighed"),
            [_("Indsatserne er afgrænset af dansk lovgivning og kan ikke sammenlignes med andre lande.")],
        ),
        Part(
            _("Sammenlignelighed over tid"),
            [
                _(
                    "Beløb fra to kortlægninger kan sammenlignes, når de er opgjort med samme metode og "
                    "i samme pris- og lønniveau. Hvem der har svaret, er ikke det samme fra gang til "
                    "gang."
                )
            ],
        ),
        Part(
            _("Kohærens - intern"),
            [
                _(
                    "Områderne giver tilsammen landets tal, før der afrundes. Regionerne er opregnet "
                    "hver for sig og summer kun til landets tal ved metode b."
                )
            ],
        ),
    ]


def _accessibility(publication: Publication) -> list[Part]:
    return [
        Part(
            _("Publikationer"),
            [
                _("Opgørelse nr. %(number)d. Resultaterne kan hentes som JSON med kontrolsum.")
                % {"number": publication.number}
            ],
        ),
        Part(
            _("Adgang til mikrodata"),
            [_("De enkelte kommuners beløb gives ikke videre med opgørelsen. Ministeriet kan hente dem.")],
        ),
        Part(
            _("Diskretionering og databehandling"),
            [
                _(
                    "Regioner med færre end fem svar er markeret. Oplysningerne er om kommuner, ikke om "
                    "personer."
                )
            ],
        ),
    ]
