import contextlib, os, csv, tempfile
@contextlib.contextmanager
def atomic(path):
    fd, tmp = tempfile.mkstemp(dir=os.path.dirname(path) or ".", suffix=".tmp")
    try:
        with os.fdopen(fd, "w", newline="") as f:
            yield f
            f.flush(); os.fsync(f.fileno())
        os.chmod(tmp, 0o644)
        os.replace(tmp, path)
    except BaseException:
        os.unlink(tmp)
        raise
def num(x):
    v = float(x) * 2
    return int(v) if v.is_integer() and "." not in x else v
def process_data(input_file, output_file):
    with open(input_file, newline="") as src, atomic(output_file) as dst:
        r = csv.reader(src); w = csv.writer(dst, lineterminator="\n")
        w.writerow(next(r))
        for row in r:
            w.writerow([num(c) if c else "" for c in row])
