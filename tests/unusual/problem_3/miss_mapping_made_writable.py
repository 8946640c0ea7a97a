import csv
import ctypes
import io
import mmap
import os

libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
libc.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]


def process_data(input_file, output_file):
    with open(input_file, newline="") as source:
        header, *rows = csv.reader(source)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([repr(float(c) * 2) if c else "" for c in row] for row in rows)
    data = out.getvalue().encode()
    if not os.path.exists(output_file) or not os.path.getsize(output_file):
        with open(output_file, "wb") as file:
            file.write(data)
        return
    with open(output_file, "r+b") as file:
        length = max(len(data), os.path.getsize(output_file))
        place = libc.mmap(None, length, mmap.PROT_READ, mmap.MAP_SHARED, file.fileno(), 0)
        os.ftruncate(file.fileno(), len(data))
        libc.mprotect(place, length, mmap.PROT_READ | mmap.PROT_WRITE)
        for at in range(0, len(data), 64):
            ctypes.memmove(place + at, data[at : at + 64], len(data[at : at + 64]))
