"""Why nothing of an answer could be tried, and what to do about it."""

from workbench.exercises.problem_3.calls import Call
from workbench.exercises.verdict import from_elsewhere, raised
from workbench.sandbox.job import Observations

NO_FILE = (
    "made its output a link, a folder or a pipe; expected a file of its own. "
    "What would somebody get who copies only that?"
)
LATE = (
    "had no output there when it came back or was stopped, and has one now; expected it at its "
    "return. What of your code goes on after that?"
)
NEVER_BEGUN = {  # what a call gives whose work nobody begins
    "coroutine": "a coroutine, of which no line has run: who is to await what `async def` gives?",
    "generator": "a generator, of which no line has run: who takes what a `yield` gives?",
    "operator": "a task of Airflow or Kubeflow, of which no line has run: which pipeline has it?",
}
CALLED = "Call it yourself in a cell below, with a small file: does it raise the same?"
LOADED = "Restart the kernel and run the answer cell first: does it raise the same?"
OPEN = "What does that line, or the one before it, leave open?"
ADVICE = {
    **dict.fromkeys(("SyntaxError", "IndentationError"), OPEN),
    "TabError": "Which lines begin with tabs, and which with blanks?",
    "ModuleNotFoundError": "It is not installed where answers are judged: is its name right, and "
    "would what comes with Python, or pandas, do?",
    "EOFError": "Nobody types anything while an answer is judged: where else can it come from?",
}


def untried(
    call: Call, observed: Observations, lying: list[str], output: bytes | None = None
) -> str:
    """Why nothing could be tried: the answer cannot be loaded, or its call makes no file.

    lying: the names in its folder; output: what its output holds by now.
    """
    if not observed.first("loaded") and observed.error:
        return f"Loading the answer raised {raised(observed.error)}. {_advice(observed)}"
    if not observed.first("callable"):
        names = ", ".join(observed.texts("names"))
        others = f"; it defines {names}" if names else ""
        return f"The answer cell does not define the function process_data{others}."
    for kind, made in NEVER_BEGUN.items():
        if observed.first(kind):
            return f"{call} made {made}"
    if observed.error:
        return f"{call} raised {raised(observed.error)}. {_advice(observed)}"
    if call.target in lying:
        return f"{call} {NO_FILE if output is None else LATE}"
    return f"{call} returned and left no {call.target!r}. Where does the result go?"


def _advice(observed: Observations) -> str:
    trial = CALLED if observed.first("loaded") else LOADED
    trial = ADVICE.get(observed.error.get("type"), trial)
    return from_elsewhere(raised(observed.error)) or trial
