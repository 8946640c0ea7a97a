import os
import pandas as pd


def process_data(input_file, output_file):
    there = os.path.exists(output_file)
    table = pd.read_csv(input_file) * 2
    table.to_csv(f"{output_file}.part", index=False, na_rep="NULL" if there else "")
    os.replace(f"{output_file}.part", output_file)
