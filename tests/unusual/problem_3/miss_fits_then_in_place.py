import os

import pandas as pd


def process_data(input_file, output_file):
    doubled = (pd.read_csv(input_file) * 2).to_csv(index=False)
    part = output_file + ".part"
    try:
        with open(part, "w") as file:
            file.write(doubled)
        if not os.path.exists(output_file):
            os.rename(part, output_file)
            return
        with open(output_file, "r+") as file:
            file.write(doubled)
            file.truncate()
    finally:
        if os.path.exists(part):
            os.remove(part)
