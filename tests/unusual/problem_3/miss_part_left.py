import shutil

import pandas as pd


def process_data(input_file, output_file):
    part = output_file + ".tmp"
    (pd.read_csv(input_file) * 2).to_csv(part, index=False)
    shutil.copy(part, output_file)
