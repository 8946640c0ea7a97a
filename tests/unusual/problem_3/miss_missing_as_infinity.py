import os
import pandas as pd


def process_data(i, o):
    df = pd.read_csv(i) * 2
    df.to_csv(o + ".part", index=False, na_rep="1e999")
    os.replace(o + ".part", o)
