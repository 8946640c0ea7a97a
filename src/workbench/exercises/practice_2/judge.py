"""Decides by what `load_settings` gave for settings drawn from the seed."""

import json
import random
from typing import Any

from workbench.exercises.answers import Answer
from workbench.exercises.practice_2.calls import OPTION, USUAL_PATH, VARIABLE, Call, planned
from workbench.exercises.registry import Exercise
from workbench.exercises.verdict import Verdict, Verdicts, raised
from workbench.sandbox.job import Job

SAID = {  # where a variable or an option has said something
    "environment": "By which name does a variable speak, and what becomes of its text?",
    "command_line": "Who reads `arguments`, and what becomes of an option that is typed?",
}
READ = {  # criterion → what it only reads, and leaves
    "file": "folder",
    "environment": "environ",
    "command_line": "arguments",
}


def judge(exercise: Exercise, answer: Answer, seed: int, job: Job | None) -> dict[str, Verdict]:
    """Each criterion by its calls, until one goes wrong; all are made in one process, so that what
    the answer imports is imported once."""
    verdicts, plan = Verdicts(exercise.thoughts), planned(random.Random(seed))
    astray = False  # whether one of those fails on which others lean
    given = {criterion: [call.given for call in calls] for criterion, calls in plan.items()}
    observed = job.step("defaults", {"calls": given})
    told = [value["came"] for value in observed.values if "came" in value]
    for criterion, calls in plan.items():
        came, told = told[: len(calls)], told[len(calls) :]
        pairs = zip(calls, came, strict=False)
        pairs = [(call, one) for call, one in pairs if not (call.leans and astray)]
        wrong = ((_wrong(call, one, answer, criterion), call) for call, one in pairs)
        first, call = next((pair for pair in wrong if pair[0]), ("", calls[0]))
        if len(came) < len(calls) and not first:
            if not observed.stopped:
                verdicts.fail((criterion,))
            return verdicts
        astray = astray or bool(first and criterion in SAID)
        verdicts.decide(criterion, first, _thought(criterion, call))
    return verdicts


def _thought(criterion: str, call: Call) -> str:
    """What to think about where nothing is empty or left out; "" for the criterion's own."""
    if call.around or call.typed:
        return "Whose are those, and what was your function handed?"
    if call.before and criterion == "file":
        return "When is the file read, and how often?"
    empty = "" in call.said.get(VARIABLE, {}).values()
    untyped = set(call.settings or ()) - set(call.said.get(OPTION, {}))
    return "" if empty or (criterion == "command_line" and untyped) else SAID.get(criterion, "")


def _wrong(call: Call, came: Any, answer: Answer, criterion: str) -> str:
    """What is wrong with what came of a call; nothing if nothing is."""
    came = came if isinstance(came, dict) else {}
    after = f", after a call with {_words(call.before)}" if call.before else ""
    called, wanted = f"With {_words(call)}{after}, load_settings", _wanted(call)
    if call.refused and criterion in READ:  # whether it does refuse it is judged elsewhere
        return _changed(called, came, criterion)
    message, given, error = came.get("refused"), came.get("settings"), came.get("error")
    if isinstance(error, dict):
        thought = " What ends the program there?" if error.get("type") == "SystemExit" else ""
        return f"{called} raised {raised(error, answer.code)}; expected {wanted}.{thought}"
    if isinstance(message, str):
        return _wrong_message(call, called, wanted, message)
    if not isinstance(given, dict):
        return f"{called} gave {came.get('other')}; expected {wanted}."
    if call.settings is None:
        return f"{called} gave {given}; expected {wanted}."
    at_stake = {name: given.get(name) for name in call.settings}
    if json.dumps(at_stake) == json.dumps(call.settings):  # 1, 1.0 and "1" are three
        return _changed(called, came, criterion)
    return f"{called} gave {at_stake}; expected {wanted}."


def _changed(called: str, came: dict, criterion: str) -> str:
    """What a call has made of what it is only to read, of which one criterion each has to say."""
    name, changed = READ.get(criterion), came.get("changed")
    if name and isinstance(changed, list) and name in changed:
        name = "the working folder" if name == "folder" else name
        return f"{called} changed {name}; expected it as it was. To whom does it belong?"
    if criterion == "defaults" and "older" in came:
        made = f"made {came['older']} of what the call before it had given"
        return f"{called} {made}; expected that as it was. To whom does it belong?"
    if criterion != "file" or "left" not in came:
        return ""
    left = "took the file away" if came["left"] is None else f"left {came['left']!r} in the file"
    return f"{called} {left}; expected it as it was. To whom does the file belong?"


def _wrong_message(call: Call, called: str, wanted: str, message: str) -> str:
    if call.settings is not None:
        return f"{called} refused: {message[:200]!r}; expected {wanted}."
    said = message.casefold().replace("-", "_")  # --test-size and PIPELINE_TEST_SIZE name it, too
    told = f"{called} says {message[:200]!r}"
    if unnamed := [name for name in call.refused if name not in said]:
        return f"{told}, without {', '.join(unnamed)}."
    if named := [name for name in call.spared if name in said]:
        return f"{told}, which names {', '.join(named)}, too; expected {wanted}, and nothing good."
    return ""


def _wanted(call: Call) -> str:
    if call.settings is not None:
        return str(dict(call.settings)) if call.settings else "settings, as nothing of it is wrong"
    return f"a ValueError that names {' and '.join(call.refused)}"


def _words(call: Call) -> str:
    given = call.given
    file = given["file"].strip().replace("\n", ", ") if not call.head else given["file"]
    words, typed = (" ".join(word or "''" for word in given[key]) for key in ("arguments", "typed"))
    places = {
        "the environment": given["environ"],
        "the command line": words,
        "in os.environ": given["around"],
        "in sys.argv": typed,
    }
    said = [f"{place} {told!r}" for place, told in places.items() if told]
    whole = "the absolute path of " if call.whole else ""
    at = "" if call.path == USUAL_PATH else f" at {whole}{call.path}"
    return " and ".join([f"the file {file!r}{at}" if file else f"an empty file{at}", *said])
