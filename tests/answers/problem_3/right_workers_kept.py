import os
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import pandas as pd

threads = ThreadPoolExecutor(2)
processes = ProcessPoolExecutor(1)


def doubled(table):
    return (table * 2).to_csv(index=False)


def process_data(input_file, output_file):
    table = threads.submit(pd.read_csv, input_file).result()
    text = processes.submit(doubled, table).result()
    unfinished = f"{output_file}.part"
    with open(unfinished, "w", newline="") as file:
        file.write(text)
    os.replace(unfinished, output_file)
