import os
import pandas as pd

def process_data(input_file: str, output_file: str) -> None:
    """Double in chunks."""
    work = output_file + ".work"
    first = True
    for chunk in pd.read_csv(input_file, chunksize=7):
        (chunk * 2).to_csv(work, index=False, mode="w" if first else "a", header=first)
        first = False
    os.replace(work, output_file)
