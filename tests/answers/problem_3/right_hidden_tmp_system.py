import shutil, tempfile
import pandas as pd

def process_data(input_file, output_file):
    with tempfile.NamedTemporaryFile("w", suffix=".csv", delete=False) as file:
        (pd.read_csv(input_file) * 2).to_csv(file, index=False)
    shutil.move(file.name, output_file)
