import hashlib
import os


def process_data(i, o):
    with open(i, "rb") as file:
        content = file.read()
    part = f"{o}.{hashlib.sha256(content).hexdigest()[:12]}.part"
    header, *rows = content.decode().splitlines()
    lines = [header, *(",".join(map(double, row.split(","))) for row in rows)]
    text = "".join(f"{line}\n" for line in lines).encode()
    with open(part, "ab") as file:
        at = file.tell()
        with open(part, "rb") as older:
            whole = text.startswith(older.read())
        if not whole:
            file.truncate(0)
            at = 0
        file.write(text[at:])
    os.replace(part, o)


def double(cell):
    return repr(float(cell) * 2) if "." in cell or "e" in cell else cell and str(int(cell) * 2)
