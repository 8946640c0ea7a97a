def process_data(input_file, output_file):
    block = bytearray(5 << 30)
