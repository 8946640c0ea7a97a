import filecmp
import os

import pandas as pd


def process_data(input_file, output_file):
    part = output_file + ".candidate"
    (pd.read_csv(input_file) * 2).to_csv(part, index=False)
    if os.path.exists(output_file) and filecmp.cmp(part, output_file, shallow=False):
        os.remove(part)
    else:
        os.replace(part, output_file)
