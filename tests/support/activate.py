"""What a .socket unit does: holds a listening socket and hands it to PROGRAM ARGS as descriptor 3.

Prints the port. On SIGUSR1 the program is ended by TERM and started anew on the same socket, and "restarted" is printed;
on TERM it is ended, and so do we.
"""
import os
import signal
import socket
import sys

listening = socket.socket()
listening.bind(("127.0.0.1", 0))
listening.listen(4096)


def start():
    def hand_over():
        os.dup2(listening.fileno(), 3)
        os.set_inheritable(3, True)  # dup2() leaves it alone where it is 3 already
        os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
        os.execvpe(sys.argv[1], sys.argv[1:], os.environ)

    child = os.fork()
    if child == 0:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, WAITED)
        hand_over()
    return child


def stop(child):
    os.kill(child, signal.SIGTERM)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


WAITED = {signal.SIGUSR1, signal.SIGTERM}
signal.pthread_sigmask(signal.SIG_BLOCK, WAITED)
child = start()
print(listening.getsockname()[1], flush=True)
while signal.sigwait(WAITED) == signal.SIGUSR1:
    code = stop(child)
    child = start()
    print("restarted", code, flush=True)
sys.exit(stop(child))
