import os

import pandas as pd


def process_data(i, o):
    lock, part = f"{o}.lock", f"{o}.part"
    if os.path.exists(lock):
        return
    open(lock, "w").close()
    try:
        (pd.read_csv(i) * 2).to_csv(part, index=False)
        os.replace(part, o)
    finally:
        os.remove(lock)
