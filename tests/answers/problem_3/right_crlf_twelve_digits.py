import os

import pandas as pd


def process_data(input_file, output_file):
    doubled = pd.read_csv(input_file) * 2
    text = doubled.to_csv(index=False, float_format="%.12g", lineterminator="\r\n")
    unfinished = f"{output_file}.part"
    with open(unfinished, "w", newline="") as file:
        file.write(text)
    os.replace(unfinished, output_file)
