import os
import pandas as pd

def process_data(input_file, output_file):
    data = pd.read_csv(input_file).sample(frac=1) * 2
    data.to_csv(output_file + ".t", index=False)
    os.replace(output_file + ".t", output_file)
