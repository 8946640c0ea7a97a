import concurrent.futures
import multiprocessing
import os

import pandas as pd


def double(column):
    return column * 2


def put(queue, lock, number):
    with lock:
        number.value += 1
        queue.put(number.value)


def process_data(input_path, output_path):
    table = pd.read_csv(input_path)
    queue, lock = multiprocessing.Queue(), multiprocessing.Lock()
    number = multiprocessing.Value("i", 0)
    one = multiprocessing.Process(target=put, args=(queue, lock, number))
    one.start()
    assert queue.get(timeout=5) == 1
    one.join()
    with concurrent.futures.ProcessPoolExecutor(1) as pool:
        columns = list(pool.map(double, [table[name] for name in table]))
    with multiprocessing.Pool(1) as pool:
        assert pool.map(abs, [-1]) == [1]
    part = f"{output_path}.part"
    try:
        pd.concat(columns, axis=1).to_csv(part, index=False)
        os.replace(part, output_path)
    except BaseException:
        if os.path.exists(part):
            os.unlink(part)
        raise
