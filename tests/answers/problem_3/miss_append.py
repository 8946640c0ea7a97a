import pandas as pd

def process_data(input_file, output_file):
    processed = pd.read_csv(input_file) * 2
    with open(output_file, "a") as file:
        processed.to_csv(file, index=False)
