import os

import pandas as pd


def process_data(i, o):
    folder = os.path.dirname(os.path.abspath(o))
    if not os.path.isdir(folder):
        print("There is no", folder)
        return -1
    (pd.read_csv(i) * 2).to_csv(f"{o}.part", index=False)
    os.replace(f"{o}.part", o)
    return 0
