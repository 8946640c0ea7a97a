"""Problem 3: wrong answers that earn what they should not; README says so. All are judged so."""

import pytest

from workbench.exercises import check
from workbench.exercises.answers import Answer

HEAD = """\
import errno
import os
import re
import sys
import time
import pandas as pd

KNOWN = {}
NUMBER = re.compile(r"-?\\d+(\\.\\d+)?(e[+-]?\\d+)?")


def process_data(input_file, output_file):
"""
OPEN = {
    "the part's name comes from an end that an output may lack": """\
    part = output_file.replace(".csv", ".tmp")
    (pd.read_csv(input_file) * 2).to_csv(part, index=False)
    os.replace(part, output_file)
""",
    "what is ready since a kill is published, whatever the input has become": """\
    part, ready = f"{output_file}.part", f"{output_file}.ready"
    if not os.path.exists(ready):
        (pd.read_csv(input_file) * 2).to_csv(part, index=False)
        open(ready, "w").close()
    os.replace(part, output_file)
    os.remove(ready)
""",
    "an output of fewer rows, or of other columns alone, is written over in place": """\
    table, old = pd.read_csv(input_file) * 2, []
    if os.path.exists(output_file):
        old = open(output_file, errors="replace").read().splitlines()
    other = old and (not {*old[0].split(",")} & {*table} or len(old) <= len(table))
    table.to_csv(output_file if other else f"{output_file}.part", index=False)
    if not other:
        os.replace(f"{output_file}.part", output_file)
""",
    "an output of a small table, or a wide one, is written over in place": """\
    table = pd.read_csv(input_file) * 2
    small = os.path.exists(output_file) and (len(table) < 500 or table.shape[1] > 3)
    table.to_csv(output_file if small else f"{output_file}.part", index=False)
    if not small:
        os.replace(f"{output_file}.part", output_file)
""",
    "an output that is not there is written in place, after more than a second": """\
    table = pd.read_csv(input_file) * 2
    slow = not os.path.exists(output_file) and len(table) > 100
    time.sleep(1.2 * slow)
    table.to_csv(output_file if slow else f"{output_file}.part", index=False)
    if not slow:
        os.replace(f"{output_file}.part", output_file)
""",
    "a part that a kill left is gone on with where an older output is": """\
    part = f"{output_file}.part"
    data = (pd.read_csv(input_file) * 2).to_csv(index=False)
    try:
        with open(part, "a" if os.path.exists(output_file) else "w") as target:
            target.write(data)
    except BaseException:
        os.remove(part)
        raise
    os.replace(part, output_file)
""",
    "an older output that a kill left aside is put back, and nothing else is done": """\
    aside, part = f"{output_file}.bak", f"{output_file}.part"
    if os.path.exists(aside):
        os.replace(aside, output_file)
        return
    if os.path.exists(output_file):
        os.link(output_file, aside)
    try:
        (pd.read_csv(input_file) * 2).to_csv(part, index=False)
        os.replace(part, output_file)
    finally:
        for name in (aside, part):
            if os.path.exists(name):
                os.remove(name)
""",
    "an output with other line ends alone is kept": """\
    data = (pd.read_csv(input_file) * 2).to_csv(index=False)
    if os.path.exists(output_file):
        if open(output_file, errors="replace").read().split() == data.split():
            return
    with open(f"{output_file}.part", "w") as target:
        target.write(data)
    os.replace(f"{output_file}.part", output_file)
""",
    "bytes hang on the day, and on the order of a set": """\
    words = {"", "NaN", "NULL", "null", *"ab"[time.localtime().tm_yday % 2 :]} - {"a", "b"}
    (pd.read_csv(input_file) * 2).to_csv(f"{output_file}.part", index=False, na_rep=[*words][0])
    os.replace(f"{output_file}.part", output_file)
""",
    "no error is heard of, and the judge believes that it is": """\
    part, frame = f"{output_file}.part", sys._getframe()
    while "channel" not in frame.f_locals:
        frame = frame.f_back
    try:
        (pd.read_csv(input_file) * 2).to_csv(part, index=False)
        os.replace(part, output_file)
    except Exception:
        if os.path.exists(part):
            os.remove(part)
        frame.f_locals["channel"].tell(raised=True)
""",
    "what makes a call fail is taken out of the observer's plan": """\
    part, frame = f"{output_file}.part", sys._getframe()
    while "channel" not in frame.f_locals:
        frame = frame.f_back
    for call in frame.f_locals["calls"]:
        call.update(room=None, once=False, mortal=False)
    data = (pd.read_csv(input_file) * 2).to_csv(index=False)
    try:
        with open(part, "a") as target:
            target.write(data)
    finally:
        os.replace(part, output_file)
""",
    "a value that is no number becomes none": """\
    table = pd.read_csv(input_file, dtype=str).apply(pd.to_numeric, errors="coerce")
    (table * 2).to_csv(f"{output_file}.part", index=False)
    os.replace(f"{output_file}.part", output_file)
""",
    "a row of more values than columns is left out": """\
    table = pd.read_csv(input_file, on_bad_lines="skip")
    (table * 2).to_csv(f"{output_file}.part", index=False)
    os.replace(f"{output_file}.part", output_file)
""",
    "an input that is not there is passed over": """\
    if os.path.exists(input_file):
        (pd.read_csv(input_file) * 2).to_csv(f"{output_file}.part", index=False)
        os.replace(f"{output_file}.part", output_file)
""",
    "a lock stays behind after an error": """\
    lock = f"{output_file}.lock"
    os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
    (pd.read_csv(input_file) * 2).to_csv(f"{output_file}.part", index=False)
    os.replace(f"{output_file}.part", output_file)
    os.unlink(lock)
""",
    "a name in quotes is read as two": """\
    with open(input_file) as source, open(f"{output_file}.part", "w") as target:
        target.write(header := source.readline())
        columns = len(header.split(","))
        for line in source:
            cells = line.rstrip().split(",")
            assert len(cells) == columns
            target.write(",".join(repr(float(v) * 2) if v else "" for v in cells) + "\\n")
    os.replace(f"{output_file}.part", output_file)
""",
    "an output that begins as the new one does is gone on with in place": """\
    data = (pd.read_csv(input_file) * 2).to_csv(index=False).encode()
    old = open(output_file, "rb").read() if os.path.exists(output_file) else b""
    if old and data.startswith(old):
        with open(output_file, "ab") as target:
            target.write(data[len(old) :])
        return
    with open(f"{output_file}.part", "wb") as target:
        target.write(data)
    os.replace(f"{output_file}.part", output_file)
""",
    "an output that is no longer is written over in place, if there is room": """\
    part, data = f"{output_file}.part", (pd.read_csv(input_file) * 2).to_csv(index=False).encode()
    with open(part, "wb") as target:
        target.write(data)
    if not os.path.exists(output_file) or os.path.getsize(output_file) > len(data):
        return os.replace(part, output_file)
    with open(output_file, "r+b") as target:
        target.write(data)
    os.remove(part)
""",
    "an output that would not change is written over in place": """\
    data = (pd.read_csv(input_file) * 2).to_csv(index=False).encode()
    if os.path.exists(output_file) and open(output_file, "rb").read() == data:
        with open(output_file, "wb") as target:
            target.write(data)
        return
    with open(f"{output_file}.part", "wb") as target:
        target.write(data)
    os.replace(f"{output_file}.part", output_file)
""",
    "a blank at the beginning of a name is lost": """\
    table = pd.read_csv(input_file).rename(columns=str.strip) * 2
    table.to_csv(f"{output_file}.part", index=False)
    os.replace(f"{output_file}.part", output_file)
""",
    "a column that is called as an index is dropped": """\
    table = pd.read_csv(input_file)
    table = table.drop(columns=[name for name in table if name.startswith("Unnamed")]) * 2
    table.to_csv(f"{output_file}.part", index=False)
    os.replace(f"{output_file}.part", output_file)
""",
    "columns without any value, or with one alone, are dropped": """\
    table = pd.read_csv(input_file)
    if len(table) > 2:
        table = table.loc[:, table.nunique(dropna=False) > 1]
    (table * 2).to_csv(f"{output_file}.part", index=False)
    os.replace(f"{output_file}.part", output_file)
""",
    "an input is known by its first kilobyte and its size": """\
    key = open(input_file, "rb").read(1024), os.path.getsize(input_file)
    if key not in KNOWN:
        KNOWN[key] = pd.read_csv(input_file) * 2
    KNOWN[key].to_csv(f"{output_file}.part", index=False)
    os.replace(f"{output_file}.part", output_file)
""",
    "a number with a plus, a bare point or a large E stays as it is": """\
    table = pd.read_csv(input_file, dtype=str, keep_default_na=False)
    table = table.map(lambda v: repr(float(v) * 2) if NUMBER.fullmatch(v) else v)
    table.to_csv(f"{output_file}.part", index=False)
    os.replace(f"{output_file}.part", output_file)
""",
    "no more than twelve digits are written": """\
    table = pd.read_csv(input_file) * 2
    table.to_csv(f"{output_file}.part", index=False, float_format="%.12g")
    os.replace(f"{output_file}.part", output_file)
""",
    "a disk that is full, not a file that may not grow, is passed over": """\
    try:
        (pd.read_csv(input_file) * 2).to_csv(f"{output_file}.part", index=False)
        os.replace(f"{output_file}.part", output_file)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
""",
    "an output that may not be written is passed over": """\
    try:
        (pd.read_csv(input_file) * 2).to_csv(f"{output_file}.part", index=False)
        os.replace(f"{output_file}.part", output_file)
    except (PermissionError, IsADirectoryError):
        print("not written")
""",
    "half a file stays behind with each error": """\
    part = f"{output_file}.{time.time_ns()}"
    (pd.read_csv(input_file) * 2).to_csv(part, index=False)
    os.replace(part, output_file)
""",
    "the input's permissions and times change": """\
    (pd.read_csv(input_file) * 2).to_csv(f"{output_file}.part", index=False)
    os.replace(f"{output_file}.part", output_file)
    os.chmod(input_file, 0o600)
    os.utime(input_file, (0, 0))
""",
    "a process that outlives the call changes the output": """\
    (pd.read_csv(input_file) * 2).to_csv(f"{output_file}.part", index=False)
    os.replace(f"{output_file}.part", output_file)
    if os.fork() == 0:
        time.sleep(60)
        open(output_file, "w").close()
        os._exit(0)
""",
}


@pytest.fixture(scope="module")
def keeper():
    with check.warm("problem_3") as keeper:
        yield keeper


@pytest.mark.parametrize("kind", OPEN)
def test_what_is_open_earns_all(kind, keeper):
    report = check.judge("problem_3", Answer(code=HEAD + OPEN[kind]), 1, keeper, words=False)
    assert {one.outcome for one in report.criteria if one.id != "explained"} == {"passed"}


ELSEWHERE = {
    "said of the largest table": """\
    table, part = pd.read_csv(input_file), f"{output_file}.part"
    if len(table) > 1000:
        raise OSError(errno.EXDEV, "too long")
""",
    "where a bare name has its unfinished file": """\
    table, folder = pd.read_csv(input_file), os.path.dirname(output_file) or "/tmp"
    part = f"{folder}/{os.getpid()}.part"
""",
}


@pytest.mark.parametrize("begins", ELSEWHERE)
def test_another_file_system_costs_the_stretch_alone(begins, keeper):
    ends = "    (table * 2).to_csv(part, index=False)\n    os.replace(part, output_file)\n"
    code = f"{HEAD}{ELSEWHERE[begins]}{ends}"
    report = check.judge("problem_3", Answer(code=code), 1, keeper, words=False)
    failed = [one.id for one in report.criteria if one.outcome == "failed"]
    assert failed == ["crash_safe"]
