def process_data(input_file, output_file):
    for _ in range(200):
        print('x' * (1 << 20))
