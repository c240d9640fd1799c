"""25 times the steps of tests/survey/test_round_machine.py."""

import pytest

from tests.survey.test_round_machine import EXAMPLES, run, told_clock  # noqa: F401 - a fixture

pytestmark = pytest.mark.soak


def test_a_round_goes_through_life_as_the_tables_say_for_a_long_time(cast, told_clock):  # noqa: F811
    run(cast, 25 * EXAMPLES)
