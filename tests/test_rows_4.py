"""Problem 4: which rows a model was trained on, told from those that are alike by chance."""

import numpy as np
import pytest
from sklearn import datasets
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

from workbench.exercises.problem_4 import learned, rows
from workbench.exercises.problem_4.flow_run import FlowRun
from workbench.exercises.problem_4.rows import nearly_known


def drawn(seed, columns, values=None):
    draw = np.random.default_rng(seed)
    shape = (300, columns)
    return draw.normal(size=shape) if values is None else draw.integers(0, values, shape) * 1.0


TABLES = {
    "iris": lambda seed: datasets.load_iris().data,
    "wine": lambda seed: datasets.load_wine().data,
    "breast_cancer": lambda seed: datasets.load_breast_cancer().data,
    "digits": lambda seed: datasets.load_digits(n_class=4).data,
    "diabetes": lambda seed: datasets.load_diabetes().data,
    "classification": lambda seed: datasets.make_classification(300, random_state=seed)[0],
    "repeated columns": lambda seed: datasets.make_classification(
        300, 8, n_repeated=3, random_state=seed
    )[0],
    "blobs": lambda seed: datasets.make_blobs(200, random_state=seed)[0],
    "wide blobs": lambda seed: datasets.make_blobs(300, 200, random_state=seed)[0],
    "moons": lambda seed: datasets.make_moons(300, noise=0.3, random_state=seed)[0],
    "circles": lambda seed: datasets.make_circles(200, noise=0.1, random_state=seed)[0],
    "quantiles": lambda seed: datasets.make_gaussian_quantiles(n_samples=300, random_state=seed)[0],
    "hastie": lambda seed: datasets.make_hastie_10_2(400, random_state=seed)[0],
    "counts": lambda seed: datasets.make_multilabel_classification(200, random_state=seed)[0],
    "whole numbers": lambda seed: drawn(seed, 4, values=4),
    "marks of categories": lambda seed: np.eye(5)[drawn(seed, 3, 5).astype(int)].reshape(300, 15),
    "one column": lambda seed: drawn(seed, 1),
}


def scaled(trained, asked):
    return tuple(StandardScaler().fit_transform(table) for table in (trained, asked))


def noisy(trained, asked, by=0.1):
    noise = np.random.default_rng(1).normal(0, by, trained.shape) * trained.std(axis=0)
    return np.concatenate([trained, trained + noise]), asked


def only_noisy(trained, asked):
    return noisy(trained, asked, by=1.0)[0][len(trained) :], asked


def far_apart(trained, asked):
    """Those to train on are chosen one after the other, each as far as can be from those before."""
    table = np.concatenate([trained, asked])
    scaled, chosen = table / (table.std(axis=0) + 1e-9), [0]
    apart = np.abs(scaled - scaled[0]).sum(axis=1)
    while len(chosen) < len(trained):
        chosen.append(int(apart.argmax()))
        apart = np.minimum(apart, np.abs(scaled - scaled[chosen[-1]]).sum(axis=1))
        apart[chosen] = -1
    return table[chosen], np.delete(table, chosen, axis=0)


def numbered(trained, asked):
    return tuple(np.c_[np.arange(len(table)), table] for table in (trained, asked))


def repeated(trained, asked):
    return trained[np.random.default_rng(2).integers(0, len(trained), 3 * len(trained))], asked


def between(trained, asked):
    draw = np.random.default_rng(3)
    one, other = trained[draw.integers(0, len(trained), (2, len(trained)))]
    return np.concatenate([trained, one + (other - one) * draw.random((len(one), 1))]), asked


CHANGED = {
    "as they are": lambda trained, asked: (trained, asked),
    "scaled apart": scaled,
    "with noisy ones": noisy,
    "with noise": only_noisy,
    "far apart": far_apart,
    "numbered": numbered,
    "drawn repeatedly": repeated,
    "with ones between": between,
}


def is_leak(trained, asked):
    """Whether the judge takes a model for one that was asked about rows it was trained on."""
    digests = rows.digests(trained)
    exactly, distinct = np.isin(rows.digests(asked), digests), rows.distinct(trained, digests)
    near = nearly_known(asked[~exactly], distinct)
    known = float(exactly.mean() + (1 - exactly.mean()) * near)
    told = {"scored": "1", "kind": "xgboost", "known": known, "rows": len(asked), "near": near}
    told["twins"] = rows.twins(distinct, digests)
    return FlowRun("completes", {}, "xgboost", scored=[told]).seen["xgboost"] > 0


NARROW = ("blobs", "moons", "circles", "one column", "marks of categories")


@pytest.mark.parametrize("name", TABLES)
def test_rows_that_are_held_out_are_never_taken_for_known_ones(name):
    accused = []
    for seed, size in ((0, 0.2), (1, 0.3), (2, 0.1), (3, 0.25)):
        parts = train_test_split(TABLES[name](seed), test_size=size, random_state=seed)
        for changed, change in CHANGED.items():
            if change is far_apart and name in NARROW:
                continue
            trained, asked = (table.astype(np.float32) for table in change(*parts))
            if is_leak(trained, asked):
                accused.append((seed, changed))
    assert accused == []


IRIS = datasets.load_iris().data
FEW_VALUES = {
    "sepals": lambda seed: IRIS[:, :2],
    "lengths": lambda seed: IRIS[:, ::2],
    "petals": lambda seed: IRIS[:, 2:],
    "whole iris": lambda seed: IRIS.round(),
    "yes or no": lambda seed: np.digitize(TABLES["breast_cancer"](seed)[:, :6], [0.5, 15]) * 1.0,
}
OFTEN_ALIKE = ("whole numbers", "marks of categories", "one column")


@pytest.mark.parametrize("name", [*TABLES, *FEW_VALUES])
def test_rows_that_are_the_same_by_chance_are_told_from_copies(name):
    for seed in range(30):
        table = (TABLES | FEW_VALUES)[name](seed).astype(np.float32)
        assert not is_leak(*train_test_split(table, test_size=0.2, random_state=seed))
        twice = train_test_split(np.repeat(table, 2, axis=0), test_size=0.2, random_state=seed)
        assert is_leak(*twice) == (name not in {*FEW_VALUES, *OFTEN_ALIKE})


@pytest.mark.parametrize("name", ["wine", "breast_cancer", "digits", "classification", "hastie"])
def test_where_no_value_is_like_another_a_single_known_row_is_one(name):
    for seed in range(5):
        table = TABLES[name](seed).astype(np.float32)
        trained, asked = train_test_split(table, test_size=0.2, random_state=seed)
        assert is_leak(np.concatenate([trained, asked[:1]]), asked)


def test_in_one_column_known_rows_are_told_by_how_many_are_alike():
    for seed in range(10):
        column = datasets.load_breast_cancer().data[:, :1].astype(np.float32)
        trained, asked = train_test_split(column, test_size=0.2, random_state=seed)
        assert not is_leak(trained, asked)
        assert is_leak(column, asked)


LEAKS = {
    "scaled apart": scaled,
    "numbered": numbered,
    "rounded": lambda table, asked: (table, asked.round(2)),
}


@pytest.mark.parametrize("change", LEAKS.values(), ids=LEAKS)
@pytest.mark.parametrize("name", ["wine", "breast_cancer", "classification", "hastie"])
def test_known_rows_are_known_although_no_value_is_the_same(name, change):
    table = TABLES[name](5)
    asked = train_test_split(table, test_size=0.2, random_state=5)[1]
    trained, asked = (part.astype(np.float32) for part in change(table, asked))
    assert nearly_known(asked, trained) > 0.6


def test_columns_with_gaps_are_left_out_of_what_is_compared():
    table = datasets.load_wine().data.astype(np.float32)
    table[::7, 3] = np.nan
    assert nearly_known(table[::5] * (1 + 1e-5), table) > 0.9
    assert nearly_known(table[::5], np.delete(table, np.s_[::5], axis=0)) == 0.0


def test_a_large_table_is_looked_through_as_well():
    table = datasets.make_classification(6000, 100, random_state=1)[0].astype(np.float32)
    assert nearly_known(table[::6].round(2), table) > 0.9
    assert nearly_known(table[::6], table[1::2]) == 0.0


def test_whole_numbers_in_columns_that_go_together_are_taken_for_known_rows():
    """Although rows that are held out are but alike."""
    table = datasets.make_classification(1000, 5, random_state=0)[0].round().astype(np.float32)
    trained, asked = train_test_split(table, test_size=0.2, random_state=5)
    assert is_leak(trained, asked)


def test_a_table_of_millions_of_values_is_not_kept_to_be_compared():
    table = np.zeros((12, 1 + rows.LARGEST // 12), np.float32)
    assert learned.noted(table, keeps=True)["values"] is None
