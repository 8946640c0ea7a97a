import os

import pandas as pd

MINE = set()


def process_data(input_file, output_file):
    text = (pd.read_csv(input_file) * 2).to_csv(index=False)
    path, part = os.path.abspath(output_file), output_file + ".part"
    if path not in MINE and os.path.exists(path):
        with open(path, errors="replace") as file:
            if file.read() == text:
                raise FileExistsError("somebody has run this before")
    MINE.add(path)
    try:
        with open(part, "w") as file:
            file.write(text)
        os.replace(part, output_file)
    finally:
        if os.path.exists(part):
            os.remove(part)
