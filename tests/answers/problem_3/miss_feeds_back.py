import os
import pandas as pd

def process_data(input_file, output_file):
    source = output_file if os.path.exists(output_file) else input_file
    (pd.read_csv(source) * 2).to_csv(output_file + ".t", index=False)
    os.replace(output_file + ".t", output_file)
