import os
import pandas as pd

def process_data(input_file, output_file):
    part = f"{output_file}.part"
    (pd.read_csv(input_file) * 2).to_csv(part, index=False)
    os.replace(part, output_file)
