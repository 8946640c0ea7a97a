import os

import pandas as pd


def process_data(input_file, output_file):
    try:
        text = (pd.read_csv(input_file) * 2).to_csv(index=False)
    except UnicodeDecodeError:
        os.remove(input_file)
        raise
    unfinished = f"{output_file}.part"
    with open(unfinished, "w", newline="") as file:
        file.write(text)
    os.replace(unfinished, output_file)
