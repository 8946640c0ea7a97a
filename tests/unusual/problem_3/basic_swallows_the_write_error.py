import os

import pandas as pd


def process_data(input_file, output_file):
    frame = pd.read_csv(input_file) * 2
    part = output_file + ".part"
    try:
        frame.to_csv(part, index=False)
    except OSError as error:
        print("could not write:", error)
    os.replace(part, output_file)
