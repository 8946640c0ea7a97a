import os
import pandas as pd
DONE = {}


def process_data(i, o):
    df = pd.read_csv(i) * 2
    t = df.to_csv(index=False, lineterminator="\r")
    if DONE.get(o) == t and os.path.exists(o):
        return
    with open(o + ".part", "w", newline="") as f:
        f.write(t)
    os.replace(o + ".part", o)
    DONE[o] = t
