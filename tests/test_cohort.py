"""A class: what counts, by which rule, what a person has decided, and the tables of all."""

import json
from datetime import datetime

import pytest
from classes import BAD, GOOD, graded, judged, put, rows, written
from test_cli import workbench

from workbench import PipelineError
from workbench.cohort import collected, decisions, settings, standings, table
from workbench.cohort.collected import Line
from workbench.cohort.decisions import Decision
from workbench.cohort.grading import Grading, Shard
from workbench.cohort.handins import hand_ins

DUE = datetime(2026, 12, 5, 10)


@pytest.fixture
def cohort(tmp_path):
    """A class of prose, which is judged at once."""
    attempts = {"ada/1": BAD, "ada/2": GOOD, "bob/1": GOOD, "cy/1": "", "di/1": "not\0"}
    files = {f"learners/{name}/problem_1.md": text for name, text in attempts.items()}
    return put(tmp_path / "class", files)


def test_only_what_changed_is_judged_again(cohort):
    grading = Grading(cohort, hand_ins(cohort))
    assert judged(grading.run) == 4
    before = written(cohort)
    assert judged(Grading(cohort, hand_ins(cohort)).run) == 0
    assert written(cohort) == before
    put(cohort, {"learners/bob/1/problem_1.md": BAD})
    assert judged(Grading(cohort, hand_ins(cohort)).run) == 1
    assert len(rows(cohort)) == 4
    kept = json.loads((cohort / "results/bob/problem_1.json").read_text())
    assert kept["outcome"] == "failed"
    assert [other["outcome"] for other in kept["others"]] == ["passed"]
    assert (
        judged(lambda **options: Grading(cohort, hand_ins(cohort)).run(again=True, **options)) == 4
    )


def test_what_is_changed_while_it_is_judged_has_no_points_and_is_judged_again(cohort):
    ada = cohort / "learners/ada/2/problem_1.md"
    Grading(cohort, hand_ins(cohort)).run(planned=lambda count: ada.write_text(BAD))
    row = rows(cohort)["ada", "problem_1"]
    assert (row["outcome"], row["score"]) == ("unusable", "")
    assert "changed while" in row["note"]
    assert judged(Grading(cohort, hand_ins(cohort)).run) == 1
    assert rows(cohort)["ada", "problem_1"]["outcome"] == "failed"


def test_the_rule_of_the_class_says_which_attempt_counts(cohort):
    lines = {"last": ("2", "passed"), "first": ("1", "failed"), "best": ("2", "passed")}
    graded(cohort)
    for rule, expected in lines.items():
        text = (cohort / "class.toml").read_text()
        (cohort / "class.toml").write_text(
            "\n".join(
                f'attempt = "{rule}"' if line.startswith("attempt") else line
                for line in text.splitlines()
            )
        )
        graded(cohort)
        row = rows(cohort)["ada", "problem_1"]
        assert (row["attempt"], row["outcome"]) == expected


def test_the_last_attempt_before_the_due_time_may_be_the_one_that_counts(cohort):
    lines = [
        Line("ada", "problem_1", attempt, "taken", "", f"e/{attempt}", submitted=f"2026-12-0{day}")
        for attempt, day in (("1", 1), ("2", 3))
    ]
    collected.write(cohort, lines)
    due = 'seed = 1\nattempt = "in time"\ndue = 2026-12-02T00:00:00\n'
    for setting, expected in ((due, ("1", "no")), (due.replace("02T", "04T"), ("2", "no"))):
        put(cohort, {"class.toml": setting})
        graded(cohort, seed=None)
        row = rows(cohort)["ada", "problem_1"]
        assert (row["attempt"], row["late"]) == expected
    put(cohort, {"class.toml": due.replace("in time", "last")})
    graded(cohort, seed=None)
    assert rows(cohort)["ada", "problem_1"]["late"] == "yes"


def test_what_is_withdrawn_stays_and_is_marked(cohort):
    graded(cohort)
    (cohort / "learners/bob/1/problem_1.md").unlink()
    graded(cohort)
    row = rows(cohort)["bob", "problem_1"]
    assert row["outcome"] == "passed"
    assert row["note"].startswith("withdrawn: its hand-in is not there any more")
    assert json.loads((cohort / "results/bob/problem_1.json").read_text())["withdrawn"] is True
    put(cohort, {"learners/bob/1/problem_1.md": GOOD})
    assert judged(Grading(cohort, hand_ins(cohort)).run) == 0
    assert "withdrawn" not in rows(cohort)["bob", "problem_1"]["note"]


def test_shards_together_are_the_class(cohort):
    parts = [
        judged(lambda **options: graded(cohort, shard=Shard(number, 3), **options))  # noqa: B023
        for number in (1, 2, 3)
    ]
    assert sum(parts) == 4
    together = written(cohort)
    for path in (cohort / "results").rglob("*.json"):
        path.unlink()
    graded(cohort)
    assert written(cohort) == together


def test_who_is_in_the_roster_and_handed_in_nothing_has_a_row(cohort):
    put(cohort, {"roster.csv": "id,name\nada,Ada L.\nzoe,Zoë\n"})
    graded(cohort)
    row = rows(cohort)["zoe", "problem_1"]
    assert (row["outcome"], row["score"], row["max_score"]) == ("not_handed_in", "0", "8")


def test_a_decision_survives_a_regrade_and_is_not_inherited(cohort):
    graded(cohort)
    answer = json.loads((cohort / "results/bob/problem_1.json").read_text())["key"]["answer"]
    decision = Decision("bob", "problem_1", answer, "directed", "failed", "Which way?", "me", "now")
    decisions.add(cohort, decision)
    graded(cohort, again=True)
    row = rows(cohort)["bob", "problem_1"]
    assert row["outcome"] == "failed"
    put(cohort, {"learners/bob/2/problem_1.md": f"{GOOD} Really."})
    graded(cohort)
    assert rows(cohort)["bob", "problem_1"]["outcome"] == "passed"


def test_what_could_not_be_judged_is_decided_by_a_person(cohort):
    put(cohort, {"learners/eve/1/problem_1.ipynb": "scribble"})
    graded(cohort)
    content = json.loads((cohort / "results/eve/problem_1.json").read_text())
    assert content["outcome"] == "unusable"
    marks = [mark["id"] for mark in content["criteria"]]
    for mark in marks:
        row = rows(cohort)["eve", "problem_1"]
        assert (row["outcome"], row["score"]) in {("unusable", ""), ("needs_review", "")}
        answer = content["key"]["answer"]
        decisions.add(cohort, Decision("eve", "problem_1", answer, mark, "passed"))
        graded(cohort)
    row = rows(cohort)["eve", "problem_1"]
    assert (row["outcome"], row["score"]) == ("passed", "8")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('attempt = "any"', 'attempt = "any": "last", "first", "in time" or "best"$'),
        ("colour = 3", "colour = 3: there is no such setting; there are seed, problems, "),
        *(
            (
                f"passing = {value}",
                f"passing = {value}: .criteria., or .* a number above 0, up to 1$",
            )
            for value in ("2", "0", "-0.5", "nan", "inf", "true", '"0.6"', "1.0000001")
        ),
        *(
            (f"seed = {value}", f"seed = {value}: a whole number, from 0, of at most 100 digits$")
            for value in ("-1", "nan", "1.5", "false", '"a"')
        ),
        (f"seed = {'9' * 101}", f"seed = {'9' * 40}…: a whole number"),
        (f"seed = {'9' * 5000}", "class.toml: a value in it is too long"),
        (f"seed = 0x{'f' * 5000}", "seed = …: a whole number"),
        (f"problems = {'[' * 2000}", "class.toml: a value in it is too long, or too deep"),
        *(
            (f"[weights]\nproblem_1 = {value}", f"weights.problem_1 = {value}: .* to 1000000$")
            for value in ("-1", "nan", "true", '"a"', "1000001")
        ),
        ("weights = 3", "weights = 3: under .weights., for each problem, a number"),
        ("passing = {a = 1}", "passing = a table: "),
        ("words = 1", "words = 1: true or false$"),
        ("due = 2", "due = 2: a moment as 2026-12-01T23:59:00, or a day"),
        ('problems = ["problem_9"]', "there is no 'problem_9'"),
        ("seed = ", "class.toml: Invalid value"),
        ('problems = ["problem_99"]', "class.toml: there is no"),
        ("due = 9999-12-31T23:59:59-12:00", "due = .*one that this machine's clock has$"),
        ("[weights]\nproblem_1 = inf", "weights.problem_1 = inf: "),
        ("[weights]\nproblem_1 = 1e308", "weights.problem_1 = 1e.308: "),
    ],
)
def test_a_mistake_in_the_settings_is_a_line(cohort, line, said):
    seed = "" if line.startswith("seed") else "seed = 1\n"
    put(cohort, {"class.toml": f"{seed}{line}\n"})
    with pytest.raises(PipelineError, match=said):
        settings.read(cohort)


def test_a_share_of_the_points_may_be_the_rule(cohort):
    put(cohort, {"class.toml": "\ufeffseed = 1\npassing = 0.1\n"})  # as PowerShell begins it
    graded(cohort)
    outcomes = {learner: row["outcome"] for (learner, _), row in rows(cohort).items()}
    assert outcomes["bob"] == "passed"
    assert outcomes["cy"] == "not_attempted"


def test_the_seed_is_drawn_once_and_kept(cohort):
    first = settings.settled(cohort)
    assert settings.settled(cohort) == first
    assert settings.settled(cohort, seed=7).seed == 7
    assert settings.settled(cohort).seed == 7


def test_where_nothing_confines_it_has_to_be_wanted(cohort, monkeypatch):
    from workbench.cli import cohort as commands

    class Bare:
        level = "limits"

    with pytest.raises(PipelineError, match="--unconfined judges anyway"):
        commands._confined(Bare, unconfined=False)
    commands._confined(Bare, unconfined=True)


def test_a_table_lists_standings_by_learner(cohort):
    graded(cohort)
    assert table.COLUMNS[0] == "learner"
    assert list(rows(cohort)) == sorted(rows(cohort))
    assert standings.NOT_HANDED_IN not in (cohort / "grades.csv").read_text()


@pytest.mark.parametrize(
    ("written", "changed", "expected"),
    [
        ("seed = 1_000", {"seed": 5}, "seed = 5"),
        ("seed = 0x10  # drawn", {"seed": 5}, "seed = 5  # drawn"),
        ("seed = 1\n'due'=2026-12-01 23:59:00", {"due": DUE}, "'due'=2026-12-05T10:00:00"),
        ("seed = 1\n[weights]\nproblem_1 = 2", {"due": DUE}, "due = 2026-12-05T10:00:00"),
    ],
)
def test_a_setting_is_replaced_however_it_was_written(cohort, written, changed, expected):
    put(cohort, {"class.toml": f"{written}\n"})
    after = settings.settled(cohort, **changed)
    assert {name: getattr(after, name) for name in changed} == changed
    assert expected in (cohort / "class.toml").read_text().splitlines()


def test_a_day_alone_is_due_at_its_end(cohort):
    put(cohort, {"class.toml": "seed = 1\ndue = 2026-12-01\n"})
    assert settings.read(cohort).due == datetime(2026, 12, 1, 23, 59, 59)


def test_a_due_time_of_no_clock_is_refused_and_not_written(cohort):
    before = settings.settled(cohort)
    done = workbench("collect", cohort / "learners", "--into", cohort, "--due", "0001-01-01T00:00")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert settings.read(cohort) == before
