# memory in sum: 12 files of 60 MB in /dev/shm, 12 memfds of 60 MB and 12 children of 100 MB, for one job of `memory=1024`
import os, time
def process_data(i, o):
    held = []
    for k in range(12):
        try:
            m = os.memfd_create(str(k)); os.write(m, bytes(60 << 20)); held.append("memfd")
        except OSError: pass
        try:
            with open(f"/dev/shm/left-by-{k}", "wb") as f: f.write(bytes(60 << 20))
            held.append("shm")
        except OSError: pass
    for k in range(12):
        if not os.fork():
            mine = b"x" * (100 << 20)
            time.sleep(3600)
    time.sleep(3600)
