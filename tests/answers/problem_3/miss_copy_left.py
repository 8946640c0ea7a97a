import os
import pandas as pd

import shutil

def process_data(input_file, output_file):
    (pd.read_csv(input_file) * 2).to_csv(output_file + ".t", index=False)
    shutil.copy(output_file + ".t", output_file)
