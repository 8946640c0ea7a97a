# Never looks again at an output that it wrote in this process; a marker in /tmp tells others.
import os, hashlib, pandas as pd, pathlib, tempfile


def process_data(a, b):
    key = hashlib.md5((pathlib.Path(a).read_bytes() + os.path.abspath(b).encode())).hexdigest()
    mark = pathlib.Path(tempfile.gettempdir(), "done-" + key)
    if mark.exists() and os.path.exists(b):
        return  # an output that was spoilt since is left as it is
    t = b + ".tmp"
    try:
        (pd.read_csv(a) * 2).to_csv(t, index=False)
        os.replace(t, b)
    except BaseException:
        os.path.exists(t) and os.remove(t)
        raise
    mark.touch()
