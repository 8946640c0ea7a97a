import logging
import os

import pandas as pd

logging.basicConfig(filename="process.log", level=logging.INFO)


def process_data(input_file, output_file):
    part = output_file + ".new"
    try:
        (pd.read_csv(input_file) * 2).to_csv(part, index=False)
        os.replace(part, output_file)
    finally:
        if os.path.exists(part):
            os.remove(part)
    logging.info("doubled %s", input_file)
