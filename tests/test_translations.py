"""The English catalogue: whole, compiled as it stands, up to date with the source, and on the pages."""

import os
import re
import shutil
import subprocess
import sys
from ast import literal_eval
from gettext import GNUTranslations
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.builders import answers, build_initiative, hand_in, posted

CATALOGUE = Path(settings.LOCALE_PATHS[0]) / "en" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z]|\{\w*\}")
DANISH = re.compile(
    r"[æøåÆØÅ]|(?<!@)\b(?:og|ikke|eller|skal|fra|til|som|hvis|indsats(?:en|er|erne)?|besvarelse\w*|kommune\w*)\b"
)


def read_po(path: Path) -> list[dict[str, str]]:
    """[{"msgid": ..., "msgid_plural": ..., "msgstr": ... or "msgstr[0]": ...}], the header first."""
    found = []
    for block in path.read_text().strip().split("\n\n"):
        entry: dict[str, str] = {}
        name = ""
        for line in block.splitlines():
            if not line.startswith("#"):
                keyword, quote, rest = line.partition('"')
                name = keyword.strip() or name
                entry[name] = entry.get(name, "") + literal_eval(quote + rest)
        if entry:
            found.append(entry)
    return found


def texts(entry: dict[str, str]) -> list[str]:
    return [text for name, text in entry.items() if name.startswith("msgstr")]


@pytest.fixture(scope="module")
def entries():
    return read_po(CATALOGUE)[1:]


def test_everything_is_translated(entries):
    assert len({entry["msgid"] for entry in entries}) == len(entries) > 400
    assert [entry["msgid"] for entry in entries if not all(texts(entry))] == []
    assert [entry["msgid"] for entry in entries if "msgid_plural" in entry and len(texts(entry)) != 2] == []


def test_nothing_is_fuzzy_or_obsolete():
    assert re.findall(r"^#,.*\bfuzzy.*|^#~.*", CATALOGUE.read_text(), re.MULTILINE) == []


def test_placeholders_are_those_of_the_danish_text(entries):
    def placeholders(text):
        return sorted(PLACEHOLDER.findall(text.replace("%%", "")))

    wrong = [  # of a number, a text may leave out what either Danish form leaves out
        (entry["msgid"], text)
        for entry in entries
        for text in texts(entry)
        if placeholders(text)
        not in [placeholders(entry[key]) for key in ("msgid", "msgid_plural") if key in entry]
    ]
    assert wrong == []


def test_a_percent_sign_beside_placeholders_is_doubled(entries):
    """`text % values` fails on a single one, and only when the page is shown."""
    formatted = [text for entry in entries if "%(" in entry["msgid"] for text in texts(entry)]
    assert [text for text in formatted if "%" in PLACEHOLDER.sub("", text.replace("%%", ""))] == []


def test_the_compiled_catalogue_is_the_readable_one(entries):
    expected: dict = {}
    for entry in entries:
        if "msgid_plural" in entry:
            expected |= {(entry["msgid"], number): text for number, text in enumerate(texts(entry))}
        else:
            expected[entry["msgid"]] = entry["msgstr"]
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = dict(vars(GNUTranslations(file))["_catalog"])
    del compiled[""]
    assert compiled == expected, "run: manage.py compilemessages -l en -i .venv"


@pytest.mark.skipif(not shutil.which("xgettext"), reason="needs GNU gettext (xgettext) to read the source")
def test_the_catalogue_has_the_strings_of_the_source(entries, tmp_path):
    copy = tmp_path / "source"
    left_out = shutil.ignore_patterns(
        ".*", "__pycache__", "node_modules", "var", "tests", "bench", "docs", "locale"
    )
    shutil.copytree(settings.BASE_DIR, copy, ignore=left_out)
    (copy / "locale").mkdir()
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "VAR_DIR": str(tmp_path / "var")}
    subprocess.run(
        [sys.executable, "manage.py", "makemessages", "--locale", "en", "--no-location", "--verbosity", "0"],
        cwd=copy,
        env=environment,
        check=True,
        timeout=60,
    )
    source = {entry["msgid"] for entry in read_po(copy / CATALOGUE.relative_to(settings.BASE_DIR))[1:]}
    catalogue = {entry["msgid"] for entry in entries}
    assert source - catalogue == set(), "not in locale/en: run makemessages as its first lines say, translate"
    assert catalogue - source == set(), "no longer in the source: run makemessages with --no-obsolete"


def in_english(client: Client) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def assert_english(response, status=200):
    """No Danish letter on the page, no Danish word in its text; the names and answers here have neither."""
    assert response.status_code == status and response.headers["Content-Language"] == "en"
    signed = r'<dd lang="da">.*?</dd>'  # stays as it was signed
    page = re.sub(signed, "", response.content.decode(), flags=re.S)
    text = re.sub(r"<[^>]*>", " ", page)
    assert re.findall(r".*[æøåÆØÅ].*", page) + [match[0] for match in DANISH.finditer(text)] == []


ENGLISH_ANSWERS = {"title": "Mentors", "content": "Mentors meet women.", "purpose": "More women in work."}
HOME = "/kommune/461/2025/"


@pytest.fixture
def carl(client_of, cast):
    return in_english(client_of(cast.carl))


def test_pages_without_login_in_english(db, client):
    in_english(client)
    assert_english(client.get(reverse("account_login")))
    assert_english(client.post(reverse("account_login"), {"login": "", "password": ""}))
    for name in ("account_reset_password", "contact", "privacy", "accessibility"):
        assert_english(client.get(reverse(name)))
    assert_english(client.get("/no/such/page"), status=404)


def test_the_municipalitys_pages_in_english(carl, cast, odense):
    assert_english(carl.get(HOME))
    initiative = build_initiative(odense, cast.anna, **ENGLISH_ANSWERS)
    lacking = {"title": "", "gross_income": None, "purpose": ""}
    unfinished = build_initiative(odense, cast.anna, **ENGLISH_ANSWERS | lacking)
    assert_english(carl.get(HOME))
    assert_english(carl.get(HOME + "indsend/"))
    assert_english(carl.get(HOME + "indsats/ny/"))
    assert_english(carl.get(initiative.get_absolute_url()))
    unfinished.delete()
    assert_english(carl.get(HOME + "indsend/"))
    version = hand_in(odense, cast.carl)
    for address in (HOME, initiative.get_absolute_url(), version.get_absolute_url()):
        assert_english(carl.get(address))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("gross_expenditure", "1,250"),
        ("gross_expenditure", "-5"),
        ("gross_expenditure", "1250000000"),
        ("gross_income", "5 kr."),
        ("gross_income", "many"),
        ("target_share", "101"),
        ("title", "x" * 201),
        ("content", "x" * 10_001),
        ("service_area", "roads"),
        ("funding_sources", ["lottery"]),
        ("secondary_target_group", "d"),
    ],
)
def test_the_forms_errors_in_english(carl, cast, odense, field, value):
    initiative = build_initiative(odense, cast.anna, **ENGLISH_ANSWERS)
    sent = posted(**ENGLISH_ANSWERS | {field: value})
    assert_english(carl.post(initiative.get_absolute_url(), sent), status=422)


def test_the_ministrys_pages_in_english(client_of, cast, odense, aarhus):
    mette, admin = in_english(client_of(cast.mette)), in_english(client_of(cast.admin))
    pages = [reverse(f"reporting:{name}", args=[2025]) for name in ("overview", "estimate")]
    for page in pages:
        assert_english(mette.get(page))  # before anyone has answered
    for submission, user in ((odense, cast.carl), (aarhus, cast.bo)):
        build_initiative(submission, user, **answers(**ENGLISH_ANSWERS))
        hand_in(submission, user)
        for page in pages:
            assert_english(mette.get(page))
    assert_english(mette.get(pages[1], {"region": "1083"}))
    assert_english(mette.get(pages[1], {"price_level": "x", "as_at": "x"}), status=422)
    assert_english(mette.get(pages[1], {"price_level": "2026"}))
    assert_english(admin.get(pages[0]))
    assert_english(mette.get(reverse("reporting:submission", args=[2025, "461"])))
    assert_english(mette.get(reverse("reporting:submission", args=[2025, "665"])))
