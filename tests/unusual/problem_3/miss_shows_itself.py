import os

import pandas as pd
from workbench import Pipeline, draw


def process_data(input_file, output_file):
    rows = pd.read_csv(input_file)
    (rows * 2).to_csv(output_file + ".part", index=False)
    os.replace(output_file + ".part", output_file)


pipeline = Pipeline("doubling")
pipeline.task(process_data)
draw(pipeline)
