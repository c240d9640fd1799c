"""What one writes in the dialogue, and which versions one compares."""

from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from survey.forms.fields import no_cpr_number
from survey.models import Initiative
from survey.questionnaire import FIELD_NAMES

NOT_A_VERSION = dict.fromkeys(("required", "invalid_choice"), _("Vælg en af versionerne på listen."))
WIDE = {"class": "input-width-xl"}  # titles and dates are longer than the usual list


class MessageField(forms.CharField):
    """Text of several lines, where a line break is one of the 5,000 characters: browsers send CR LF."""

    def __init__(self, *, label):
        super().__init__(
            label=label,
            max_length=5_000,
            validators=[no_cpr_number],
            widget=forms.Textarea(attrs={"rows": 4}),
            error_messages={
                "required": _("Skriv en besked."),
                "max_length": _("Beskeden må højst være 5.000 tegn. Den er nu %(show_value)d."),
            },
        )

    def to_python(self, value):
        return super().to_python((value or "").replace("\r\n", "\n").replace("\r", "\n"))

    def widget_attrs(self, widget):
        return {}  # maxlength would cut what is pasted, without a word


class MessageForm(forms.Form):
    """`seen` is the latest message that the page showed, none if there was none."""

    seen = forms.IntegerField(
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid": _("Siden er for gammel. Åbn den igen.")},
    )

    def clean_seen(self) -> int:
        return self.cleaned_data["seen"] or 0


class ReplyForm(MessageForm):
    """An answer in a thread; the view finds the thread by `reply_to`, its first message."""

    reply_to = forms.IntegerField(widget=forms.HiddenInput)
    text = MessageField(label=_("Dit svar"))

    def __init__(self, data=None, *, thread: int, seen: int | None = None):
        super().__init__(data, initial={"reply_to": thread, "seen": seen}, auto_id=f"svar-{thread}_%s")
        self.thread = thread


class QuestionForm(MessageForm):
    """A new thread, about the whole answer, one of `initiatives` [(uuid, title)] or a field of it."""

    uuid = forms.TypedChoiceField(
        label=_("Hvad drejer det sig om?"),
        required=False,
        coerce=UUID,
        empty_value=None,
        widget=forms.Select(attrs=WIDE),
        error_messages={"invalid_choice": _("Vælg hele besvarelsen eller en af indsatserne på listen.")},
    )
    field = forms.ChoiceField(
        label=_("Felt"),
        required=False,
        widget=forms.Select(attrs=WIDE),
        error_messages={"invalid_choice": _("Vælg et af spørgeskemaets felter på listen.")},
    )
    text = MessageField(label=_("Besked"))

    def __init__(self, data=None, *, initiatives: list[tuple[UUID, str]], initial=None):
        super().__init__(data, initial=initial, auto_id="besked_%s")
        titles = [(str(uuid), title) for uuid, title in initiatives]
        labels = [(name, Initiative.label(name)) for name in FIELD_NAMES]
        self.fields["uuid"].choices = [("", _("Hele besvarelsen")), *titles]  # type: ignore[attr-defined]
        self.fields["field"].choices = [("", _("Intet bestemt felt")), *labels]  # type: ignore[attr-defined]

    def clean(self):
        if self.cleaned_data.get("field") and not self.cleaned_data.get("uuid") and "uuid" not in self.errors:
            self.add_error("uuid", _("Vælg den indsats, som feltet hører til."))
        return self.cleaned_data


class VersionsForm(forms.Form):
    """Which two of `versions` [(value, label)] to compare; in the URL, so that a link shows the same."""

    fra = forms.ChoiceField(label=_("Fra"), widget=forms.Select(attrs=WIDE), error_messages=NOT_A_VERSION)
    til = forms.ChoiceField(label=_("Til"), widget=forms.Select(attrs=WIDE), error_messages=NOT_A_VERSION)

    def __init__(self, data, *, versions: list[tuple[str, str]]):
        super().__init__(data)
        for field in self.fields.values():
            field.choices = versions  # type: ignore[attr-defined]
