import os
import pandas as pd


def process_data(i, o):
    t = o + ".tmp"
    try:
        df = pd.read_csv(i).dropna(how="all")
        (df * 2).to_csv(t, index=False)
        os.replace(t, o)
    finally:
        if os.path.exists(t):
            os.remove(t)
