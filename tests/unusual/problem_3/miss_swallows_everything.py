import pandas as pd


def process_data(input_file, output_file):
    try:
        (pd.read_csv(input_file) * 2).to_csv(output_file, index=False)
    except Exception as error:
        print("failed:", error)
