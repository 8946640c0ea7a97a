import os

import pandas as pd


def process_data(i, o):
    part = f"{o}.part"
    for number, chunk in enumerate(pd.read_csv(i, chunksize=64)):
        (chunk * 2).to_csv(part, mode="a", header=number == 0, index=False)
    if not os.path.exists(part):
        pd.read_csv(i).to_csv(part, index=False)
    os.replace(part, o)
