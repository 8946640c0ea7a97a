"""A record as a page: one file that holds all it shows, no text of a run as markup, no secrets."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest
from recorded import RETRIED, recorded
from typer.testing import CliRunner

from workbench import Pipeline, PipelineError, Record, run, step
from workbench.cli.app import app, main
from workbench.graph import Graph
from workbench.masking import NAME, Mask
from workbench.panel.page import pair

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\u2028${alert(3)}"


class Elements(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))


def data_of(page):
    return json.loads(re.search(r'id="run">(.*?)</script>', page, re.S)[1])


@pytest.fixture
def secretive():
    """Tasks that take, return, print and raise what is secret by its name."""
    import pandas

    pipeline = Pipeline("secretive")

    @pipeline.task
    def connect(api_key="none"):
        print("asked with", api_key, "and Authorization: Bearer abc.def")
        return {"token": "tkn-314159", "rows": 3, "nested": [{"dbPassword": "p4ssw0rd"}]}

    @pipeline.task
    def table(connect):
        return pandas.DataFrame({"user": ["ada"], "passwd": ["lovelace"]})

    @pipeline.task
    def fail(table):
        raise ConnectionError("no answer from https://ada:lovelace@example.org?secret=sesame42")

    return run(pipeline, api_key="sk-2718281828")


def test_a_page_is_one_file_that_may_request_nothing(training):
    page = run(training).page()
    elements = Elements(page)
    [policy] = [
        attributes["content"]
        for tag, attributes in elements.tags
        if attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    [script] = re.findall(r"<script>(.*)</script>", page, re.S)
    digest = hashlib.sha256(script.encode()).digest()
    assert policy.startswith("default-src 'none'; ")
    assert f"script-src 'sha256-{base64.b64encode(digest).decode()}';" in policy
    assert not [tag for tag, attributes in elements.tags if {"src", "href"} & set(attributes)]
    assert len(page) - len(json.dumps(data_of(page))) < 400_000


def test_a_page_is_written_and_given_back(training, tmp_path):
    record = run(training)
    assert record.page(tmp_path / "run.html") == (tmp_path / "run.html").read_text()
    with pytest.raises(PipelineError, match="nowhere/run.html: no such file or directory"):
        record.page(tmp_path / "nowhere" / "run.html")


def test_no_text_of_a_run_is_markup():
    pipeline = Pipeline(HOSTILE)

    @pipeline.task(name=f"a{HOSTILE}")
    def first(word=HOSTILE):
        print(HOSTILE)
        return {HOSTILE: HOSTILE}

    @pipeline.task(name=f"b{HOSTILE}", after=[f"a{HOSTILE}"])
    def second():
        raise ValueError(HOSTILE)

    page = run(pipeline).page()
    names = [tag for tag, _ in Elements(page).tags]
    assert names.count("script") == 2
    assert "img" not in names
    data = data_of(page)
    assert data["tasks"] == [f"a{HOSTILE}", f"b{HOSTILE}"]
    htmls = [html for view in data["outputs"].values() for _, html in view["values"]]
    markup = Elements("".join([*htmls, data["traits"]["svg"]])).tags
    assert {"img", "script"}.isdisjoint(tag for tag, _ in markup)


def test_secrets_are_masked_by_their_names(secretive):
    page = secretive.page()
    for secret in ("sk-2718281828", "abc.def", "tkn-314159", "p4ssw0rd", "lovelace", "sesame42"):
        assert secret not in page, secret
    assert "ada" in page
    assert "•••" in data_of(page)["events"][-2][4]


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("password", True),
        ("DB_PASSWORD", True),
        ("dbPassword", True),
        ("apiKey", True),
        ("api-key", True),
        ("AWS_SECRET_ACCESS_KEY", True),
        ("private_key", True),
        ("hf_token", True),
        ("token", True),
        ("credentials", True),
        ("tokenizer", False),
        ("max_tokens", False),
        ("secretary", False),
        ("key", False),
        ("passenger", False),
        ("accuracy", False),
    ],
)
def test_which_names_are_secret(name, secret):
    assert bool(NAME.search(name)) == secret


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("password=hunter2", "password=•••"),
        ('{"token": "abc", "n": 1}', '{"token": "•••", "n": 1}'),
        ("{&#x27;pwd&#x27;: &#x27;abc&#x27;}", "{&#x27;pwd&#x27;: &#x27;•••&#x27;}"),
        ("AWS_SECRET_ACCESS_KEY: xyz end", "AWS_SECRET_ACCESS_KEY: ••• end"),
        ("postgres://me:pw@host/db", "postgres://•••@host/db"),
        ("max_tokens=512, tokenizer: bert", "max_tokens=512, tokenizer: bert"),
        ("12 of 14 rows", "12 of 14 rows"),
    ],
)
def test_running_text_is_masked_behind_secret_names(text, masked):
    assert Mask().text(text) == masked


def test_without_values_only_what_happened_is_shown(secretive):
    data = data_of(secretive.page(values=False))
    assert (data["outputs"], data["parameters"], data["logs"]) == ({}, [], {})
    outputs = [event for event in data["events"] if event[2] == "output"]
    assert {event[4] for event in outputs} == {None}
    assert (data["bars"][-1][6], data["why"]) == ("ConnectionError", {})


def test_a_record_without_its_folder_shows_outputs_by_their_summary(training, tmp_path):
    copy = Record.load(run(training).save(tmp_path / "alone.jsonl"))
    outputs = data_of(copy.page())["outputs"].values()
    assert {"note": "[1, 2, 3] (by its summary)"} in outputs


def test_an_output_too_large_for_a_page_is_told_by_its_summary():
    pipeline = Pipeline("large")
    pipeline.task(lambda: {str(n): "x" * 100_000 for n in range(10)}, name="small")
    pipeline.task(lambda: {f"{n}<": "<" * 90_000 for n in range(20)}, name="escaped")
    assert len(run(pipeline).page()) < 1_000_000


def test_only_files_of_the_run_are_read(tmp_path):
    (tmp_path / "other.json").write_text('"not of this run"')
    detail = {"file": "../other.json", "type": "str", "summary": "…", "digest": "", "problem": None}
    record = recorded(("started", "a", 1), ("output", "a", 1, detail), ("succeeded", "a", 1))
    (tmp_path / "run").mkdir()
    record.folder = tmp_path / "run"
    assert "not of this run" not in record.page()


def test_events_tell_their_error_and_attempts_theirs():
    data = data_of(recorded(*RETRIED).page())
    assert data["events"][3] == [3.0, "a", "retrying", 1, "ValueError: no"]
    assert data["bars"][0] == ["a", "a", 1, 2.0, 3.0, "failed", "ValueError: no"]
    assert data["engine"] == "local"


def test_inputs_of_instances_are_what_their_template_is_told_of():
    record = Record(Graph.of("abc", [("a", "b"), ("b", "c")]))
    growth = {"tasks": ["b[0]", "b[1]"], "edges": [["a", "b[0]"], ["a", "b[1]"]], "expands": ["b"]}
    record.append("graph", None, 0.0, detail=growth)
    upstream = data_of(record.page())["upstream"]
    assert upstream == {"b[0]": ["a"], "b[1]": ["a"], "c": ["b[0]", "b[1]"]}


def test_the_panel_saves_its_run_with_the_code(training, tmp_path):
    shown = step(training)
    shown.told(press="Run all")
    shown.wait(150)
    shown.told(press="Save as page")
    shown.wait(150)
    [path] = tmp_path.rglob("training.html")
    assert shown.message == f"Saved as {path}: it opens in any browser, without a kernel."
    assert "def clean(collect)" in data_of(path.read_text())["sources"]["clean"]


def test_the_command_takes_a_folder_or_a_file(training, tmp_path):
    record = run(training)
    for source in (record.folder, record.folder / "record.jsonl"):
        result = CliRunner().invoke(app, ["page", str(source), "-o", str(tmp_path / "run.html")])
        assert result.exit_code == 0, result.output
        assert data_of((tmp_path / "run.html").read_text())["name"] == "training"


def test_two_runs_are_one_page_with_what_differs(training, tmp_path):
    good, bad = run(training), recorded(*RETRIED)
    data = data_of(pair(good, bad))
    assert data["names"] == ["training (run 1)", f"{bad.name or 'a run'} (run 2)"]
    assert [one["name"] for one in data["runs"]] == data["names"]
    assert data["rows"][0][0] == "collect"
    assert data["rows"][0][2:] == ["no such task", ["state", "attempts", "output"]]
    paths = [str(good.save(tmp_path / "a.jsonl")), str(bad.save(tmp_path / "b.jsonl"))]
    result = CliRunner().invoke(app, ["page", *paths, "-o", str(tmp_path / "two.html")])
    assert result.exit_code == 0, result.output
    assert len(data_of((tmp_path / "two.html").read_text())["runs"]) == 2
    result = CliRunner().invoke(app, ["page", *paths, "third"])
    assert "third: a page has one run, or two that are compared" in str(result.exception)


def test_no_value_is_in_a_page_of_two_without_values(secretive):
    text = pair(secretive, secretive, values=False)
    assert not re.search(r"\bada\b", text)
    assert [one["outputs"] for one in data_of(text)["runs"]] == [{}, {}]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "no such file"),
        ("", "not a record of a run"),
        ('{"schema": 1}\n', "not a record of a run"),
        ("not json\n\n", "line 1 is not JSON"),
        (
            '{"schema": 1, "engine": "e", "seed": 1, "parameters": {}, "graph": '
            '{"tasks": ["a"], "edges": []}}\n{"seq": 0, "at": 0, "task": "a", "kind": "output"}\n',
            "line 2 is no event of a run",
        ),
    ],
)
def test_a_file_that_is_no_record_is_refused_in_a_line(
    content, words, tmp_path, monkeypatch, capsys
):
    path = tmp_path / "some.jsonl"
    if content is not None:
        path.write_text(content)
    monkeypatch.setattr("sys.argv", ["workbench", "page", str(path)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1


@pytest.mark.parametrize("values", [True, False])
@pytest.mark.parametrize("alone", [True, False])
def test_a_secret_in_an_error_is_masked_also_where_its_output_is_not_shown(tmp_path, values, alone):
    pipeline = Pipeline("login")
    pipeline.task(lambda: {"password": "Tr0ub4dor&3x", "api_key": "AKIA12345678"}, name="load")

    @pipeline.task
    def use(load):
        raise ConnectionError(f"refused {load['password']} by {load['api_key']}")

    record = run(pipeline)
    record = Record.load(record.save(tmp_path / "alone.jsonl")) if alone else record
    page = record.page(values=values)
    assert "ConnectionError" in page
    assert not [part for part in ("Tr0ub4dor", "&3x", "AKIA12345678") if part in page]


def test_half_a_surrogate_in_a_run_is_no_matter(tmp_path):
    pipeline = Pipeline("halves")
    pipeline.task(lambda: "half \ud83d", name="half")

    @pipeline.task
    def fail(half):
        raise ValueError(half)

    record = run(pipeline)
    copy = Record.load(record.save(tmp_path / "copy.jsonl"))
    assert copy.error("fail") == record.error("fail") == "ValueError: half \ud83d"
    assert not [*tmp_path.glob("*.part")]
    copy.page(tmp_path / "page.html")
    assert r"half \ud83d" in (tmp_path / "page.html").read_text(encoding="utf-8")
