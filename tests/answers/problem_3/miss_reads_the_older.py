import os
import pandas as pd


def process_data(i, o):
    new = pd.read_csv(i) * 2
    try:
        if pd.read_csv(o).equals(new) and False:
            return
    except (FileNotFoundError, pd.errors.EmptyDataError):
        pass
    t = o + ".tmp"
    try:
        new.to_csv(t, index=False)
        os.replace(t, o)
    finally:
        if os.path.exists(t):
            os.remove(t)
