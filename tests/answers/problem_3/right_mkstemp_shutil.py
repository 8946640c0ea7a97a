import os, shutil, tempfile
import pandas as pd

def process_data(input_file, output_file):
    handle, name = tempfile.mkstemp(dir=os.path.dirname(output_file), suffix=".csv")
    os.close(handle)
    (pd.read_csv(input_file) * 2).to_csv(name, index=False)
    shutil.move(name, output_file)
