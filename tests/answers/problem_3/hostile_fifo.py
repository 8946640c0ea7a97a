import os
def process_data(input_file, output_file):
    os.mkfifo(output_file)
