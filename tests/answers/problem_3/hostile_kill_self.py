import os, signal
def process_data(input_file, output_file):
    os.kill(os.getpid(), signal.SIGKILL)
