"""The interface in other languages: nothing left out, nothing but words, never in data."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import workbench
from workbench import Pipeline, PipelineError, Record, language, run, start
from workbench.events import STATE_OF
from workbench.exercises import check, report
from workbench.exercises.registry import find
from workbench.language import LANGUAGES, t, table, tables
from workbench.panel import controls, page
from workbench.panel.view import View
from workbench.picture import LOOK

SOURCE = Path(workbench.__file__).parent
OTHERS = [code for code in LANGUAGES if code != language.ENGLISH]
SCRIPTS = sorted((SOURCE / "panel/script").glob("*.js"))
# What these modules say is shown as it is, or is a sentence with names in it.
TELLING = ("panel/controls.py", "panel/captions.py", "panel/details.py")
NOT_SHOWN = ("{} for {} s", "▶ {}", "{} and {} more", "{}: {}", "… {} lines before", "{} {}")


@pytest.fixture(autouse=True)
def english():
    yield
    language.speak(language.ENGLISH)


def bare(text):
    """The text without what its placeholders are called."""
    return re.sub(r"\{[^}]*\}", "{}", text)


def sentences(path):
    """Texts with a blank in a module's code, f-strings with placeholders; no docstrings."""
    tree = ast.parse(path.read_text())
    documented = (ast.Module, ast.FunctionDef, ast.ClassDef)
    docs = {ast.get_docstring(node, clean=False) for node in ast.walk(tree)
            if isinstance(node, documented)}  # fmt: skip
    parts = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts |= {id(value) for value in node.values}
            yield "".join(value.value if isinstance(value, ast.Constant) else "{}"
                          for value in node.values)  # fmt: skip
    constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant))
    texts = (node.value for node in constants if id(node) not in parts)
    yield from (text for text in texts if isinstance(text, str) and text not in docs)


@pytest.mark.parametrize("code", OTHERS)
def test_every_message_is_translated_with_the_same_placeholders(code):
    assert table(code).keys() == table(OTHERS[0]).keys()
    for text, told in table(code).items():
        assert told.strip(), text
        assert sorted(re.findall(r"\{\w+\}", told)) == sorted(re.findall(r"\{\w+\}", text))
        assert [told[end] in " :" for end in (0, -1)] == [text[end] in " :" for end in (0, -1)]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_every_message_of_a_script_is_in_the_catalogue(path):
    used = re.findall(r"""\bt\(\s*"([^"]+)\"""", path.read_text())
    used += re.findall(r'"([A-Z][a-z]+ [^"]+)"', path.read_text())
    assert not set(used) - table("de").keys()


@pytest.mark.parametrize("name", TELLING)
def test_every_sentence_of_the_panel_is_in_the_catalogue(name):
    known = {bare(text) for text in table("de")} | set(NOT_SHOWN)
    said = {text for text in sentences(SOURCE / name) if re.search(r"\w .*\w", text)}
    assert not {text for text in said if bare(text) not in known}


def test_every_name_of_a_button_state_event_tab_and_outcome_is_in_the_catalogue():
    names = {*LOOK, *STATE_OF, *controls.TIPS, *controls.TIPS.values(), controls.SAVE, page.FOOTER}
    names |= {*page.TIPS, *page.TIPS.values(), controls.SAVES, *report.STOPPED.values()}
    names |= {tab.capitalize() for tab in (*controls.TABS, *page.TABS)}
    names |= {words for _, words in report.SHOWN.values()} | {report.STOP}
    assert not names - table("de").keys()


@pytest.mark.parametrize("code", OTHERS)
def test_states_have_the_words_that_airflow_has_for_them(code):
    import airflow

    file = Path(airflow.__file__).parent / f"ui/dist/i18n/locales/{code}/common.json"
    theirs = json.loads(file.read_text())["states"]
    theirs = {"retrying": theirs["up_for_retry"], **theirs}
    shared = LOOK.keys() & theirs.keys()
    assert len(shared) == 7
    assert {state: table(code)[state].casefold() for state in shared} == {
        state: theirs[state].casefold() for state in shared
    }


def test_english_unless_another_is_asked_for_and_lang_is_not_read():
    script = "from workbench import language as l; print(l.spoken(), l.t('failed'))"
    environment = os.environ | {"LANG": "de_DE.UTF-8", "LC_ALL": "de_DE.UTF-8", "LANGUAGE": "de"}
    done = subprocess.check_output([sys.executable, "-c", script], env=environment, text=True)
    assert done == "en failed\n"


def test_start_takes_the_language_and_refuses_one_that_it_does_not_know():
    with pytest.raises(PipelineError, match=r"no language 'xx'; there are 'en' \(English\), 'de'"):
        start(language="xx")
    start(language="de")
    assert t("failed") == "fehlgeschlagen"
    start()
    assert (language.spoken(), View().language) == ("de", "de")


def test_a_report_is_shown_in_the_language_and_its_data_are_english():
    exercise = find("problem_3")
    verdicts = {}
    untouched = check.check("problem_3", exercise.starter)
    judged = report.assemble(exercise, verdicts, missing=["prose"])
    before = judged.as_json() | untouched.as_json()
    language.speak("es")
    assert "problem_3: no intentado\nLa respuesta está vacía o es la inicial" in untouched.as_text()
    assert "todavía no" in judged.as_text()
    assert "explicación: no entregada" in judged.as_text()
    assert "0 de 6, extra 0 de 1" in judged.as_html()
    assert judged.as_json() | untouched.as_json() == before


def test_a_record_and_its_json_are_the_same_in_every_language(tmp_path):
    language.speak("de")
    pipeline = Pipeline("p")
    pipeline.task(lambda: 1, name="one")
    record = run(pipeline)
    record.save(tmp_path / "r.jsonl")
    assert record.state == "success"
    assert '"kind": "succeeded"' in (tmp_path / "r.jsonl").read_text()
    assert Record.load(tmp_path / "r.jsonl").states() == {"one": "success"}


def test_a_page_takes_every_language_along():
    pipeline = Pipeline("p")
    pipeline.task(lambda: 1, name="one")
    text = run(pipeline).page()
    data = json.loads(re.search(r'id="run">(.*?)</script>', text, re.S)[1])
    assert data["traits"]["words"] == {code: dict(words) for code, words in tables().items()}
    assert data["traits"]["language"] == "en"
