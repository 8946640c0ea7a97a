import os

import pandas as pd


def process_data(input_file, output_file):
    doubled = pd.read_csv(input_file) * 2
    try:
        if os.path.exists(output_file) and len(pd.read_csv(output_file)) == len(doubled):
            return
    except ValueError:
        pass
    text = doubled.to_csv(index=False)
    unfinished = f"{output_file}.part"
    with open(unfinished, "w", newline="") as file:
        file.write(text)
    os.replace(unfinished, output_file)
