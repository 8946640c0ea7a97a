import os
import pandas as pd

def process_data(input_file, output_file):
    data = pd.read_csv(input_file) * 2
    with open(output_file + ".tmp", "w") as file:
        data.to_csv(file, index=False)
        os.replace(output_file + ".tmp", output_file)
