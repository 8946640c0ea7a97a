"""What is used of kfp's inside; nothing else in this folder names it.

A component's process (`child`) imports nothing of the workbench: its call tells it the paths below,
which it looks up like entry points.
"""

from workbench.engines.members import Member

# In a component's environment. Without it, `import kfp.dsl` brings client and compiler along: 1.4 s
# a component instead of 0.1 s.
RUNTIME = {"_KFP_RUNTIME": "true"}

LOAD = "kfp.dsl.utils:load_module"
EXECUTOR = "kfp.dsl.executor:Executor"
PLACEHOLDERS = "kfp.local.placeholder_utils:replace_placeholders"

_FUNCTIONS = "no Python component runs without"
_CONTAINERS = "no container component runs without"
_EXECUTED = ("executor_input", "function_to_execute")
_NAMES = ("pipeline_resource_name", "task_resource_name", "pipeline_root", "unique_pipeline_id")
_PLACED = ("full_command", "executor_input_dict", *_NAMES)

MEMBERS = (
    Member(
        LOAD, f"importing a component's file: {_FUNCTIONS}", ("module_name", "module_directory")
    ),
    Member(EXECUTOR, f"making its Inputs and Outputs: {_FUNCTIONS}", _EXECUTED),
    Member(f"{EXECUTOR}.execute", f"calling it and writing what it returned: {_FUNCTIONS}"),
    Member(PLACEHOLDERS, f"putting values and paths into a command: {_CONTAINERS}", _PLACED),
)

# Texts in what kfp's compiler writes, which no schema promises (tests/test_kubeflow_internals.py).

# The file that a Python component's command unpacks its source to. Without it, such a component
# would be taken for a container, and its sh line run.
_PYTHON_COMPONENT = "ephemeral_component"
# Stands before the function's name in its arguments.
_FUNCTION = "--function_to_execute"
# The last of kfp's own imports above an author's function. Without it, they are shown as his.
_LAST_IMPORT = "from typing import *"
# Begins inputs that stand for an output or a parameter. Without it, conditions and loops are shown
# with names that nobody wrote.
_CHANNEL = "pipelinechannel--"


def is_python_component(command: list[str]) -> bool:
    """Whether a compiled command is that of a ``@dsl.component`` function."""
    return any(_PYTHON_COMPONENT in word for word in command)


def function_in(arguments: list[str]) -> str:
    """The name of a Python component's function."""
    return arguments[arguments.index(_FUNCTION) + 1]


def authors_source(compiled: str) -> str:
    """The function as its author wrote it; empty for what is no Python component's source."""
    return compiled.partition(_LAST_IMPORT)[2].strip()


def authors_names(text: str) -> str:
    """A text with the names of inputs as a reader knows them."""
    return text.replace(_CHANNEL, "")
