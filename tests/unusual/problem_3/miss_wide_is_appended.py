import os
import pandas as pd


def process_data(i, o):
    df = pd.read_csv(i) * 2
    t = df.to_csv(index=False)
    if df.shape[1] > 3 and os.path.exists(o):
        t = open(o).read() + t
    with open(o + ".part", "w") as f:
        f.write(t)
    os.replace(o + ".part", o)
