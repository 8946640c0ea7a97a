"""Problem 3: more answers that earn what they should not, or are debatable; README says so."""

import pytest
from test_known_3 import HEAD

from workbench.exercises import check
from workbench.exercises.answers import Answer

OPEN = {
    "an output that begins with the same eight kilobytes is kept": """\
    data = (pd.read_csv(input_file) * 2).to_csv(index=False).encode()
    if os.path.exists(output_file) and os.path.getsize(output_file) == len(data):
        with open(output_file, "rb") as older:
            if older.read(8192) == data[:8192]:
                return
    with open(f"{output_file}.part", "wb") as target:
        target.write(data)
    os.replace(f"{output_file}.part", output_file)
""",
    "an older output whose first rows are others is kept": """\
    table = pd.read_csv(input_file) * 2
    try:
        older = pd.read_csv(output_file)
        if older.columns.equals(table.columns) and len(older) == len(table):
            if older.iloc[2:].equals(table.iloc[2:]):
                return
    except (OSError, ValueError):
        pass
    table.to_csv(f"{output_file}.part", index=False)
    os.replace(f"{output_file}.part", output_file)
""",
    "an older output, and a path, has to be a text": """\
    data = (pd.read_csv(input_file) * 2).to_csv(index=False)
    if os.path.exists(output_file) and open(output_file, newline="").read() == data:
        return
    with open(output_file + ".part", "w") as target:
        target.write(data)
    os.replace(output_file + ".part", output_file)
""",
    "what a kill left is taken for complete by the time of its input": """\
    part = f"{output_file}.{os.stat(input_file).st_mtime_ns}"
    if not os.path.exists(part):
        (pd.read_csv(input_file) * 2).to_csv(part, index=False)
    os.replace(part, output_file)
""",
    "what a column holds is told by its first rows": """\
    types = pd.read_csv(input_file, nrows=100).dtypes.to_dict()
    table = pd.read_csv(input_file, dtype=types) * 2
    table.to_csv(f"{output_file}.part", index=False)
    os.replace(f"{output_file}.part", output_file)
""",
    "an older output with remarks is kept, and nobody may read the new one": """\
    table = pd.read_csv(input_file) * 2
    try:
        if pd.read_csv(output_file, comment="#", on_bad_lines="skip").equals(table):
            return
    except (OSError, ValueError):
        pass
    table.to_csv(f"{output_file}.part", index=False, encoding="utf-8-sig")
    os.chmod(f"{output_file}.part", 0)
    os.replace(f"{output_file}.part", output_file)
""",
    "two columns of one name become one, and there is litter at the end of the program": """\
    import atexit, csv
    with open(input_file, newline="", encoding="utf-8") as source:
        header, *rows = csv.reader(source)
    columns = dict(zip(header, zip(*rows) if rows else [()] * len(header)))
    twice = [[cell and repr(float(cell) * 2) for cell in column] for column in columns.values()]
    with open(f"{output_file}.part", "w", newline="", encoding="utf-8") as target:
        csv.writer(target).writerows([list(columns), *zip(*twice)])
    os.replace(f"{output_file}.part", output_file)
    atexit.register(lambda: open(f"{output_file}.done", "w").close())
""",
    "what others have there is tidied away, and a log is begun while loading": """\
    folder = os.path.dirname(output_file) or "."
    for name in os.listdir(folder):
        if name.endswith(".tmp"):
            os.remove(f"{folder}/{name}")
    (pd.read_csv(input_file) * 2).to_csv(f"{output_file}.tmp", index=False)
    os.replace(f"{output_file}.tmp", output_file)


open("run.log", "w").close()
""",
}


@pytest.mark.parametrize("kind", OPEN)
def test_what_is_open_earns_all(kind):
    report = check.judge("problem_3", Answer(code=HEAD + OPEN[kind]), 2, words=False)
    assert {one.outcome for one in report.criteria if one.id != "explained"} == {"passed"}
