import pandas as pd


def process_data(input_file, output_file):
    open(output_file, "w").close()
    for number, chunk in enumerate(pd.read_csv(input_file, chunksize=100)):
        (chunk * 2).to_csv(output_file, mode="a", header=number == 0, index=False)
