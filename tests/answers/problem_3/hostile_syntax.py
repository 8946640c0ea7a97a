def process_data(input_file, output_file)
    pass
