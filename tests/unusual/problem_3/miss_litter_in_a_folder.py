# leaves an older copy beside the output, wherever that is in a folder of its own
import os, shutil, pandas as pd
def process_data(a, b):
    folder = os.path.dirname(b)
    t = b + ".tmp"
    try:
        (pd.read_csv(a) * 2).to_csv(t, index=False)
        os.replace(t, b)
        if folder:
            shutil.copy(b, b + ".bak"); open(os.path.join(folder, "_SUCCESS"), "w").close()
    except BaseException:
        os.path.exists(t) and os.remove(t); raise
