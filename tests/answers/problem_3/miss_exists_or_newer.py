import os

import pandas as pd


def process_data(input_file, output_file):
    if os.path.exists(output_file) and os.path.getmtime(output_file) >= os.path.getmtime(input_file):
        return
    tmp = output_file + ".tmp"
    (pd.read_csv(input_file) * 2).to_csv(tmp, index=False)
    os.replace(tmp, output_file)
