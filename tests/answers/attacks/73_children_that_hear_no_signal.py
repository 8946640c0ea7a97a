import os, signal, time
def process_data(i, o):
    for _ in range(40):
        if not os.fork():
            signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals))
            while True: os.kill(os.getpid(), signal.SIGSTOP)
    time.sleep(3600)
