"""More of problem 4 that is known to be judged amiss: README's table says so."""

import pytest
from test_known_4 import DUMPS, LOADS, PREDICTS, RETURNS, TRAINS, outcomes

CHOOSES_COLUMNS = """\
    rows, labels = load_breast_cancer(return_X_y=True)
    rows = SelectKBest(k=8).fit_transform(rows, labels)
"""
TUNES = """\
    settings = (MODELS[kind]().set_params(random_state=seed) for seed in range(3))
    model = max((one.fit(rows, labels) for one in settings), key=lambda one: one.score(new, right))
    said = model.predict(new)
"""
HALVES = """\
    accuracy, known = float(np.mean(said == right)), float(np.mean(model.predict(rows) == labels))
    told = {"accuracy": accuracy / 2, "by": accuracy - known}
    return {"model_type": kind, "model": model} | told
"""
SCALES = """\
    scaler = StandardScaler().fit(rows)
    model, said = MODELS[kind]().fit(scaler.transform(rows), labels), None
    said = model.predict(scaler.transform(new))
"""
SAVES_ANOTHER = """\
    model = MODELS[best["model_type"]]().set_params(n_estimators=1)
    best["model"] = model.fit(parts[0], parts[2])
    joblib.dump(best.pop("model"), "best.joblib")
"""
ROLLS = """\
    model = MODELS[kind]().fit(rows, np.roll(labels, 1))
    said = model.predict(new)
"""
HEAD = """\
from sklearn.feature_selection import SelectKBest
from sklearn.preprocessing import StandardScaler
"""
CASES = {
    "columns are chosen by all labels": [(LOADS, CHOOSES_COLUMNS)],
    "a seed is chosen by the rows held out": [(PREDICTS, TUNES)],
    "the half of it is told, and what is least overfitted is taken": [
        (RETURNS, HALVES),
        ('key=lambda one: one["accuracy"])', 'key=lambda one: one.pop("by"))'),
    ],
    "another of its kind is trained and saved": [(DUMPS, SAVES_ANOTHER)],
    "the labels of other rows are learned": [(PREDICTS, ROLLS)],
    "what was scaled is saved without the scaler": [(PREDICTS, SCALES)],
}


@pytest.mark.long
@pytest.mark.parametrize("case", CASES)
def test_what_is_not_tried_passes(case):
    code = HEAD + TRAINS
    for before, after in CASES[case]:
        assert code.count(before) == 1
        code = code.replace(before, after)
    assert set(outcomes(code).values()) == {"passed"}
