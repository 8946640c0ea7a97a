import os
import pandas as pd


def process_data(i, o):
    t = o + ".tmp"
    try:
        if os.path.exists(o):
            (pd.read_csv(i) * 2).to_csv(t, index=False)
            os.replace(t, o)
            return
        for n, c in enumerate(pd.read_csv(i, chunksize=100)):
            if n:
                (c * 2).to_csv(o, mode="a", header=False, index=False)
            else:
                (c * 2).to_csv(t, index=False)
                os.replace(t, o)
        if not os.path.exists(o):
            pd.read_csv(i).to_csv(o, index=False)
    finally:
        if os.path.exists(t):
            os.remove(t)
