"""The template pack templates/dkfds/: each widget with its label, hint and error, tied together by ids."""

import re
from html.parser import HTMLParser

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Button, Div, Field, Fieldset, Layout, Submit
from crispy_forms.utils import render_crispy_form
from django import forms
from django.template.loader import get_template, render_to_string

CHOICES = [("a", "Første"), ("b", "Andet <valg>")]
GROUPS = ("pick", "tick")
SINGLE = ("text", "amount", "lines", "menu", "day", "yes")
CLASSES = {
    "text": "form-input", "amount": "form-input", "lines": "form-input", "day": "form-input",
    "menu": "form-select", "yes": "form-checkbox", "pick": "form-radio", "tick": "form-checkbox",
}  # fmt: skip


class SampleForm(forms.Form):
    secret = forms.CharField(widget=forms.HiddenInput, initial="7")
    text = forms.CharField(label="Titel", help_text="En kort titel.", max_length=20)
    amount = forms.CharField(
        label="Beløb",
        help_text="I hele 1.000 kr.",
        widget=forms.TextInput(
            attrs={"suffix": "1.000 kr.", "inputmode": "numeric", "class": "input-width-xs"}
        ),
    )
    lines = forms.CharField(
        label="Indhold", help_text="Skriv kort.", widget=forms.Textarea(attrs={"rows": 4})
    )
    menu = forms.ChoiceField(label="Område", help_text="Vælg et.", choices=[("", "Vælg"), *CHOICES])
    pick = forms.ChoiceField(
        label="Målgruppe", help_text="Vælg en.", choices=CHOICES, widget=forms.RadioSelect
    )
    tick = forms.MultipleChoiceField(
        label="Kilder", help_text="Vælg gerne flere.", choices=CHOICES, widget=forms.CheckboxSelectMultiple
    )
    day = forms.DateField(
        label="Dato", help_text="Sidste dag.", widget=forms.DateInput(attrs={"type": "date"})
    )
    yes = forms.BooleanField(label="Jeg bekræfter", help_text="Kun godkenderen.")
    use_required_attribute = False


class Page(HTMLParser):
    """Elements as (tag, attributes), and the text of each one that has an id."""

    VOID = ("input", "br")

    def __init__(self, html):
        super().__init__()
        self.elements: list[tuple[str, dict]] = []
        self.open: list[tuple[str, str | None]] = []
        self.texts: dict[str | None, str] = {}
        self.feed(html)
        assert not self.open  # what is opened is closed

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append((tag, dict(attrs).get("id")))

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        for _, identity in self.open:
            self.texts[identity] = self.texts.get(identity, "") + data

    def all(self, tag, **attrs):
        attrs = {name.rstrip("_"): value for name, value in attrs.items()}
        return [found for kind, found in self.elements if kind == tag and attrs.items() <= found.items()]

    def by_id(self, identity):
        (found,) = [attrs for _, attrs in self.elements if attrs.get("id") == identity]
        return found


def rendered(form) -> Page:
    return Page(
        get_template("dkfds/uni_form.html").render({"form": form, "field_template": "dkfds/field.html"})
    )


@pytest.fixture
def empty():
    return rendered(SampleForm())


@pytest.fixture
def wrong():
    return rendered(SampleForm({}))


@pytest.mark.parametrize("name", SINGLE)
def test_a_control_has_one_label_that_points_at_it(empty, name):
    assert len(empty.all("label", for_=f"id_{name}")) == 1
    assert empty.by_id(f"id_{name}")["name"] == name


@pytest.mark.parametrize("name", GROUPS)
def test_a_group_is_a_fieldset_and_each_choice_has_a_label(empty, name):
    assert len(empty.all("legend")) == len(empty.all("fieldset")) == len(GROUPS)
    for index in (0, 1):
        assert empty.by_id(f"id_{name}_{index}")["name"] == name
        assert len(empty.all("label", for_=f"id_{name}_{index}")) == 1


@pytest.mark.parametrize("name", (*SINGLE, *GROUPS))
def test_a_control_has_the_design_systems_class(empty, name):
    control = empty.by_id(f"id_{name}_0" if name in GROUPS else f"id_{name}")
    assert CLASSES[name] in control["class"].split()


@pytest.mark.parametrize("name", SINGLE)
def test_a_control_is_described_by_its_hint_and_its_error(empty, wrong, name):
    assert empty.by_id(f"id_{name}")["aria-describedby"] == f"id_{name}_helptext"
    assert "aria-invalid" not in empty.by_id(f"id_{name}")
    control = wrong.by_id(f"id_{name}")
    assert control["aria-describedby"] == f"id_{name}_helptext id_{name}_error"
    assert control["aria-invalid"] == "true"
    assert wrong.texts[f"id_{name}_error"].startswith("Fejl: ")
    assert wrong.texts[f"id_{name}_helptext"] == SampleForm.base_fields[name].help_text


@pytest.mark.parametrize("name", GROUPS)
def test_a_group_is_described_by_its_hint_and_its_error(empty, wrong, name):
    assert empty.all("fieldset", **{"aria-describedby": f"id_{name}_helptext"})
    assert wrong.all("fieldset", **{"aria-describedby": f"id_{name}_helptext id_{name}_error"})
    assert wrong.by_id(f"id_{name}_0")["aria-invalid"] == "true"


def test_what_was_typed_stands_in_the_form_again():
    typed = {"text": '"><b>', "lines": "<i>\nto", "menu": "b", "pick": "b", "tick": ["a", "b"], "yes": "on"}
    page = rendered(SampleForm({**typed, "day": "ikke en dato"}))
    assert page.by_id("id_text")["value"] == '"><b>'
    assert page.texts["id_lines"] == "\n<i>\nto"  # a browser drops the first line break
    assert "selected" in page.all("option", value="b")[0]
    assert "checked" in page.by_id("id_pick_1") and "checked" not in page.by_id("id_pick_0")
    assert "checked" in page.by_id("id_tick_0") and "checked" in page.by_id("id_tick_1")
    assert "checked" in page.by_id("id_yes")
    assert page.by_id("id_day")["value"] == "ikke en dato"


def test_a_suffix_stands_beside_the_input_and_not_in_its_attributes(empty):
    amount = empty.by_id("id_amount")
    assert "suffix" not in amount
    assert amount["inputmode"] == "numeric"
    assert amount["class"] == "form-input input-width-xs"
    assert len(empty.all("div", class_="form-input-suffix")) == 1


def test_a_hidden_field_is_only_an_input(empty):
    assert empty.by_id("id_secret") == {"type": "hidden", "name": "secret", "value": "7", "id": "id_secret"}
    assert not empty.all("label", for_="id_secret")


def test_nothing_is_required_in_html_unless_the_form_says_so(empty):
    assert not [attrs for _, attrs in empty.elements if "required" in attrs]
    form = SampleForm()
    form.use_required_attribute = True
    assert "required" in rendered(form).by_id("id_text")


def summary(form) -> Page:
    return Page(render_to_string("_error_summary.html", {"form": form}))


def test_the_error_summary_links_to_each_field(wrong):
    links = [attrs["href"] for attrs in summary(SampleForm({})).all("a")]
    assert links == [
        "#id_text", "#id_amount", "#id_lines", "#id_menu", "#id_pick_0", "#id_tick_0", "#id_day", "#id_yes",
    ]  # fmt: skip
    for link in links:
        assert wrong.by_id(link[1:])


def test_the_error_summary_takes_the_focus_and_is_announced():
    (box,) = summary(SampleForm({})).all("div", role="alert")
    assert box["tabindex"] == "-1"
    assert box["data-module"] == "error-summary"  # static/indsatskort.js


def test_errors_without_a_visible_field_are_plain_lines():
    form = SampleForm({})
    form.add_error(None, "Anna har gemt indsatsen.")
    html = render_to_string("_error_summary.html", {"form": form})
    assert "<li>Anna har gemt indsatsen.</li>" in html
    assert "#id_secret" not in html
    assert len(re.findall("<li>", html)) == 10  # eight fields, the hidden one, and the form's own


@pytest.mark.parametrize("context", [{}, {"form": SampleForm()}])
def test_there_is_no_error_summary_without_errors(context):
    assert not render_to_string("_error_summary.html", context).strip()


def test_the_crispy_tag_renders_a_layout():
    helper = FormHelper()
    helper.layout = Layout(
        Fieldset("Indsatsen", "text", Field("amount", wrapper_class="wide"), css_class="part"),
        Div("lines", "menu", "pick", css_id="more"),
        HTML("<p>Tak.</p>"),
        "tick",
        "day",
        "yes",
    )
    helper.add_input(Submit("save", "Gem"))
    helper.add_input(Button("back", "Tilbage"))
    html = render_crispy_form(SampleForm(), helper, {"csrf_token": "x"})
    page = Page(html)
    assert page.all("form", method="post") and page.all("input", name="csrfmiddlewaretoken")
    assert page.all("fieldset", class_="part") and page.by_id("more")
    assert "<legend>Indsatsen</legend>" in html and "<p>Tak.</p>" in html
    assert page.all("div", class_="form-group wide")
    assert page.all("input", type="submit", value="Gem")[0]["class"] == "button button-primary"
    assert page.all("input", type="button", value="Tilbage")[0]["class"] == "button button-secondary"
