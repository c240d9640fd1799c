"""The upload of a workbook, and its confirmation."""

from collections.abc import Mapping
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from survey.workbook import wording
from survey.workbook.columns import Stamp
from survey.workbook.comparing import Change, Removal
from survey.workbook.guarding import check_size
from survey.workbook.reading import Contents, read
from survey.workbook.table import BadFile

FILE, STORED = "file", "stored"


class WorkbookForm(forms.Form):
    """The file is read at once, so that why it is refused is told at the field."""

    file = forms.FileField(
        label=_("Regneark"),
        help_text=_("Den udfyldte skabelon som Excel-fil (.xlsx) eller CSV, højst 5 MB."),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages=dict.fromkeys(("required", "invalid"), _("Vælg det regneark, I har udfyldt.")),
    )

    def __init__(self, *args, stamp: Stamp, **kwargs):
        super().__init__(*args, **kwargs)
        self.stamp = stamp
        self.contents: Contents | None = None
        self.data_read = b""

    def clean_file(self):
        file = self.cleaned_data["file"]
        try:
            check_size(file.size)
            self.data_read = file.read()
            self.contents = read(self.data_read, self.stamp)
        except BadFile as error:
            raise forms.ValidationError(wording.refusal(error), code=error.code) from error
        return file


class ConfirmForm(forms.Form):
    """For each conflict, whose text is to stand; `seen` is what the preview compared with."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, conflicts: Mapping[UUID, Change | Removal], user, **kwargs):
        super().__init__(*args, **kwargs)
        for uuid, conflict in conflicts.items():
            self.fields[str(uuid)] = forms.ChoiceField(
                label=_label(conflict, user),
                choices=_choices(conflict),
                widget=forms.RadioSelect,
                error_messages=dict.fromkeys(
                    ("required", "invalid_choice"),
                    _("Vælg, hvad der skal gælde for ”%s”.") % _title(conflict),
                ),
            )

    @property
    def keep(self) -> set[UUID]:
        """The conflicts in which what is stored stays."""
        return {
            UUID(name) for name, choice in self.cleaned_data.items() if choice == STORED and name != "seen"
        }


def _title(conflict: Change | Removal) -> str:
    if isinstance(conflict, Change):
        return conflict.title
    return str(conflict.stored)


def _label(conflict: Change | Removal, user) -> str:
    title = {"title": _title(conflict)}
    if conflict.stored is None:
        return _g("”%(title)s” er slettet, sidet regnearken blev hentet.") % title
    if conflict.stored.updated_by == user:
        return _g("Du har selv ændret ”%(title)s” her, sidet regnearken blev hentet.") % title
    who = title | {"name": conflict.stored.updated_by.name}
    return _g("%(name)s har ændret ”%(title)s”, sidet regnearken blev hentet.") % who


def _choices(conflict: Change | Removal) -> list[tuple[str, str]]:
    if isinstance(conflict, Removal):
        return [(STORED, _g("Behold indsatsen")), (FILE, _g("Fjern indsatsen"))]
    if conflict.stored is None:
        return [(STORED, _g("Lad den være slettet")), (FILE, _g("Opret den igen som i filen"))]
    return [(STORED, _g("Behold det, der er gemt")), (FILE, _g("Brug det, der står i filen"))]
