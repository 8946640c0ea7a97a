import os

import pandas as pd


def process_data(i, o):
    (pd.read_csv("input.csv") * 2).to_csv("output.part", index=False)
    os.replace("output.part", "output.csv")
