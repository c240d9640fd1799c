"""The forms of a round's invitations."""

from django import forms
from django.utils.translation import gettext_lazy as _

from survey import inviting, letters
from survey.forms.fields import no_cpr_number


class InvitationsForm(forms.Form):
    """Which rows the page shows."""

    show = forms.ChoiceField(
        label=_("Vis"),
        choices=[
            ("", _("Alle")),
            ("uninvited", _("Ikke inviteret")),
            ("unopened", _("Inviteret, link ikke åbnet")),
            ("idle", _("Inviteret, ikke logget ind siden")),
            ("early", _("Inviteret før åbningen, ikke logget ind siden")),
            ("unreachable", _("Kan ikke nås")),
            ("bounced", _("Mail kommer retur eller kunne ikke sendes")),
            ("none", _("Uden kontakt")),
        ],
        required=False,
        error_messages={"invalid_choice": _("Vælg en af visningerne på listen.")},
    )


class ContactField(forms.ModelChoiceField):
    def label_from_instance(self, contact):
        return f"{contact.municipality}: {contact}"


class LetterForm(forms.Form):
    """An empty subject or text is the product's own. `contact` is whose mail the preview shows, `seen` the
    text that the page began with."""

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    subject = forms.CharField(
        label=_("Emne"),
        max_length=200,
        required=False,
        validators=[no_cpr_number],
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "input-width-xl"}),
        error_messages={
            "max_length": _("Skriv emnet med højst 200 tegn. Der er nu %(show_value)d."),
            "null_characters_not_allowed": _("Skriv emnet med almindelige bogstaver og tegn."),
        },
    )
    text = forms.CharField(
        label=_("Tekst"),
        max_length=5_000,
        required=False,
        validators=[no_cpr_number],
        help_text=_(
            "{kommune}, {kontakt}, {regnskabsaar}, {frist} og {link} bliver til modtagerens egne. "
            "{begynd} bliver til ”Begynd her:”, og før åbningen til, hvornår kortlægningen åbner. "
            "{rolle} siger, om modtageren bliver godkender eller sagsbehandler. "
            "Tomme felter giver standardteksten."
        ),
        widget=forms.Textarea(attrs={"rows": 16}),
        error_messages={
            "max_length": _("Skriv teksten med højst 5.000 tegn. Der er nu %(show_value)d."),
            "null_characters_not_allowed": _("Skriv teksten med almindelige bogstaver og tegn."),
        },
    )

    def __init__(self, *args, contacts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["contact"] = ContactField(
            label=_("Vis brevet til"),
            queryset=contacts.select_related("municipality"),
            required=False,
            empty_label=None if self.initial.get("contact") else _("Der er ingen kontakter endnu"),
            error_messages={"invalid_choice": _("Vælg en af kontakterne på listen.")},
        )

    def clean_subject(self) -> str:
        return _known(self.cleaned_data["subject"].strip()) or inviting.STANDARD.subject

    def clean_text(self) -> str:
        text = self.cleaned_data["text"].replace("\r\n", "\n").strip()
        if text and not letters.has_link(_known(text)):
            raise forms.ValidationError(_("Skriv {link} dér, hvor modtagerens link skal stå."))
        return f"{text}\n" if text else inviting.STANDARD.text

    @property
    def letter(self) -> inviting.Letter:
        return inviting.Letter(self.cleaned_data["subject"], self.cleaned_data["text"])


def _known(text: str) -> str:
    unknown = letters.unknown(text, letters.INVITATION)
    if unknown:
        raise forms.ValidationError(
            _(
                "%(wrong)s kendes ikke. Brug {kommune}, {kontakt}, {regnskabsaar}, {frist}, {link}, {begynd} "
                "og {rolle}."
            ),
            params={"wrong": ", ".join(unknown)},
        )
    return text
