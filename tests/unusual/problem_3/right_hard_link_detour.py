import os

import pandas as pd


def process_data(input_file, output_file):
    part, second = output_file + ".1", output_file + ".2"
    try:
        (pd.read_csv(input_file) * 2).to_csv(part, index=False)
        os.link(part, second)
        os.replace(second, output_file)
    finally:
        os.unlink(part)
