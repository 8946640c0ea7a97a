import glob
import os

import pandas as pd


def process_data(i, o):
    for old in glob.glob(glob.escape(o) + ".*.part"):
        os.remove(old)
    part = f"{o}.{os.getpid()}.part"
    try:
        (pd.read_csv(i) * 2).to_csv(part, index=False)
        os.replace(part, o)
    finally:
        if os.path.exists(part):
            os.remove(part)
