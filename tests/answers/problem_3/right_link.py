import os
import pandas as pd

def process_data(input_file, output_file):
    a, b = output_file + ".a", output_file + ".b"
    pd.read_csv(input_file).apply(lambda column: column * 2).to_csv(a, index=False)
    os.link(a, b)
    os.remove(a)
    os.replace(b, output_file)
