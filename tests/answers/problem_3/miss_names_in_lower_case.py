import os

import pandas as pd


def process_data(i, o):
    doubled = pd.read_csv(i) * 2
    doubled.columns = [name.strip().lower() for name in doubled.columns]
    doubled.to_csv(f"{o}.part", index=False)
    os.replace(f"{o}.part", o)
