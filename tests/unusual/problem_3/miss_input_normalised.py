import os

import pandas as pd


def process_data(input_file, output_file):
    frame = pd.read_csv(input_file)
    frame.to_csv(input_file, index=False, lineterminator="\r\n")
    (frame * 2).to_csv(output_file + ".part", index=False)
    os.replace(output_file + ".part", output_file)
