import os, pandas as pd
def process_data(a, b):
    t = b + ".tmp"
    try:
        (pd.read_csv(a) * 2).to_csv(t, index=False)
        os.replace(t, b)
    except BaseException:
        os.path.exists(t) and os.remove(t); raise
# test
pd.DataFrame({"x": [1, 2]}).to_csv("sample.csv", index=False)
process_data("sample.csv", "sample_out.csv")
process_data("sample.csv", "sample_out.csv")
assert len(pd.read_csv("sample_out.csv")) == 2
