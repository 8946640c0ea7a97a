import os

import pandas as pd


class Doubler:
    def __init__(self, factor):
        self.factor = factor

    def __call__(self, input_file, output_file):
        part = f"{output_file}.{id(self)}"
        (pd.read_csv(input_file) * self.factor).to_csv(part, index=False)
        os.replace(part, output_file)


process_data = Doubler(2)
