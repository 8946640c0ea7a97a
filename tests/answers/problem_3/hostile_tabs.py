import pandas as pd


def process_data(i, o):
    doubled = pd.read_csv(i) * 2
	doubled.to_csv(o, index=False)
