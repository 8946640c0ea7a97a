import os
import pandas as pd


def process_data(i, o):
    df = pd.read_csv(i) * 2
    if len(df) > 1000:  # too large for a second copy
        df.to_csv(o, index=False)
        return
    t = o + ".tmp"
    try:
        df.to_csv(t, index=False)
        os.replace(t, o)
    finally:
        if os.path.exists(t):
            os.remove(t)
