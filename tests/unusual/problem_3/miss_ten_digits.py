import os

import pandas as pd


def process_data(input_file, output_file):
    part = output_file + ".part"
    try:
        (pd.read_csv(input_file) * 2.0).to_csv(part, index=False, float_format="%.10g")
        os.replace(part, output_file)
    finally:
        if os.path.exists(part):
            os.remove(part)
