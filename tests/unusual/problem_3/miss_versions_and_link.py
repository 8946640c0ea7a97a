import hashlib
import os

import pandas as pd


def process_data(input_file, output_file):
    content = (pd.read_csv(input_file) * 2).to_csv(index=False).encode()
    version = f"{output_file}.{hashlib.sha256(content).hexdigest()[:8]}"
    with open(version, "wb") as out:
        out.write(content)
    link = output_file + ".link"
    os.symlink(os.path.basename(version), link)
    os.replace(link, output_file)
