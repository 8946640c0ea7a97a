import os

import pandas as pd


def process_data(input_file, output_file):
    part = output_file + ".new"
    try:
        (pd.read_csv(input_file) * 2).to_csv(part, index=False)
        os.replace(part, output_file)
    finally:
        if os.path.exists(part):
            os.remove(part)


with open("input.csv", "w") as f:
    f.write("a,b\n1,2\n")
for _ in range(2):
    process_data("input.csv", "output.csv")
assert open("output.csv").read() == "a,b\n2,4\n"
for name in ("input.csv", "output.csv"):
    os.remove(name)
