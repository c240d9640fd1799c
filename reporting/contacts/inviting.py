"""A round's invitations: who got one and what came of it, the text, and the sending."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from municipalities.invitations import VALID_FOR
from municipalities.models import Contact, Role
from reporting.contacts.letters import InvitationsForm, LetterForm
from reporting.contacts.standing import chosen, count, standings
from reporting.views.overview import get_round
from survey import inviting as rules
from survey.access import ministry_required, post_only, role_required
from survey.models import RoundMail, SurveyRound
from survey.transitions import Refused, database_now


@ministry_required
def invitations(request, year):
    """Municipality by municipality: invited, link opened, account, logged in."""
    return _page(request, get_round(request, year))


def _page(request, survey_round: SurveyRound, *, refusal: str = "", status: int = 200):
    form = InvitationsForm(request.GET)
    show = form.cleaned_data["show"] if form.is_valid() else ""
    contacts = Contact.objects.visible_to(request.user)
    mails = RoundMail.objects.visible_to(request.user)
    rows = standings(survey_round, contacts, mails)
    now, last_day = database_now(), survey_round.opens_at - VALID_FOR
    is_manager = request.user.ministry_role == Role.ROUND_MANAGER
    context = {
        "round": survey_round,
        "form": form,
        "rows": chosen(rows, show),
        "places": count(rows),
        "to_invite": sum(row.misses_invitation for row in rows),
        "newest": max((row.mail.pk for row in rows if row.mail), default=0),
        "is_ahead": survey_round.opens_at > now,
        "last_day": last_day if last_day > now else None,
        "may_edit": is_manager,
        "may_send": is_manager and rules.may_invite(survey_round),
        "refusal": refusal,
    }
    if form.errors:
        status = 422
    return render(request, "reporting/contacts/invitations.html", context, status=status)


@role_required(Role.ROUND_MANAGER)
@post_only
def send(request, year):
    """To all that are not invited yet, or to the chosen ones (again)."""
    survey_round = get_round(request, year)
    ticked = None
    if request.POST.get("to") != "new":
        ticked = _numbers(request.POST.getlist("contact"))
        if not ticked:
            refusal = _("Sæt kryds ved dem, der skal have invitationen.")
            return _page(request, survey_round, refusal=refusal, status=422)
    after = (_numbers([request.POST.get("newest", "")]) or [0])[0]
    try:
        sent = rules.invite(round_id=survey_round.pk, by=request.user, chosen=ticked, after=after)
    except Refused as error:
        return _page(request, survey_round, refusal=str(error), status=409)
    if sent:
        said = ngettext("%d invitation er på vej med mail.", "%d invitationer er på vej med mail.", sent)
        messages.success(request, said % sent)
    else:
        messages.info(request, _("Ingen ny mail er sendt: alle, der kan nås, er inviteret allerede."))
    return redirect("contacts:invitations", year)


def _numbers(texts: list[str]) -> list[int]:
    """Those that are row numbers; a longer one than the database has is nobody's."""
    return [int(text) for text in texts[:10_000] if text.isascii() and text.isdigit() and len(text) < 19]


@ministry_required
def letter(request, year):
    """The text with a preview, as a chosen contact would get it; the round manager changes it."""
    survey_round = get_round(request, year)
    contacts = Contact.objects.visible_to(request.user).filter(municipality__in=rules.asked(survey_round))
    stored = rules.letter_of(survey_round)
    given = {"subject": stored.subject, "text": stored.text, "contact": contacts.first()}
    given["seen"] = rules.seen(stored)
    posted = request.POST if request.method == "POST" else None
    form = LetterForm(posted, initial=given, contacts=contacts)
    refusal = ""
    if form.is_valid() and request.POST.get("act") == "save":
        try:
            began_with = form.cleaned_data["seen"]
            rules.set_letter(
                round_id=survey_round.pk, by=request.user, letter=form.letter, began_with=began_with
            )
        except Refused as error:
            refusal = str(error)
        else:
            messages.success(request, _("Invitationens tekst er gemt."))
            return redirect("contacts:letter", year)
    context = {
        "round": survey_round,
        "form": form,
        "letter": _example(survey_round, form, given),
        "refusal": refusal,
        "may_edit": request.user.ministry_role == Role.ROUND_MANAGER and rules.may_invite(survey_round),
    }
    status = 409 if refusal else 422 if form.errors else 200
    return render(request, "reporting/contacts/letter.html", context, status=status)


def _example(survey_round: SurveyRound, form: LetterForm, given: dict) -> rules.Letter | None:
    """The mail of the chosen contact, its secret link left out; None without contacts or with mistakes."""
    contact = form.cleaned_data["contact"] if form.is_bound and form.is_valid() else given["contact"]
    if contact is None or form.errors:
        return None
    answer = rules.submissions_of(survey_round).get(contact.municipality_id)
    role = rules.roles_of([contact])[contact.municipality_id, contact.email]
    path = "/invitation/personligt-link/" if role else rules.page_of(answer)
    begin = rules.line_above_the_link(survey_round)
    words = form.letter if form.is_bound else rules.Letter(given["subject"], given["text"])
    return rules.fill(
        words, survey_round, contact, answer, link=settings.SITE_URL + path, role=role, begin=begin
    )
