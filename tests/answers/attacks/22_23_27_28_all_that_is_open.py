import os, socket
outside = os.getppid() != 1
def server():
    socket.create_connection(("127.0.0.1", PORT), 1); return True
def way_out():
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(("10.255.255.1", 9)); return True
def everybody():
    return bool(socket.create_server(("0.0.0.0", 0))) and outside
def signal():
    os.kill(os.getppid(), 0); return outside
def write(path):
    open(path, "w").close(); return True
TRIED = {
    "a server": server, "a way out": way_out, "an address of everybody's": everybody, "a signal": signal,
    "the processes": lambda: outside and os.stat("/proc/2"),
    "the parent's command": lambda: outside and open(f"/proc/{os.getppid()}/cmdline").read(),
    "the parent's environment": lambda: open(f"/proc/{os.getppid()}/environ").read(),
    "the temporary folder": lambda: os.listdir("OUTSIDE"),
    "a home": lambda: os.listdir("VICTIM"),
    "a file in a home": lambda: write("VICTIM/written-by-answer"),
    "the tests": lambda: os.listdir("PROJECT/tests"),
    "the judge": lambda: open("PROJECT/src/workbench/exercises/problem_3/judge.py").read(),
    "memory for the next": lambda: write("/dev/shm/left-by-answer") and outside,
}
def process_data(i, o):
    got = []
    for name, way in TRIED.items():
        try:
            if way(): got.append(name)
        except OSError: pass
    raise RuntimeError(got)
