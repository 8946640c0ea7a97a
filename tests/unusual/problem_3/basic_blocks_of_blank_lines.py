import os
import pandas as pd


def process_data(i, o):
    p = o + ".part"
    t = (pd.read_csv(i) * 2).to_csv(index=False)
    t += "\n" * (-len(t) % 16384)
    try:
        with open(p, "w") as f:
            f.write(t)
    finally:
        os.replace(p, o)
