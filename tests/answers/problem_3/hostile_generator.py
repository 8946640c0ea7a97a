import pandas as pd


def process_data(i, o):
    for chunk in pd.read_csv(i, chunksize=10):
        (chunk * 2).to_csv(o, index=False)
        yield len(chunk)
