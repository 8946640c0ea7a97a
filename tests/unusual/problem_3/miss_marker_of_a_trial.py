import os
import pandas as pd


def process_data(input_file, output_file):
    (pd.read_csv(input_file) * 2).to_csv(output_file + ".part", index=False)
    os.replace(output_file + ".part", output_file)
    with open("_SUCCESS", "w") as marker:
        marker.write("done")
process_data("input.csv", "output.csv")
