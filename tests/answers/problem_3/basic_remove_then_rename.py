import os
import pandas as pd

def process_data(input_file, output_file):
    (pd.read_csv(input_file) * 2).to_csv(output_file + ".tmp", index=False)
    if os.path.exists(output_file):
        os.remove(output_file)
    os.rename(output_file + ".tmp", output_file)
