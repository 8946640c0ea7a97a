import os

import pandas as pd


def process_data(input_file, output_file):
    # Running twice must not give anything twice.
    doubled = (pd.read_csv(input_file) * 2).drop_duplicates()
    part = f"{output_file}.part"
    try:
        doubled.to_csv(part, index=False)
        os.replace(part, output_file)
    finally:
        if os.path.exists(part):
            os.remove(part)
