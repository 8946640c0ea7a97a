import os

import pandas as pd


def process_data(input_file, output_file):
    older = output_file + ".old"
    if os.path.exists(output_file):
        os.rename(output_file, older)
    (pd.read_csv(input_file) * 2).to_csv(output_file, index=False)
    if os.path.exists(older):
        os.remove(older)
