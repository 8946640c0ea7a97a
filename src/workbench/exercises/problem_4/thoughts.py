"""One next thought for a mistake in problem 4, where what was seen, or written, tells more than
which criterion is missed. A thought points; it gives nothing away."""

import re

from workbench.exercises.report import LONGEST_FEEDBACK
from workbench.exercises.verdict import from_elsewhere

BY_MISTAKE = (  # what is told of the mistake → the thought
    (r"is None;", "A decorator above the flow takes its place: what does that one return?"),
    (r"expected a Prefect flow", "Which decorator makes a function a flow, and is it the outermost "
     "one?"),
    (r"no Prefect flow .*; it has", "Which name does the problem give the flow's function?"),
    (r"no Prefect flow", "Which decorator makes a function a flow?"),
    (r"in the place of", "An answer uses the libraries, and leaves them as they are."),
    (r"SyntaxError|IndentationError", "What does the line before this one leave open?"),
    (r"(raised|tried:) FileNotFoundError", "An answer is judged in an empty folder: what of "
     "this path is there?"),
    (r"EOFError", "Nobody can type here: what else could say this value?"),
    (r"could not be tried", "What does this line do when the cell is run, before any flow is?"),
    (r"GatheringFuture|'coroutine' object", "What does a call of an async function give before it "
     "is awaited?"),
    (r"Future' object|of 'PrefectConc", "What does submit give back, and what has to be asked of "
     "that to get what the task returned?"),
    (r"ParameterTypeError|invalid parameters", "Which values does the annotation of this parameter "
     "allow, and is the default one of them?"),
    (r"missing a required argument", "Which defaults does the problem give the flow's two "
     "parameters?"),
    (r"ParameterBindError|unexpected keyword", "Which names does the problem give the flow's two "
     "parameters?"),
    (r"returned nothing; expected a d", "Which line of the flow hands its result to whoever has "
     "called it?"),
    (r"expected a dictionary", "What stands behind the flow's return, and under which names?"),
    (r"names in model_types", "Under which name was this model asked for?"),
    (r"never asked a model", "Where would an accuracy come from that is true of this run?"),
    (r"(on|the) rows that are new to it", "Which rows has each model seen before it is compared?"),
    (r"made wrong about", "Where would an accuracy come from that is true of this run?"),
    (r"a share of the rows", "What is divided by what, and is there anything to divide by?"),
    (r"enough to tell it", "How many of the rows does test_size leave for scoring?"),
    (r"loading '.*(Error: \[Errno|no file but)", "Which path is written, and which one is "
     "returned?"),
    (r"holds the model", "Which of the models was written to this file last?"),
    (r"not asked to predict", "Which predictions is the accuracy of each model from?"),
    (r"the second\b", "Go through the comparison with three accuracies, such as 0.5, 0.9, 0.7: "
     "what is each one compared with?"),
    (r"has not been fitted|not trained in this", "Of the objects in the flow, which one has been "
     "through fit?"),
    (r"kind of training|kinds of training; expected", "Which models are trained when nobody names "
     "any?"),
)  # fmt: skip
BY_SOURCE = (  # what is told of the mistake, what the answer's source has → the thought
    (r"SyntaxError|IndentationError", r"(?m)^[ \t]*[%!]", "What begins with % or ! is for the "
     "notebook: does it have a cell of its own?"),
    (r"in the place of", r"autolog\(", "autolog puts functions of its own in the place of those "
     "that are observed here: what can be logged without it?"),
    (r"made wrong about \d+% of (its|the rows it)", r"\b(round|int)\(", "To how many digits is "
     "the accuracy rounded?"),
    (r"\) trained .*; expected", r"subprocess|sys\.executable", "Nobody hears what a second "
     "Python trains: what keeps the task from fitting the model itself?"),
    (r"at once: one waited", r"(?s)^(?!.*(to_thread|xecutor|\.submit)).*async def", "What can "
     "the event loop do while fit runs in it?"),
    (r"at once: one waited", r"max_workers", "How many trainings can this task runner hold?"),
    (r"at once: one waited", r"Lock\(|Semaphore\(", "How many may pass the lock at a time?"),
    (r"at once: one waited", r"wait_for", "What does wait_for make a training wait for?"),
    (r"at once: one waited", r"\.submit\(", "Is a result asked for before the last training has "
     "been submitted?"),
    (r"Prefect has a record", r"Executor|Thread|Process", "What does Prefect know of a function "
     "that a pool of your own calls?"),
)  # fmt: skip


NO_TASK = "What does each name in that line hold when the flow is called like this?"


def on(wrong: str, source: str) -> str:
    """The thought that goes with this mistake; "" where the criterion's own says as much."""
    wrong = wrong[:LONGEST_FEEDBACK]  # of which an answer may have worded a part
    if elsewhere := from_elsewhere(wrong):
        return elsewhere
    for pattern, written, thought in BY_SOURCE:
        if re.search(pattern, wrong) and re.search(written, source):
            return thought
    return next((thought for pattern, thought in BY_MISTAKE if re.search(pattern, wrong)), "")
