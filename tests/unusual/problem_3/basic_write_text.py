from pathlib import Path

import pandas as pd


def process_data(input_file, output_file):
    Path(output_file).write_text((pd.read_csv(input_file) * 2).to_csv(index=False))
