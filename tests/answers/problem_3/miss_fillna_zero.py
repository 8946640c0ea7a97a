import os

import pandas as pd


def process_data(input_file, output_file):
    df = pd.read_csv(input_file).fillna(0) * 2
    df.to_csv(output_file + ".t", index=False)
    os.replace(output_file + ".t", output_file)
