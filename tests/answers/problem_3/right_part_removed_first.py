import os

import pandas as pd


def process_data(i, o):
    part = f"{o}.part"
    if os.path.exists(part):
        os.remove(part)
    pd.read_csv(i, nrows=0).to_csv(part, index=False)
    for chunk in pd.read_csv(i, chunksize=150):
        (chunk * 2).to_csv(part, mode="a", header=False, index=False)
    os.replace(part, o)
