import os
import pandas as pd


def process_data(i, o):
    df = pd.read_csv(i) * 2
    if os.path.exists(o) and os.path.getsize(o) == 0:
        df.to_csv(o, index=False)  # nothing to lose
        return
    t = o + ".tmp"
    try:
        df.to_csv(t, index=False)
        os.replace(t, o)
    finally:
        if os.path.exists(t):
            os.remove(t)
