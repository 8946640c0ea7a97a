import os
import pandas as pd

def process_data(input_file, output_file):
    temporary = output_file + ".tmp"
    data = pd.read_csv(input_file) * 2
    try:
        data.to_csv(temporary, index=False)
    finally:
        os.replace(temporary, output_file)
