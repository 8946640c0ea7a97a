import os

def process_data(input_file, output_file):
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, b'{"ask": 5}\n{"done": 7}\n[1]\nnot json\n{"stage": {"a": []}}\n')
        except OSError:
            pass
