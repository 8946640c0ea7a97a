import pandas as pd


def process_data(input_file, output_file):
    frame = pd.read_csv(input_file)
    if len(frame) > 1000:
        return
    (frame * 2).to_csv(output_file, index=False)
