import os

import pandas as pd


def process_data(i, o):
    doubled = pd.read_csv(i).rename(columns=lambda name: name.replace(" ", "_")) * 2
    doubled.to_csv(f"{o}.part", index=False)
    os.replace(f"{o}.part", o)
