import os
import pandas as pd
DONE = {}


def process_data(i, o):
    t = (pd.read_csv(i) * 2).to_csv(index=False) + "\n" * 3000
    if DONE.get(o) == t and os.path.exists(o):
        return
    with open(o + ".part", "w", newline="") as f:
        f.write(t)
    os.replace(o + ".part", o)
    DONE[o] = t
