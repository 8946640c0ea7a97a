"""What tests of the sandbox share: a probe that calls `process_data`, and limits for it."""

import socket

import psutil

from workbench.sandbox.job import Limits

PROBE = "calling"
PAIR = ("data/input.csv", "data/output.csv")
IN_THE_CALL = (
    "import os, signal, socket, sys, time\ndef process_data(input_file, output_file):\n    "
)
BRIEF = Limits(wall=3, cpu=1, memory=256, output=256)
AMPLE = Limits(
    wall=90, cpu=60, memory=256, output=256
)  # for what ends by itself, on however busy a machine


def tried(keeper, source, limits=AMPLE, probe=PROBE):
    with keeper.job(probe, source, limits) as job:
        job.write("data/input.csv", b"a,b\n1,2.5\n")
        return job.step("doubles", {"calls": [PAIR]})


def beside(keeper):
    """What there is of a job beside its supervisor and warden."""
    return psutil.Process(keeper.process.pid).children(recursive=True)[2:]


def left_behind(uid):
    """Processes of a job's own user that do not end."""
    every = psutil.process_iter(["uids", "status"])
    mine = [each for each in every if each.info["uids"] and each.info["uids"].real == uid]
    return psutil.wait_procs(
        [each for each in mine if each.info["status"] != psutil.STATUS_ZOMBIE], timeout=30
    )[1]


def servers(folder):
    """Two names of files and two abstract ones, one of each for datagrams; a port."""
    listening = []
    for kind, name in (
        (socket.SOCK_STREAM, f"{folder}/server"),
        (socket.SOCK_DGRAM, f"{folder}/server2"),
        (socket.SOCK_STREAM, f"\0{folder}"),
        (socket.SOCK_DGRAM, f"\0{folder}2"),
    ):
        server = socket.socket(socket.AF_UNIX, kind)
        server.bind(name)
        if kind == socket.SOCK_STREAM:
            server.listen()
        listening.append(server)
    listening.append(socket.create_server(("127.0.0.1", 0)))
    return listening
