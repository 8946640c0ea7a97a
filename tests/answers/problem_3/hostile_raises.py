def process_data(input_file, output_file):
    raise OSError("disk is full")
