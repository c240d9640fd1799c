from django import forms
from django.utils.translation import gettext_lazy as _

from municipalities.models import Municipality, User
from reporting.review.forms import reviewers
from survey.models import ReportedInitiative, Submission, SurveyRound


class RestForm(forms.Form):
    """Of the whole round, or of one municipality; when it is confirmed, of which initiatives."""

    kommune = forms.ModelChoiceField(
        label=_("Kommune"),
        queryset=Municipality.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=_("Alle kommuner"),
        error_messages={"invalid_choice": _("Vælg en kommune på listen.")},
    )
    digest = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data, *, survey_round: SurveyRound, user: User):
        super().__init__(data)
        self.submissions = Submission.objects.visible_to(user).filter(round=survey_round)
        asked = Municipality.objects.filter(submissions__in=self.submissions)
        self.fields["kommune"].queryset = asked  # type: ignore[attr-defined]

    def clean_kommune(self) -> Submission | None:
        """The municipality's answer in the round."""
        chosen = self.cleaned_data["kommune"]
        if chosen is None:
            return None
        return self.submissions.select_related("municipality").get(municipality=chosen)


class AssignForm(forms.Form):
    """Who looks at these initiatives; nobody chosen takes them back."""

    initiative = forms.ModelMultipleChoiceField(
        label=_("Indsatser"),
        queryset=ReportedInitiative.objects.none(),
        widget=forms.MultipleHiddenInput,
        error_messages={
            "required": _("Sæt kryds ved mindst en indsats."),
            "invalid_choice": _("En af indsatserne er ikke i kortlægningen. Gå tilbage til listen."),
            "invalid_pk_value": _("En af indsatserne er ikke i kortlægningen. Gå tilbage til listen."),
        },
    )
    reviewer = forms.ModelChoiceField(
        label=_("Gennemgås af"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Ingen"),
        error_messages={"invalid_choice": _("Vælg en, der kan gennemgå besvarelser, eller ingen.")},
    )
    next = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)

    def __init__(self, data, *, survey_round: SurveyRound, user: User):
        super().__init__(data)
        rows = ReportedInitiative.objects.visible_to(user).filter(version__submission__round=survey_round)
        self.fields["initiative"].queryset = rows.order_by("pk")  # type: ignore[attr-defined]
        self.fields["reviewer"].queryset = reviewers()  # type: ignore[attr-defined]

    def clean(self):
        if "reviewer" not in self.data:  # a page that lost it shall not take everything back
            self.add_error("reviewer", _("Vælg, hvem der skal gennemgå indsatserne, eller ingen."))
        return super().clean()
