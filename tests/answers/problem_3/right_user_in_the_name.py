import getpass
import os

import pandas as pd


def process_data(input_file, output_file):
    part = f"{output_file}.{getpass.getuser()}"
    try:
        (pd.read_csv(input_file) * 2).to_csv(part, index=False)
        os.replace(part, output_file)
    finally:
        if os.path.exists(part):
            os.remove(part)
