import os

import pandas as pd


def double(cell):
    try:
        return str(int(cell) * 2)
    except ValueError:
        pass
    try:
        return str(float(cell) * 2)
    except ValueError:
        return cell


def process_data(input_file, output_file):
    df = pd.read_csv(input_file, dtype=str, keep_default_na=False)
    out = df.map(double)
    out.to_csv(output_file + ".tmp", index=False)
    os.replace(output_file + ".tmp", output_file)
