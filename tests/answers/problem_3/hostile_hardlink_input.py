import os


def process_data(input_file, output_file):
    if os.path.exists(output_file):
        os.remove(output_file)
    os.link(input_file, output_file)
