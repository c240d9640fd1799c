"""A round's own guidance as it is written: one text a field of the questionnaire."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from survey.forms.fields import LinesField
from survey.models import GuidanceText, Initiative, SurveyRound
from survey.questionnaire import FIELD_NAMES, guidance_of
from survey.rounds.guidance import YEAR, seen, stored

LONGEST = GuidanceText._meta.get_field("text").max_length


def whole_braces(text: str) -> None:
    """The year's place is the only one that is filled in."""
    rest = text.replace(YEAR, "")
    if "{" in rest or "}" in rest:
        raise forms.ValidationError(
            _("Krøllede parenteser kan kun bruges i {accounts_year}, som bliver til regnskabsåret.")
        )


class GuidanceForm(forms.Form):
    """Left empty, or the same as the questionnaire's text, a field has the questionnaire's."""

    seen = forms.CharField(
        widget=forms.HiddenInput, error_messages={"required": _("Siden er for gammel. Åbn den igen.")}
    )

    def __init__(self, data=None, *, survey_round: SurveyRound):
        # Its preview has the municipality's form, whose fields have the same names, on the same page.
        super().__init__(data, auto_id="own_%s")
        self.accounts_year = survey_round.accounts_year
        texts = stored(survey_round)
        self.initial = {"seen": seen(texts), **texts}
        for name in FIELD_NAMES:
            label = Initiative.label(name)
            self.fields[name] = LinesField(
                rows=3,
                max_length=LONGEST,
                validators=[whole_braces],
                label=label,
                error_messages={
                    "max_length": _("Vejledningen må højst være 2.000 tegn. Den er nu %(show_value)d.")
                },
            )
            self.fields[name].help_text = self.standard(name) or _("Spørgeskemaet har ingen vejledning her.")

    def standard(self, name: str) -> str:
        """The questionnaire's text as the municipality reads it: Danish, with the accounts year."""
        with override("da"):
            return str(guidance_of(name)).replace(YEAR, str(self.accounts_year))

    @property
    def own(self) -> dict[str, str]:
        """Field -> text, where it is not the questionnaire's."""
        with override("da"):
            standards = {name: (str(guidance_of(name)), self.standard(name)) for name in FIELD_NAMES}
        texts = {name: self.cleaned_data[name] for name in FIELD_NAMES}
        return {name: text for name, text in texts.items() if text and text not in standards[name]}
