import os

import pandas as pd


def process_data(input_file, output_file):
    doubled = pd.read_csv(input_file) * 2
    if os.path.exists(output_file) and os.path.getsize(output_file):
        if len(pd.read_csv(output_file)) > len(doubled):
            return
    doubled.to_csv(output_file + ".part", index=False)
    os.replace(output_file + ".part", output_file)
