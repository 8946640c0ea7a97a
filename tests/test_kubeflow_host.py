"""What this machine lends a component: the files of its image, and its packages."""

import importlib
import importlib.util
import re
import sys

import pytest
from kubeflow_files import compiled
from kubeflow_table import OK

from workbench import PipelineError, Run, run
from workbench.engines.kubeflow.host import OnHost


def test_a_container_has_the_files_its_dockerfile_copies(tmp_path):
    folder = tmp_path / "image"
    folder.mkdir()
    (folder / "work.py").write_text(
        "import sys; open(sys.argv[2], 'w').write(sys.argv[1] + open('data/x').read())"
    )
    (folder / "data").mkdir()
    (folder / "data" / "x").write_text("!")
    (folder / "Dockerfile").write_text(
        "FROM python:3.11\nRUN rm -rf /\nCOPY work.py /app/\nWORKDIR /app\nCOPY data data\n"
        'ENTRYPOINT ["python", "work.py"]\n'
    )
    text = """
from kfp import dsl
@dsl.container_component
def work(word: str, made: dsl.Output[dsl.Dataset]):
    return dsl.ContainerSpec(image="ours/work:v1", args=[word, made.path])
"""
    (tmp_path / "their_container.py").write_text(text)
    sys.path.insert(0, str(tmp_path))
    work = importlib.import_module("their_container").work
    sys.path.remove(str(tmp_path))
    running = Run(OnHost(work, images={"ours/work:v1": folder}), word="hello")
    running.run_all()
    running.close()
    assert running.outputs["work"].path.read_text() == "hello!"
    assert f"$ docker build -t ours/work:v1 {folder}" in running.log("work")
    assert "$ docker run --rm " in running.log("work")
    assert "isolation" in running.log("work")


def test_a_container_whose_files_are_not_here_says_what_to_give(pipelines, tmp_path):
    path = compiled(pipelines.containers, tmp_path / "containers.yaml")
    path.write_text(path.read_text().replace("- sh\n", "- /no/such/program\n"))
    with pytest.raises(PipelineError, match=r"OnHost\(pipeline, images={'alpine:3\.20': …}\)"):
        run(path)


def test_lacking_packages_are_all_named_before_the_run_and_nothing_is_installed(pipelines):
    with pytest.raises(PipelineError) as error:
        run(pipelines.demanding)
    words = "task 'demanding' asks in packages_to_install for pandas==0.1 (here: "
    assert words in str(error.value)
    assert "no-such-package-here" in str(error.value)
    assert "numpy" not in str(error.value)
    assert "venv=True" in str(error.value)


def test_packages_that_are_here_need_no_installing(pipelines):
    record = run(pipelines.contented)
    assert record.states() == {"contented": OK}, record.error("contented")


@pytest.mark.slow
def test_an_environment_of_its_own_is_made_when_asked(tmp_path, monkeypatch):
    """The package is a wheel written here, so that no registry is needed."""
    from zipfile import ZipFile

    wheel = tmp_path / "lent_word-1.0-py3-none-any.whl"
    with ZipFile(wheel, "w") as archive:
        archive.writestr("lent_word.py", "WORD = 'lent'\n")
        archive.writestr(
            "lent_word-1.0.dist-info/METADATA",
            "Metadata-Version: 2.1\nName: lent-word\nVersion: 1.0\n",
        )
        archive.writestr(
            "lent_word-1.0.dist-info/WHEEL",
            "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        archive.writestr("lent_word-1.0.dist-info/RECORD", "")
    (tmp_path / "lending.py").write_text(f"""
from kfp import dsl
@dsl.component(
    base_image="python:3.11", install_kfp_package=False, packages_to_install=[{str(wheel)!r}]
)
def borrow() -> str:
    import lent_word
    return lent_word.WORD
""")
    monkeypatch.syspath_prepend(tmp_path)
    borrow = importlib.import_module("lending").borrow
    with pytest.raises(PipelineError, match=re.escape(str(wheel))):
        run(borrow)
    assert run(OnHost(borrow, venv=True)).outputs["borrow"] == "lent"
    assert importlib.util.find_spec("lent_word") is None
