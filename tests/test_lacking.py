"""What a function is sure to lack is told before it is called, and nothing else."""

import functools
import sys
from types import ModuleType

import pytest

from workbench.engines.files import things_in
from workbench.engines.lacking import lacking

HEAD = "from workbench import Pipeline\nimport functools\nmine = Pipeline('p')\n"
BODIES = {  # the body of a function → what it is said to lack
    "import nothing_of_the_kind": "imports nothing_of_the_kind, which is not installed here",
    "from nothing_of.the_kind import x": "imports nothing_of, which is not installed here",
    "x = 1\n    return absent(x)": "names absent, which its file does not define",
    "for item in absent: pass": "names absent, which its file does not define",
    "if absent: pass": "names absent, which its file does not define",
    "await absent()": "names absent, which its file does not define",
    "if x:\n        return 1\n    absent()": "",
    "if x: import nothing_of_the_kind": "",
    "try: import nothing_of_the_kind\n    except ImportError: pass": "",
    "with absent(x): pass": "names absent, which its file does not define",
    "with x, absent: pass": "",
    "with x: import nothing_of_the_kind": "",
    "while x: absent()": "",
    "def inside(): absent()": "",
    "return x and absent": "",
    "return absent if x else 1": "",
    "return [absent for _ in x]": "",
    "if x and absent: pass": "",
    "for y in (absent if x else []): pass": "",
    "while [absent for _ in x]: pass": "",
    "y: absent = 1": "",
    "global absent\n    absent = 1\n    return absent": "",
    "import json, os.path\n    from . import absent": "",
    "return later(x), print, __name__": "",
    "raise x\n    absent()": "",
}


def function(folder, body):
    path = folder / "a_file_with_a_function.py"
    indented = f"async def called(x):\n    {body}\ndef later(x): pass\n"
    path.write_text(f"{HEAD}{indented}")
    things_in(path)["mine"]
    return sys.modules[path.stem].called


@pytest.mark.parametrize("body", BODIES)
def test_what_is_sure_to_be_asked_for_and_is_not_there_is_told(body, tmp_path):
    import linecache

    linecache.clearcache()
    assert lacking(function(tmp_path, body)) == BODIES[body]


def test_a_function_without_a_source_and_one_under_a_decorator():
    scope = ModuleType("nowhere").__dict__
    exec("def called(): absent()", scope)

    @functools.wraps(lambda: None)
    def wrapped():
        return None

    assert lacking(scope["called"]) == lacking(functools.partial(print)) == lacking(wrapped) == ""
