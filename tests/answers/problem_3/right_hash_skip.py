import hashlib
import io
import os

import pandas as pd


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def process_data(input_file, output_file):
    buffer = io.BytesIO()
    (pd.read_csv(input_file) * 2).to_csv(buffer, index=False)
    content = buffer.getvalue()
    if os.path.exists(output_file) and digest(output_file) == hashlib.sha256(content).hexdigest():
        return
    temporary = os.path.join(os.path.dirname(output_file), "." + os.path.basename(output_file) + "~")
    with open(temporary, "wb") as file:
        file.write(content)
    os.replace(temporary, output_file)
