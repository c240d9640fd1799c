from collections.abc import Iterable
from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from municipalities.models import OutgoingMail
from survey import letters
from survey.forms.fields import no_cpr_number
from survey.forms.moments import MomentField
from survey.models import Reminder, SurveyRound
from survey.reminders.planning import why_not_at
from survey.transitions import database_now

# What a new reminder begins as.
SUBJECT = _("Påmindelse: kortlægningen af regnskab {regnskabsaar}")
TEXT = _(
    "Kære {kontakt}\n\n"
    "{kommune} har endnu ikke indsendt sin besvarelse om ikke-lovpligtige integrationsindsatser "
    "i regnskabet for {regnskabsaar}. Fristen er {frist}.\n\n"
    "Besvarelsen ligger her:\n{link}\n\n"
    "Har kommunen ingen indsatser, er det også et svar. Godkenderen kan underskrive det samme sted."
)
# To those who were returned, whose answer was in.
RETURNED_SUBJECT = _("Påmindelse: ret besvarelsen af kortlægningen af regnskab {regnskabsaar}")
RETURNED_TEXT = _(
    "Kære {kontakt}\n\n"
    "Ministeriet har sendt {kommune}s besvarelse om ikke-lovpligtige integrationsindsatser i regnskabet for "
    "{regnskabsaar} tilbage, og den er ikke indsendt igen endnu. Det skal ske inden {frist}.\n\n"
    "Besvarelsen og ministeriets spørgsmål ligger her:\n{link}\n\n"
    "Godkenderen kan rette og underskrive samme sted."
)
UNFINISHED = {
    "subject": SUBJECT,
    "text": TEXT,
    "targets": [Reminder.Target.NOT_BEGUN, Reminder.Target.BEGUN],
}
RETURNED = {"subject": RETURNED_SUBJECT, "text": RETURNED_TEXT, "targets": [Reminder.Target.RETURNED]}
ODD_TEXT = _("Teksten indeholder et usynligt tegn. Skriv den igen.")


class ReminderForm(forms.Form):
    """One reminder's time, targets and text, judged by the round that it belongs to; `seen` is what the
    page began with."""

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    send_at = MomentField(
        label=_("Sendes"),
        help_text=_("Dato og klokkeslæt, fx 15.10.2027 09.00. Mailene er på vej inden for et minut."),
        error_messages={"required": _("Skriv, hvornår påmindelsen skal sendes, fx 15.10.2027 09.00.")},
    )
    targets = forms.MultipleChoiceField(
        label=_("Til kommuner, der er"),
        choices=Reminder.Target.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("De findes i det øjeblik, påmindelsen sendes. Den, der har indsendt, får ingen."),
        error_messages={
            "required": _("Vælg, hvem påmindelsen skal til."),
            "invalid_choice": _("Vælg blandt de tre grupper, hvem påmindelsen skal til."),
        },
    )
    subject = forms.CharField(
        label=_("Emne"),
        max_length=200,
        validators=[no_cpr_number],
        error_messages={
            "required": _("Skriv mailens emne."),
            "max_length": _("Skriv emnet med højst 200 tegn. Der er nu %(show_value)d."),
            "null_characters_not_allowed": ODD_TEXT,
        },
    )
    text = forms.CharField(
        label=_("Tekst"),
        max_length=5_000,
        validators=[no_cpr_number],
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_(
            "{kommune}, {kontakt}, {regnskabsaar}, {frist} og {link} bliver til modtagerens egne. "
            "{frist} er kommunens egen frist, også når den er forlænget."
        ),
        error_messages={
            "required": _("Skriv mailens tekst."),
            "max_length": _("Skriv højst 5.000 tegn. Der er nu %(show_value)d."),
            "null_characters_not_allowed": ODD_TEXT,
        },
    )

    def __init__(self, *args, survey_round: SurveyRound, **kwargs):
        super().__init__(*args, **kwargs)
        self.survey_round = survey_round

    @property
    def contents(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    def clean_send_at(self):
        send_at = self.cleaned_data["send_at"]
        if why := why_not_at(self.survey_round, send_at, database_now()):
            raise forms.ValidationError(why)
        return send_at

    def clean_subject(self) -> str:
        return _with_known_places(self.cleaned_data["subject"])

    def clean_text(self) -> str:
        text = _with_known_places(self.cleaned_data["text"])
        if not letters.has_link(text):
            raise forms.ValidationError(
                _("Skriv {link} i teksten, hvor adressen på kommunens besvarelse skal stå.")
            )
        return text


def _with_known_places(text: str) -> str:
    if wrong := letters.unknown(text):
        raise forms.ValidationError(
            _("%(wrong)s bliver ikke til noget. Brug %(known)s.")
            % {"wrong": ", ".join(wrong), "known": ", ".join(f"{{{name}}}" for name in letters.PLACEHOLDERS)}
        )
    return text


class RecipientForm(forms.Form):
    """Whose mail a preview shows; in the URL, so that a link shows the same."""

    kommune = forms.ChoiceField(
        label=_("Vis mailen, som den ser ud for"),
        required=False,
        error_messages={"invalid_choice": _("Vælg en af modtagerne på listen.")},
    )

    def __init__(self, data, *, choices: list[tuple[str, str]]):
        super().__init__(data)
        self.fields["kommune"].choices = choices  # type: ignore[attr-defined]


class LogForm(forms.Form):
    """Which mails of a round's reminders the log shows."""

    paamindelse = forms.ChoiceField(
        label=_("Påmindelse"),
        required=False,
        error_messages={"invalid_choice": _("Vælg en af påmindelserne på listen.")},
    )
    tilstand = forms.ChoiceField(
        label=_("Mailens tilstand"),
        choices=[("", _("Alle")), *OutgoingMail.State.choices],
        required=False,
        error_messages={"invalid_choice": _("Vælg en af tilstandene på listen.")},
    )

    def __init__(self, data, *, choices: Iterable[tuple[int, str]]):
        super().__init__(data)
        sent = [(str(pk), name) for pk, name in choices]
        self.fields["paamindelse"].choices = [("", _("Alle")), *sent]  # type: ignore[attr-defined]


class ExtensionForm(forms.Form):
    """More time for one municipality; survey/rounds/extensions.py judges it under the lock."""

    until = MomentField(
        label=_("Ny frist"),
        help_text=_("Den, der indsender før dette klokkeslæt, har svaret til tiden, fx 12.11.2027 12.00."),
        error_messages={"required": _("Skriv den nye frist, fx 12.11.2027 12.00.")},
    )
    reason = forms.CharField(
        label=_("Begrundelse"),
        help_text=_("Kommunen kan læse den på besvarelsens side."),
        max_length=2_000,
        validators=[no_cpr_number],
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": _("Skriv, hvorfor fristen forlænges."),
            "max_length": _("Skriv højst 2.000 tegn. Der er nu %(show_value)d."),
            "null_characters_not_allowed": ODD_TEXT,
        },
    )

    def clean_until(self):
        until, now = self.cleaned_data["until"], database_now()
        if until <= now:
            raise forms.ValidationError(_("Den nye frist er passeret. Skriv et tidspunkt i fremtiden."))
        if until > now + timedelta(days=366):
            raise forms.ValidationError(_("Den nye frist skal ligge inden for det kommende år."))
        return until
