"""Problem 2, the DAG `example` mended: what Airflow made of it, and of a run, is compared."""

import re

from workbench.exercises.answers import Answer
from workbench.exercises.explanation import explained
from workbench.exercises.problem_2.written import FIRST, SECOND, WrittenDag
from workbench.exercises.registry import Exercise
from workbench.exercises.verdict import (
    FAILED,
    Verdict,
    Verdicts,
    from_elsewhere,
    in_line,
    raised,
)
from workbench.sandbox.job import ODD, Job, Observations

DAG = "example"
SAYS = {FIRST: "Task A", SECOND: "Task B"}
OTHERS = {FIRST: SAYS[SECOND], SECOND: SAYS[FIRST]}
ONE_FOR_BOTH = (
    "Each of the two prints the words of the other, too; expected its own.",
    "Which lines belong to which task, and does each have a function of its own?",
)
NO_DAG = "Airflow found no DAG in the file."
ENDED = "The process that loads the file was ended, or what it made is too large to be handed over."
CALLED = "A function under @task becomes a task when it is called: is it?"
LOADING = {  # what is told of the loading → the thought that goes with it
    "^The file puts": "An answer uses Airflow, and leaves it as it is.",
    f"^{ENDED}": "Which line of the file leaves Python, or makes that much?",
    "no DAG|NoneType": "Is a DAG made, and if a function is to make it, does it give one and is it "
    "called?",
    "DuplicateTaskId": "How does Airflow tell two tasks of a DAG apart?",
    "unexpected keyword": "Is it spelt as in Airflow 3, and does the DAG take it, or do its tasks, "
    "as what stands in default_args?",
    "Invalid arguments": "Which of its arguments does Airflow 3 not know, or spell otherwise?",
    "_NOT_FOUND": "A new Airflow has no variables and connections: what holds where there is none, "
    "or could a task ask for it while it runs?",
    "_TaskDecorator": CALLED,
    "utcoffset": "Which kind of value is a date, if it is no text?",
    "ModuleNotFound|ImportError": "Where does Airflow 3 keep it, and what is it called today?",
    "Cycle": "Follow the arrows: which of them leads back?",
    "must be positive": "How long after a run is the next one due, and can that be no time at all?",
    "cron|schedule|Timetable": "Which presets begin with @, and which five fields has a cron "
    "expression?",
    r"\b(Syntax|Indentation|Tab)Error": "What does the line before it leave open?",
    "no such table": "Here the file is only read: does it run its DAG as well? dag.test() goes "
    'into another cell, or below `if __name__ == "__main__":`.',
    "must be callable": "Is it the function itself, neither its name as text nor what calling it "
    "has given?",
    "Frozen": "What is said when a DAG is made, and cannot be changed afterwards?",
    " in line ": "What does the line that it names do, before any task has run?",
    "": "Which argument of the DAG, or of an operator, has a value of another kind than it takes?",
}
RENAMED = (
    "How is the name in DAG(…) written, letter by letter, and how many DAGs does the file make?"
)
GROUPED = "What does a task group do to the ids of its tasks, unless it is told otherwise?"
NO_COMMAND = "A shell says 127 when it does not find a command: how is this one spelt?"
OVERTAKEN = (
    "The start date is later each time the file is read: it stays ahead of the first run, which is "
    "never due.",
    "Which start date is the same whenever Airflow reads the file, as it does all the time?",
)
WAITING = "What does it wait for, and is that there when somebody judges the answer?"
WORKING = "What in it takes so long: a loop, a wait, an import, or a Python of its own?"
OWN_PYTHON = (
    "asks for a Python of its own, which does not run where answers are judged: that says nothing "
    "of what the task does.",
    "Does it need one? In Airflow's own Python, under @task or in a PythonOperator, it would run.",
)
HANDED_OVER = (
    "hands over to a trigger, which nobody minds where answers are judged: that says nothing of "
    "what the task does.",
    "Does it have to? What it waits for could be waited for in its own execute, or by a sensor.",
)
# Lines that Airflow or Python writes, which repeat a command's words, what a function has returned,
# a file, or what could not be logged.
ECHOES = re.compile(
    "(?:Running command:|Returned value was:|Condition result is|Poking|Found File) "
    "|^Message: ['\"]|^Arguments: \\("
)
COMMAND, CAME_TO = "Command ", re.compile(" (?:returned non-zero|died with)")
NO_PYTHON = re.compile(  # each line is gone through once, from its begin
    "(?m)^(?>.*?CalledProcessError).*?venv-call|No such file or directory: '(?:python|uv)'"
)
FINE = {"success": 1, "skipped": 2}  # any other end of an instance is told before these


def judge(exercise: Exercise, answer: Answer, seed: int, job: Job | None) -> dict[str, Verdict]:
    """Decide what the DAG is and how it ran, and the prose; nothing depends on the seed."""
    verdicts = Verdicts(exercise.thoughts)
    if job:
        observed = job.step("loads", {"dag": DAG, "last": FIRST, "words": [*SAYS.values()]})
        dags = _written(observed, answer.code)
        if dags:
            _decide(verdicts, dags, observed)
        elif not observed.stopped:
            wrong = _unable(observed)
            elsewhere = from_elsewhere(wrong)
            verdicts.decide("loads", wrong, elsewhere or _thought(wrong))
    return verdicts | explained(exercise, answer)


def _written(observed: Observations, source: str) -> list[WrittenDag]:
    """The DAGs in Airflow's own words; none where these are not whole."""
    try:
        told, due = observed.first("dags") or (), observed.first("due")
        by_task = observed.first("chosen"), observed.first("never")
        return [WrittenDag.read(*dag, *by_task, source) for dag in zip(told, due, strict=True)]
    except ODD:  # Airflow writes nothing like that
        return []


def _thought(wrong: str) -> str:
    return next(thought for word, thought in LOADING.items() if re.search(word, wrong))


def _unable(observed: Observations) -> str:
    """Why Airflow found nothing in the file, in one line of its words."""
    if replaced := observed.first("replaced"):
        return f"The file puts something else in the place of {replaced}, by which it is judged."
    text = str(observed.first("error") or (observed.error or {}).get("text") or "")
    # The error's first line, the first that is not indented: there may be more of it.
    lines = [line for line in text.splitlines() if line.strip()]
    begin = next((number for number, line in enumerate(lines) if line[0].strip()), len(lines))
    if not lines[begin:]:
        return ENDED if observed.first("ended") is True else NO_DAG
    line, *below = map(str.strip, lines[begin:])
    if line.endswith(":"):  # what they are stands below it
        line = " ".join([line, *below[:1]])
    # Where a library lies, and how Airflow calls the file.
    line = re.sub(r" \(/\S+\)$|^unusual_prefix_\w+\.", "", line.strip(" ."))
    return f"Airflow could not load the file: {line}{in_line(observed.first('line'))}."


def _decide(verdicts: Verdicts, dags: list[WrittenDag], observed: Observations) -> None:
    dag = next((dag for dag in dags if dag.id == DAG), dags[0])
    verdicts.decide("loads", _other_dags(sorted(observed.texts("names"))), RENAMED)
    missing = [name for name in SAYS if name not in dag.tasks]
    lacking = dag.lacks(missing)
    uncalled = CALLED if not dag.tasks and "@task" in dag.source else ""
    verdicts.decide("tasks_in_dag", lacking, GROUPED if "task group" in lacking else uncalled)
    overtaken = OVERTAKEN if observed.first("overtaken") is True else ("", "")
    verdicts.decide("schedule", dag.unscheduled() or overtaken[0], overtaken[1])
    backfill = "catchup is on: every run since the start date would be made up for."
    verdicts.decide("no_backfill", backfill if dag.catchup else "")
    if missing:
        return
    verdicts.decide("dependency", dag.no_edge())
    verdicts.decide("retries", dag.no_retries())
    if not observed.stopped:
        verdicts.decide("runs", *_stumbles(dag, observed))
    elif observed.stopped == "time" and (held := _held_up(dag, observed)):
        verdicts["runs"] = Verdict(FAILED, held, stops=True)


def _other_dags(names: list[str]) -> str:
    if names == [DAG]:
        return ""
    if names and set(names) == {DAG}:
        keeps = "Airflow keeps only one of them; what follows is about the last."
        return f"The file makes {len(names)} DAGs with the id {DAG}; expected one. {keeps}"
    several = "the DAGs " if len(names) > 1 else "a DAG "
    return f"Airflow found {several}{', '.join(names)}; expected one, {DAG}."


def _held_up(dag: WrittenDag, observed: Observations) -> str:
    """Which task was under way when the time was over, and what to think about; nothing where none
    was."""
    told = [value for value in observed.values if "task" in value or "trying" in value]
    name = told[-1].get("trying") if told else None
    if name not in dag.tasks:
        return ""
    thought = WAITING if dag.tasks[name].get("_is_sensor") else WORKING
    return f"{name} was still running when the time for the answer was over. {thought}"


def _attempts(observed: Observations) -> dict[str, dict]:
    """What came of each task, in the order of their beginnings; of a mapped one, of an instance
    that failed, if there is one, with what all of them have printed."""
    came: dict[str, list[dict]] = {}
    for value in observed.values:
        if "task" in value:
            came.setdefault(value["task"], []).append(value)
    return {
        name: min(instances, key=lambda one: FINE.get(one["state"], 0))
        | {"output": "\n".join(str(one["output"]) for one in instances)}
        for name, instances in came.items()
    }


def _overlap(observed: Observations) -> bool:
    """Whether the second task began before the first, or an instance of it, had been tried."""
    tried = [value["task"] for value in observed.values if "task" in value]
    return SECOND in tried[: len(tried) - tried[::-1].index(FIRST)]


def _own(line: str) -> str:
    """What of a line nobody has repeated, as far as it is known."""
    line = ECHOES.split(line, maxsplit=1)[0]
    before, _, command = line.partition(COMMAND)
    return before if CAME_TO.search(command) else line


def _says(attempt: dict, words: str) -> bool:
    return any(words in _own(line) for line in str(attempt["output"]).splitlines())


def _stumbles(dag: WrittenDag, observed: Observations) -> tuple[str, str]:
    """What went wrong in the run, and a thought of its own where there is one; ("", "") when it
    went well."""
    if observed.error:
        return f"Airflow could not run the DAG: {raised(observed.error)}.", ""
    attempts = _attempts(observed)
    for name, attempt in attempts.items():
        if attempt["state"] == "deferred":
            return f"{name} {HANDED_OVER[0]}", HANDED_OVER[1]
    kept, thought = dag.kept_back()
    for name, words in SAYS.items():
        attempt = attempts.get(name)
        if attempt is None:
            return dag.never_ran(name)
        if kept:
            return kept, thought
        if attempt["state"] != "success":
            why = f" with {attempt['error']}" if attempt.get("error") else ""
            if NO_PYTHON.search(why):
                return f"{name} {OWN_PYTHON[0]}", OWN_PYTHON[1]
            thought = from_elsewhere(why) or (NO_COMMAND if "exit code 127" in why else "")
            ended = f"ended as {attempt['state']}" if attempt["state"] else "did not tell its end"
            return f"{name} {ended}{why}; expected success.", thought
        if not _says(attempt, words):
            letter = "Which words does it print, and are they spelt the same, capitals too?"
            return f"{name} succeeded without {words!r} in its output.", letter
    if all(_says(attempts[name], words) for name, words in OTHERS.items()):
        return ONE_FOR_BOTH
    if _overlap(observed) and not dag.apart():
        return dag.unordered()
    ended = observed.first("run")
    others = [name for name in attempts if attempts[name]["state"] not in FINE]
    culprit = f", with {', '.join(others)}" if others else ""
    return "" if ended == "success" else f"The run ended as {ended}{culprit}; expected success.", ""
