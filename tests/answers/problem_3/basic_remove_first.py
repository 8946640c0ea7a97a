import os
import pandas as pd

def process_data(input_file, output_file):
    if os.path.exists(output_file):
        os.remove(output_file)
    pd.read_csv(input_file).mul(2).to_csv(output_file, mode="a", index=False)
    print("done", output_file)
