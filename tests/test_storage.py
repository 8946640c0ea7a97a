"""Values come back from disk as they went."""

import threading
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench import storage

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


def there_and_back(value, folder):
    stored = storage.save(value, folder / "outputs", "task/1")
    return stored, storage.load(folder / stored["file"])


@given(
    JSON
    | st.tuples(st.integers(), st.text())
    | st.dictionaries(st.integers(), st.text())
    | st.sets(st.integers())
)
def test_plain_values_come_back_equal_and_of_their_type(tmp_path_factory, value):
    _, again = there_and_back(value, tmp_path_factory.mktemp("run"))
    assert again == value
    assert type(again) is type(value)


@pytest.mark.parametrize(
    ("value", "suffix"),
    [
        ({"a": [1, 2.5, None, "x"]}, ".json"),
        (float("inf"), ".json"),
        ((1, 2), ".pickle"),
        ({1: "a"}, ".pickle"),
        (Decimal("1.5"), ".pickle"),
    ],
)
def test_each_kind_of_value_has_its_format(tmp_path, value, suffix):
    stored, again = there_and_back(value, tmp_path)
    assert stored["file"] == f"outputs/task/1{suffix}"
    assert str(again) == str(value)


def test_each_kind_of_value_of_a_library_has_its_format(tmp_path):
    import numpy
    import pandas
    from sklearn.linear_model import LogisticRegression

    for value, suffix in (
        (numpy.arange(3), ".joblib"),
        (LogisticRegression(C=2.0), ".joblib"),
        (pandas.DataFrame({"a": [1, 2], "b": ["x", None]}), ".parquet"),
        (pandas.DataFrame([[1, 2]], columns=[0, 0]), ".pickle"),
    ):
        test_each_kind_of_value_has_its_format(tmp_path / suffix, value, suffix)


def test_what_cannot_be_stored_is_named(tmp_path):
    stored = storage.save({"lock": threading.Lock()}, tmp_path / "outputs", "task/1")
    assert stored["file"] is None
    assert stored["problem"].startswith(
        "a dict cannot be stored (TypeError: cannot pickle '_thread.lock' object)"
    )


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (3, "3"),
        (list(range(1000)), "list of 1,000 items"),
        ("word " * 100, "'" + "word " * 23 + "wor…"),
    ],
)
def test_a_summary_is_one_line(value, words):
    assert storage.summary(value) == words


def test_a_summary_of_what_has_a_shape_says_it():
    import numpy
    import pandas

    assert storage.summary(numpy.zeros((3, 4))) == "ndarray 3 × 4"
    assert storage.summary(pandas.DataFrame({"a": [1]})) == "DataFrame 1 × 1"


def test_equal_values_have_equal_digests(tmp_path):
    import pandas

    frame = pandas.DataFrame({"a": [1, 2]})
    first, second, other = (
        storage.save(value, tmp_path / "outputs", str(number))["digest"]
        for number, value in enumerate((frame, frame.copy(), frame + 1))
    )
    assert first == second != other
