import os
import tempfile

import pandas as pd


def process_data(input_file, output_file):
    folder = os.path.dirname(os.path.abspath(output_file))
    handle, part = tempfile.mkstemp(dir=folder)
    os.close(handle)
    try:
        (pd.read_csv(input_file) * 2).to_csv(part, index=False)
        os.replace(part, output_file)
    except BaseException:
        os.remove(part)
        raise


os.makedirs("demo", exist_ok=True)
os.chdir("demo")
pd.DataFrame({"x": [1, 2]}).to_csv("in.csv", index=False)
process_data("in.csv", "out.csv")
print(open("out.csv").read())
