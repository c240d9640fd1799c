"""All templates: they compile, something uses them, and the content security policy lets them work."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

TEMPLATES = settings.BASE_DIR / "templates"
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.*"))
# Named by Django, django-crispy-forms and django-allauth, not by us.
BY_FRAMEWORKS = re.compile(
    r"(400|403|403_csrf|404|429|500)\.html|admin/base_site\.html|dkfds/(field|uni_form|whole_uni_form|errors|layout/\w+)\.html"
    r"|account/[a-z]\w*\.html|account/(email|messages)/\w+\.txt|allauth/(layouts|elements)/\w+\.html"
)
OURS = ("municipalities", "survey", "reporting", "config", "templates")


def sources() -> list[tuple[str, str]]:
    paths = [path for folder in OURS for path in (settings.BASE_DIR / folder).rglob("*.*")]
    return [
        (str(path), path.read_text()) for path in paths if path.suffix in (".py", ".html", ".txt", ".typ")
    ]


def called(name: str) -> str:
    """How the code names it: a mail by its name alone (mail.queue(template="receipt"))."""
    return Path(name).stem if name.startswith("mail/") else name


def text(name: str) -> str:
    return (TEMPLATES / name).read_text()


@pytest.mark.parametrize("name", NAMES)
def test_a_template_compiles(name):
    if Path(name).suffix in (".html", ".txt"):
        get_template(name)


def test_every_template_is_used():
    texts = sources()
    unused = [
        name
        for name in NAMES
        if not BY_FRAMEWORKS.fullmatch(name)
        and not any(
            f'"{called(name)}"' in source for path, source in texts if not path.endswith(f"templates/{name}")
        )
    ]
    assert not unused


def test_the_frameworks_know_the_templates_that_are_left_to_them():
    """A misspelt account/logni.html would be taken for one of allauth's and never be shown."""
    import allauth

    theirs = Path(allauth.__file__).parent / "templates"
    names = {str(path.relative_to(theirs)) for path in theirs.rglob("*.*")}
    names.add("account/password_reset_help_text.html")  # looked for, but not delivered
    ours = {name for name in NAMES if name.startswith(("account/", "allauth/")) and "/_" not in name}
    assert ours <= names


@pytest.mark.parametrize("name", NAMES)
def test_the_content_security_policy_lets_a_template_work(name):
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:", text(name))


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".html")])
def test_a_form_that_posts_has_its_token(name):
    forms = re.findall(r'<form[^>]*method="post".*?</form>', text(name), re.DOTALL)
    assert all("{% csrf_token %}" in form for form in forms)


def test_the_page_for_our_own_errors_needs_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = get_template("500.html").render()
    assert "Der er sket en fejl" in page
    assert "{% extends" not in text("500.html")


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html"])
def test_an_error_page_can_be_made_without_a_request(name):
    assert "<h1>" in get_template(name).render()
