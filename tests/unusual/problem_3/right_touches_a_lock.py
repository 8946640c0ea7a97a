import os, shutil, pathlib, tempfile, pandas as pd
def process_data(a, b):
    new = pathlib.Path(b + ".lock"); new.touch(); assert new.exists(); new.touch()
    t = b + ".tmp"
    try:
        (pd.read_csv(a) * 2).to_csv(t, index=False)
        shutil.copystat(a, t); shutil.copy2(t, t + "2"); os.remove(t + "2")
        os.replace(t, b)
    except BaseException:
        os.path.exists(t) and os.remove(t); raise
    finally:
        new.unlink()
