import pandas as pd


def process_data(input_file, output_file):
    doubled = pd.read_csv(input_file) * 2
    with open(output_file, "w") as output:
        print(doubled.to_csv(index=False), file=output)
