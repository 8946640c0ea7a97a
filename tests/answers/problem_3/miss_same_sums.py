import os

import numpy as np
import pandas as pd


def process_data(input_file, output_file):
    doubled = pd.read_csv(input_file) * 2
    try:
        older = pd.read_csv(output_file)
        if older.shape == doubled.shape and list(older) == list(doubled):
            if np.allclose(older.sum(), doubled.sum()):
                return
    except (OSError, ValueError, TypeError):
        pass
    text = doubled.to_csv(index=False)
    unfinished = f"{output_file}.part"
    with open(unfinished, "w", newline="") as file:
        file.write(text)
    os.replace(unfinished, output_file)
