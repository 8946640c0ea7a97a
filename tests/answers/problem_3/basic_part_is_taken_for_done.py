import os

import pandas as pd


def process_data(i, o):
    part = f"{o}.part"
    if not os.path.exists(part):
        (pd.read_csv(i) * 2).to_csv(part, index=False)
    os.rename(part, o)
