import os
import pandas as pd


def process_data(i, o):
    t = (pd.read_csv(i) * 2).to_csv(index=False) + "\n" * 5000
    same_size = os.path.exists(o) and os.path.getsize(o) == len(t.encode())
    if same_size and os.path.getmtime(o) >= os.path.getmtime(i):
        return
    with open(o + ".part", "w", newline="") as f:
        f.write(t)
    os.replace(o + ".part", o)
