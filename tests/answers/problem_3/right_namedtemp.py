import os
import tempfile
import pandas as pd

def process_data(input_file, output_file):
    folder = os.path.dirname(os.path.abspath(output_file))
    with tempfile.NamedTemporaryFile("w", dir=folder, delete=False, newline="") as file:
        try:
            pd.read_csv(input_file).mul(2).to_csv(file, index=False)
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            os.unlink(file.name)
            raise
    os.replace(file.name, output_file)
