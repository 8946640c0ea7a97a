import contextlib
import os

import pandas as pd


def process_data(i, o):
    part = f"{o}.part"
    with open(part, "x") as file:
        try:
            (pd.read_csv(i) * 2).to_csv(file, index=False)
            file.close()
            os.replace(part, o)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.remove(part)
            raise
