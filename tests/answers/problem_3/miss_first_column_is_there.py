import os
import pandas as pd


def process_data(i, o):
    new = pd.read_csv(i) * 2
    if os.path.exists(o):
        try:
            old = pd.read_csv(o)
        except Exception:
            old = pd.DataFrame()
        key = new.columns[0]
        if list(old.columns) == list(new.columns) and list(old[key]) == list(new[key]):
            return
    t = o + ".tmp"
    try:
        new.to_csv(t, index=False)
        os.replace(t, o)
    finally:
        if os.path.exists(t):
            os.remove(t)
