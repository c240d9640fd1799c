from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from municipalities.models import Municipality, Region
from survey.forms.moments import DayField

ROWS, COLUMNS = range(15), range(25)  # the map's cells, with some room around the 98
CVR_WEIGHTS = (2, 7, 6, 5, 4, 3, 2, 1)
NEW, TILE = ("code", "name", "official_name", "region", "cvr"), ("tile_row", "tile_column")


def is_cvr(text: str) -> bool:
    """Eight digits whose weighted sum 11 divides (the CVR register's check digit)."""
    if len(text) != 8 or not (text.isascii() and text.isdigit()) or text[0] == "0":
        return False
    return sum(weight * int(digit) for weight, digit in zip(CVR_WEIGHTS, text, strict=True)) % 11 == 0


def _cell(label, cells: range, help_text) -> forms.IntegerField:
    error = format_lazy(_("Skriv et helt tal fra 0 til {last}."), last=cells[-1])
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=cells[-1],
        help_text=help_text,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input-width-s"}
        ),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), error),
    )


def _text(label, max_length: int, width: str, too_long, help_text="") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=max_length,
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": f"input-width-{width}"}),
        error_messages={"max_length": too_long},
    )


class EndForm(forms.Form):
    """Which municipality ends when, and what it becomes a part of: one that is there, or the new one of
    the other fields. The new one's own rules are judged when it is stored (survey/mergers.py)."""

    ended = forms.ModelChoiceField(
        label=_("Kommune, der ophører"),
        queryset=Municipality.objects.filter(valid_until=None),
        to_field_name="code",
        empty_label=_("Vælg en kommune"),
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Vælg den kommune, der ophører, på listen.")
        ),
    )
    day = DayField(
        label=_("Ophører den"),
        help_text=_("Den første dag, hvor kommunen ikke er der længere, fx 01.01.2028."),
    )
    successor = forms.ModelChoiceField(
        label=_("Bliver en del af"),
        queryset=Municipality.objects.filter(valid_until=None),
        to_field_name="code",
        required=False,
        empty_label=_("Vælg en kommune"),
        error_messages={"invalid_choice": _("Vælg en kommune på listen.")},
    )
    makes_new = forms.BooleanField(
        label=_("Den bliver en del af en ny kommune, som oprettes her"), required=False
    )
    code = _text(
        _("Ny kommune: kode"), 3, "s", _("Kommunekoden er tre cifre, fx 461."), _("Tre cifre, fx 461.")
    )
    name = _text(_("Ny kommune: navn"), 60, "l", _("Skriv navnet med højst 60 tegn."))
    official_name = _text(
        _("Ny kommune: officielt navn"),
        80,
        "l",
        _("Skriv navnet med højst 80 tegn."),
        _("Fx Odense Kommune."),
    )
    region = forms.ModelChoiceField(
        label=_("Ny kommune: region"),
        queryset=Region.objects.all(),
        to_field_name="code",
        required=False,
        empty_label=_("Vælg en region"),
        error_messages={"invalid_choice": _("Vælg en region på listen.")},
    )
    cvr = _text(_("Ny kommune: CVR-nummer"), 8, "m", _("Skriv CVR-nummeret, otte cifre."))
    tile_row = _cell(
        _("Ny kommune: række på kommunekortet"),
        ROWS,
        _("0 er øverst. Lad række og kolonne være tomme, hvis den skal stå, hvor den ophørte stod."),
    )
    tile_column = _cell(_("Ny kommune: kolonne på kommunekortet"), COLUMNS, _("0 er længst mod vest."))

    def clean(self):
        cleaned = super().clean() or {}
        if not cleaned.get("makes_new"):
            self._ignore_new()
            if not cleaned.get("successor") and "successor" not in self.errors:
                remedy = _("Vælg, hvilken kommune den bliver en del af, eller opret en ny.")
                self.add_error("successor", remedy)
            return cleaned
        if cleaned.get("successor"):
            self.add_error("successor", _("Vælg enten en kommune på listen eller en ny, ikke begge."))
        remedies = {
            "code": _("Skriv den nye kommunes kode, tre cifre."),
            "name": _("Skriv den nye kommunes navn."),
            "official_name": _("Skriv den nye kommunes officielle navn."),
            "region": _("Vælg den nye kommunes region."),
            "cvr": _("Skriv den nye kommunes CVR-nummer, otte cifre."),
        }
        for name, remedy in remedies.items():
            if name not in self.errors and not cleaned.get(name):
                self.add_error(name, remedy)
        if cleaned.get("cvr") and not is_cvr(cleaned["cvr"]):
            self.add_error("cvr", _("CVR-nummeret er ikke gyldigt. Se efter i CVR-registret."))
        if Municipality.objects.filter(code=cleaned.get("code", "")).exists():
            self.add_error("code", _("Koden er eller har været en anden kommunes. Skriv den nye."))
        if (cleaned.get("tile_row") is None) != (cleaned.get("tile_column") is None):
            self.add_error("tile_row", _("Skriv både række og kolonne, eller ingen af dem."))
        return cleaned

    @property
    def makes_a_new_one(self) -> bool:
        return self.cleaned_data["makes_new"]

    def _ignore_new(self) -> None:
        """What stands in the new one's fields is not used, so that it is not wrong either."""
        for name in (*NEW, *TILE):
            self.errors.pop(name, None)
            self.cleaned_data[name] = None

    @property
    def successor_or_new(self) -> Municipality:
        found = self.cleaned_data["successor"]
        return found or Municipality(**{name: self.cleaned_data[name] for name in (*NEW, *TILE)})
