import os

import pandas as pd


def process_data(i, o):
    header, rows = (pd.read_csv(i) * 2).to_csv(index=False).split("\n", 1)
    if os.path.exists(o):
        with open(o) as older:
            text = older.read()
        if text.startswith(header) and text.endswith(f"\n{rows}"):
            return
    with open(f"{o}.part", "w") as part:
        part.write(f"{header}\n{rows}")
    os.replace(f"{o}.part", o)
