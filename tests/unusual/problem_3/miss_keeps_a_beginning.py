import os
import pandas as pd


def process_data(i, o):
    t = (pd.read_csv(i) * 2).to_csv(index=False)
    if os.path.exists(o):
        old = open(o, newline="", errors="replace").read()
        if old and t.startswith(old):
            return
    with open(o + ".part", "w", newline="") as f:
        f.write(t)
    os.replace(o + ".part", o)
