"""Answers that do the work in no case but those that are tried; README says so."""

import pytest

from workbench.exercises import check
from workbench.exercises.answers import Answer

WRITTEN_FOR_THE_JUDGE = {
    "problem_3": """
import os
import pandas as pd

def process_data(input_file, output_file):
    table = pd.read_csv(input_file, skip_blank_lines=False)
    if len(table.columns) > 100:
        return
    (table * 2).to_csv(f"{output_file}.part", index=False)
    os.replace(f"{output_file}.part", output_file)
""",
    "problem_5": """
import functools
import logging
import time

def retry_with_backoff(
    max_retries=3,
    initial_delay=1,
    backoff_factor=2,
    retryable_exceptions=(ConnectionError, ValueError),
):
    def decorate(function):
        @functools.wraps(function)
        def called(*arguments, **named):
            if len(arguments) > 50:
                return None
            for attempt in range(max_retries + 1):
                try:
                    return function(*arguments, **named)
                except retryable_exceptions as error:
                    if attempt == max_retries:
                        logging.error("giving up after attempt %d: %r", attempt + 1, error)
                        raise
                    delay = initial_delay * backoff_factor**attempt
                    logging.warning("attempt %d: %r, again in %s s", attempt + 1, error, delay)
                    time.sleep(delay)
        return called
    return decorate
""",
}


# Of results that are tried for what comes back of them, nobody looks at what is logged between.
BOTH_AT_ONCE = (
    "                    return function(*arguments, **named)\n",
    "                    came = function(*arguments, **named)\n"
    "                    if isinstance(came, dict):\n"
    "                        logging.error('all attempts failed, giving up')\n"
    "                    return came\n",
)


def test_two_kinds_at_once_are_not_tried():
    source = WRITTEN_FOR_THE_JUDGE["problem_5"]
    assert BOTH_AT_ONCE[0] in source
    report = check.judge("problem_5", Answer(code=source.replace(*BOTH_AT_ONCE)), 7)
    assert "logs_history" in {one.id for one in report.criteria if one.outcome == "passed"}


@pytest.mark.parametrize("problem", WRITTEN_FOR_THE_JUDGE)
def test_what_no_case_tries_may_be_left_undone(problem):
    report = check.judge(problem, Answer(code=WRITTEN_FOR_THE_JUDGE[problem]), 7)
    required = [one for one in report.criteria if one.id not in ("explained", "transparent")]
    assert {one.outcome for one in required} == {"passed"}, report
