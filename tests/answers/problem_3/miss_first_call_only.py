import pandas as pd

fresh = True

def process_data(input_file, output_file):
    global fresh
    (pd.read_csv(input_file) * 2).to_csv(output_file, mode="w" if fresh else "a", index=False)
    fresh = False
