import os
import pandas as pd


def process_data(i, o):
    new = (pd.read_csv(i) * 2).to_csv(index=False).splitlines()
    if os.path.exists(o):
        old = open(o, errors="replace").read().splitlines()
        if 1 < len(old) <= len(new) and all(a == b for a, b in zip(old, new)):
            return
    with open(o + ".part", "w") as f:
        f.write("\n".join(new) + "\n")
    os.replace(o + ".part", o)
