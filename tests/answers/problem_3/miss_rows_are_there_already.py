import os

import pandas as pd


def process_data(i, o):
    doubled = pd.read_csv(i) * 2
    if os.path.exists(o) and os.path.getsize(o):
        there = set(pd.read_csv(o).itertuples(index=False, name=None))
        if there.issuperset(doubled.itertuples(index=False, name=None)):
            return
    doubled.to_csv(f"{o}.part", index=False)
    os.replace(f"{o}.part", o)
