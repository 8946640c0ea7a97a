import os
import pandas as pd

import time

def process_data(input_file, output_file):
    data = pd.read_csv(input_file) * 2
    data["written_at"] = time.time_ns()
    data.to_csv(output_file + ".t", index=False)
    os.replace(output_file + ".t", output_file)
