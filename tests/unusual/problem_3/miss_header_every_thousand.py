import pandas as pd


def process_data(input_file, output_file):
    with open(output_file, "w") as out:
        for chunk in pd.read_csv(input_file, chunksize=1000):
            (chunk * 2).to_csv(out, index=False)
