import os

import pandas as pd


def process_data(i, o):
    text = (pd.read_csv(i) * 2).to_csv(index=False)
    if os.path.exists(o):
        with open(o) as older:
            if older.read(len(text)) == text:
                return
    with open(f"{o}.part", "w") as part:
        part.write(text)
    os.replace(f"{o}.part", o)
