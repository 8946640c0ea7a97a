import pandas as pd


async def process_data(i, o):
    (pd.read_csv(i) * 2).to_csv(o, index=False)
