import pytest
from django.core.management import CommandError, call_command

from municipalities.models import User
from survey.models import Submission, SubmissionVersion, SurveyRound
from tests.builders import build_municipalities, build_round


def test_loading_twice_changes_nothing(db, capsys):
    call_command("load_demo")
    before = list(SubmissionVersion.objects.order_by("pk").values_list("checksum", flat=True))
    call_command("load_demo")
    assert list(SubmissionVersion.objects.order_by("pk").values_list("checksum", flat=True)) == before
    assert "carl@odense.example" in capsys.readouterr().out
    stages = Submission.objects.filter(round__accounts_year=2025).values_list("state", flat=True)
    assert set(stages) == {"draft", "submitted", "returned", "approved"}
    assert set(SurveyRound.objects.values_list("state", "is_demo")) == {("closed", True), ("open", True)}
    late = [
        version
        for version in SubmissionVersion.objects.select_related("submission__round")
        if version.submitted_at >= version.submission.round.deadline
    ]
    assert 10 < len(late) < 40


@pytest.mark.parametrize("make", [lambda: build_municipalities() and build_round(), None, "production"])
def test_it_refuses_where_anything_is_real(db, settings, make):
    if make == "production":
        settings.PRODUCTION = True
    elif make:
        make()
    else:
        User.objects.create_user("real@kommune.test", "Real")
    with pytest.raises(CommandError):
        call_command("load_demo")
    assert not User.objects.filter(is_demo=True).exists()
