import os
import pandas as pd


def process_data(i, o):
    df = pd.read_csv(i) * 2
    t = df.to_csv(index=False)
    if len(df) == 1 and os.path.exists(o):
        t = open(o).read() + t.split("\n", 1)[1]
    with open(o + ".part", "w") as f:
        f.write(t)
    os.replace(o + ".part", o)
