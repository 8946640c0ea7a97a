import os

import pandas as pd


def process_data(i, o):
    part, done = f"{o}.part", 0
    if os.path.exists(part):
        with open(part) as file:
            done = max(0, len(file.readlines()) - 1)
    doubled = pd.read_csv(i) * 2
    fresh = not os.path.exists(part)
    doubled.iloc[done:].to_csv(part, mode="a", header=fresh, index=False)
    os.replace(part, o)
