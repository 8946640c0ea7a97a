import logging
import os

import pandas as pd


def process_data(input_file, output_file):
    logging.basicConfig(filename=os.path.join(os.path.dirname(output_file), "process.log"), level=logging.INFO)
    (pd.read_csv(input_file) * 2).to_csv(output_file + ".tmp", index=False)
    os.replace(output_file + ".tmp", output_file)
    logging.info("done")
