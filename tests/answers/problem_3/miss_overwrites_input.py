import os
import pandas as pd

def process_data(input_file, output_file):
    data = pd.read_csv(input_file)
    data.to_csv(input_file, index=False, float_format="%.9f")
    (data * 2).to_csv(output_file + ".t", index=False)
    os.replace(output_file + ".t", output_file)
