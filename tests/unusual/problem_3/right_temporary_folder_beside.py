import os
import tempfile

import pandas as pd


def process_data(input_file, output_file):
    beside = os.path.dirname(os.path.abspath(output_file))
    with tempfile.TemporaryDirectory(dir=beside) as folder:
        part = os.path.join(folder, "doubled.csv")
        (pd.read_csv(input_file) * 2).to_csv(part, index=False)
        os.replace(part, output_file)
