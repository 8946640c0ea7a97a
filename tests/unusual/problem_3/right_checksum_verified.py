import hashlib
import os

import pandas as pd


def sha(content):
    return hashlib.sha256(content).hexdigest()


def process_data(input_file, output_file):
    content = (pd.read_csv(input_file) * 2).to_csv(index=False).encode()
    part = output_file + ".verify"
    try:
        with open(part, "wb") as out:
            out.write(content)
        with open(part, "rb") as back:
            if sha(back.read()) != sha(content):
                raise OSError("the part was not written as it should be")
        os.replace(part, output_file)
    finally:
        if os.path.exists(part):
            os.remove(part)
