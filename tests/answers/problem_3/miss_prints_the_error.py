import os

import pandas as pd


def process_data(i, o):
    try:
        (pd.read_csv(i) * 2).to_csv(f"{o}.part", index=False)
        os.replace(f"{o}.part", o)
    except Exception as error:
        print(f"Error: {error}")
