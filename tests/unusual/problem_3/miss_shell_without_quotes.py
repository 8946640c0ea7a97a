import os

import pandas as pd


def process_data(input_file, output_file):
    part = output_file + ".part"
    (pd.read_csv(input_file) * 2).to_csv(part, index=False)
    os.system(f"mv {part} {output_file}")
