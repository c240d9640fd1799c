"""A pair made into a question to the municipality, at the field where it differs.

The text says how other municipalities place what is alike. It names none of them, and quotes nothing that
they wrote: of a legal basis only the laws that it names are told.
"""

from uuid import UUID

from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from reporting.comparability.differences import AREA, LEGAL_BASIS
from reporting.comparability.laws import basis_of, laws_in
from survey.dialogue import post
from survey.models import Message, PrimaryTargetGroup, ReportedInitiative, ServiceArea, Submission
from survey.transitions import Refused, locked


def ask(*, submission_id: int, uuid: UUID, field: str, other: str, seen: int, by) -> Message:
    """Asks once: a question at the field that came after what the page showed, whoever asked it, is returned.

    `other` is what other municipalities say in the field, and of `title` the uuid of the initiative that may
    be the same. Raises Refused.
    """
    with locked(Submission.objects.filter(pk=submission_id)) as (submission, _now):
        asked = submission.messages.filter(uuid=uuid, field=field, from_ministry=True, reply_to=None)
        already = asked.filter(pk__gt=seen).first()
        if already:
            return already
        initiatives = ReportedInitiative.objects.filter(version__submission=submission).reported()
        initiative = initiatives.filter(uuid=uuid).first()
        if initiative is None:
            raise Refused(gettext("Indsatsen står ikke længere i den version, der tæller."))
        with override("da"):
            text = question(initiative, field, other, initiatives)
            said = {"by": by, "from_ministry": True, "text": f"{text} {THEN}", "seen": seen}
        if not text:
            raise Refused(gettext("Kommunen har ændret besvarelsen, så spørgsmålet passer ikke længere."))
        return post(submission_id=submission_id, uuid=uuid, field=field, **said)


def question(initiative: ReportedInitiative, field: str, other: str, initiatives) -> str:
    """In Danish, as it is sent; "" when the initiative says so already, or the other one is gone."""
    if field == "title":
        twin = initiatives.exclude(pk=initiative.pk).filter(uuid=other).first()
        return SAME % {"title": initiative.title, "other": twin.title} if twin else ""
    own = getattr(initiative, field)
    if (basis_of(own) if field == LEGAL_BASIS else own) == other:
        return ""
    if field == LEGAL_BASIS:
        laws = ", ".join(law.capitalize() for law in laws_in(other))
        return (LAWS if laws else BASIS) % {"title": initiative.title, "own": own, "other": laws}
    names = ServiceArea if field == AREA else PrimaryTargetGroup
    values = {"title": initiative.title, "own": names(own).label, "other": names(other).label}
    return (PLACED if field == AREA else AIMED) % values


SAME = _(
    "I har indberettet ”%(title)s” og ”%(other)s” med de samme beløb. Er de to indsatser den samme? "
    "Svar her, og skriv ellers, hvad der skiller dem."
)
PLACED = _(
    "I har placeret indsatsen ”%(title)s” under %(own)s. Andre kommuner har placeret indsatser, der "
    "ligner, under %(other)s. Hører jeres også til der? Svar her, og skriv ellers, hvad der gør jeres "
    "indsats anderledes."
)
AIMED = _(
    "I har valgt den primære målgruppe ”%(own)s” for indsatsen ”%(title)s”. Andre kommuner har valgt "
    "”%(other)s” for indsatser, der ligner. Gælder det også jeres? Svar her, og skriv "
    "ellers, hvad der gør jeres indsats anderledes."
)
LAWS = _(
    "I har angivet hjemmelsgrundlaget ”%(own)s” for indsatsen ”%(title)s”. Andre kommuner har angivet "
    "%(other)s for indsatser, der ligner. Gælder det også jeres? Svar her, og skriv ellers, "
    "hvad der gør jeres indsats anderledes."
)
BASIS = _(
    "I har angivet hjemmelsgrundlaget ”%(own)s” for indsatsen ”%(title)s”. Andre kommuner har angivet "
    "et andet for indsatser, der ligner. Vil I se efter, om jeres er rigtigt? Svar her, og skriv "
    "ellers, hvad der gør jeres indsats anderledes."
)
# A handed-in answer cannot be changed by the municipality: it is to answer first.
THEN = _("Skal besvarelsen ændres, sender ministeriet den tilbage til jer.")
