import shutil
import tempfile

import pandas as pd


def process_data(input_file, output_file):
    with tempfile.NamedTemporaryFile("w", dir=".", suffix=".csv", delete=False, newline="") as part:
        (pd.read_csv(input_file) * 2).to_csv(part, index=False)
    shutil.move(part.name, output_file)
