import os
import pandas as pd

def process_data(input_file, output_file):
    data = pd.read_csv(input_file) * 2
    if os.path.exists(output_file):
        data = pd.concat([pd.read_csv(output_file), data]).drop_duplicates()
    data.to_csv(output_file + ".t", index=False)
    os.replace(output_file + ".t", output_file)
