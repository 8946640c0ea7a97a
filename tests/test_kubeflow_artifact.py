"""Artifacts: what was logged, what is in the file, and what it was made from."""

from workbench import run
from workbench.engines.kubeflow.artifact import Artifact


def test_artifacts_can_be_looked_into(pipelines):
    made = run(pipelines.logged).outputs["score"]
    assert dict(made["metrics"].metadata) == {"accuracy": 0.75}
    assert made["model"].path.read_text() == "weights"
    assert made["model"].metadata == {"framework": "none"}
    assert "accuracy" in made["metrics"]._repr_html_()


def test_a_dataset_is_a_table_and_knows_where_it_came_from(pipelines):
    made = run(pipelines.files, text="a,b\n1,2\n").outputs["write"]
    assert made.table().to_dict("list") == {"a": [1], "b": [2]}
    assert made.lineage() == "Dataset data ← write\n  text = 'a,b\\n1,2\\n'"
    assert "<td>2</td>" in made._repr_html_()


def test_confusion_matrices_are_tables():
    from kfp.dsl import ClassificationMetrics

    logged = ClassificationMetrics(metadata={})
    logged.log_confusion_matrix(["no", "yes"], [[3, 1], [0, 6]])
    table = Artifact("ClassificationMetrics", "matrix", "nowhere", logged.metadata).table()
    assert table.loc["no", "yes"] == 1
    assert table.loc["yes", "yes"] == 6
