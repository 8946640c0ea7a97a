import os
import pandas as pd


def process_data(i, o):
    df = pd.read_csv(i) * 2
    if df.empty and os.path.exists(o):
        return
    df.to_csv(o + ".part", index=False)
    os.replace(o + ".part", o)
