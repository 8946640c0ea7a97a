import os

import pandas as pd


def process_data(i, o):
    part = f"{o}.part"
    for chunk in pd.read_csv(i, chunksize=100):
        (chunk * 2).to_csv(part, mode="a", header=not os.path.exists(part), index=False)
    if not os.path.exists(part):
        pd.read_csv(i).to_csv(part, index=False)
    os.replace(part, o)
