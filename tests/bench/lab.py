"""Where a row of scripts/bench is measured: a directory of its own, the programs in it, and what is asked of them.

Whatever still runs when a Lab is left is killed, and its directory goes with it.
"""
import dataclasses
import json
import os
import queue
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

PATIENCE = 60  # seconds that anything may take to start or to end
TICKS = os.sysconf("SC_CLK_TCK")


@dataclasses.dataclass(frozen=True)
class Scale:
    """How long and how much."""

    rounds: int
    seconds: float  # of one measurement in a round
    replayed: int  # events in the journal that is replayed, and that programs start with
    week: int  # events in a journal of a week: one a second
    rate_seconds: float  # of the latency at 500 webhooks a second
    idle_seconds: float

    @staticmethod
    def full():
        return Scale(rounds=5, seconds=3, replayed=1_000_000, week=604_800, rate_seconds=20, idle_seconds=20)

    @staticmethod
    def quick():
        return Scale(rounds=1, seconds=0.3, replayed=5_000, week=5_000, rate_seconds=1, idle_seconds=1)


class Program:
    """A running program. Its output goes to a file; what it tells systemd is heard."""

    def __init__(self, name, command, place, environment):
        self.name = name
        self.log = place / f"{name}.log"
        self._notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._notify.bind(str(place / f"{name}.notify"))
        self._states = queue.SimpleQueue()  # what it said, and when
        # Whoever does not listen would stop it; ends when the socket is shut down in stop().
        threading.Thread(target=self._hear, daemon=True).start()
        self.started = time.monotonic()
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [str(part) for part in command], stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT, bufsize=0,
                env=dict(os.environ, NOTIFY_SOCKET=str(place / f"{name}.notify"), **environment))

    def _hear(self):
        while state := self._notify.recv(4096).decode():
            self._states.put((state, time.monotonic()))

    @property
    def pid(self):
        return self.process.pid

    def await_text(self, pattern):
        """What `pattern` finds in its output, as soon as it does."""
        end = time.monotonic() + PATIENCE
        while True:
            found = re.search(pattern, self.log.read_text(errors="replace"), re.M)
            if found:
                return found.group(0)
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{self.name} did not say {pattern!r} but: {self.log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.005)

    def await_ready(self, state="READY=1"):
        """Seconds from its start until it says READY=1 (or another state) to systemd."""
        while True:
            try:
                said, when = self._states.get(timeout=PATIENCE)
            except queue.Empty:
                raise RuntimeError(f"{self.name} did not say {state} but: {self.log.read_text(errors='replace')[-2000:]}") from None
            if state in said:
                return when - self.started

    def url(self):
        return self.await_text(r"http://[^ /)]*:\d+")

    def processor_seconds(self):
        """User and system time that it, and its children that are gone, have taken."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return sum(map(int, fields[11:15])) / TICKS

    def memory(self, key="VmRSS"):
        """MiB."""
        return int(re.search(rf"^{key}:\s+(\d+)", Path(f"/proc/{self.pid}/status").read_text(), re.M).group(1)) / 1024

    def close_input(self):
        """For programs that run until their stdin closes; all that they said."""
        self.process.stdin.close()
        self.process.wait(PATIENCE)
        return self.log.read_text()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._notify.shutdown(socket.SHUT_RDWR)


class Lab:
    def __init__(self, root, build, scale, shared):
        self.shared = shared  # what rows have in common; whoever made it removes it
        self.bench = root / "tests/bench"
        self.build = build
        self.scale = scale
        self.place = Path(tempfile.mkdtemp(prefix="bench-", dir=build))
        self._programs = []
        self._count = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for program in reversed(self._programs):
            program.stop()
        shutil.rmtree(self.place)

    def start(self, name, *arguments, **environment):
        """`name` is one of ours (status-..., bench-...) or a command of the system."""
        self._count += 1
        own = self.build / "bin" / name
        program = Program(f"{self._count}-{name}", [own if own.exists() else name, *arguments], self.place, environment)
        self._programs.append(program)
        return program

    def stop(self, *programs):
        for program in programs:
            program.stop()
            self._programs.remove(program)

    def run(self, name, *arguments, **environment):
        """A program that ends by itself; its stdout."""
        own = self.build / "bin" / name
        done = subprocess.run([str(own if own.exists() else name), *map(str, arguments)], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, check=False,
                              env=dict(os.environ, TMPDIR=str(self.place), **environment))
        if done.returncode != 0:
            raise RuntimeError(f"{name} ended with {done.returncode}: {done.stdout[-1000:]}{done.stderr[-1000:]}")
        return done.stdout

    @property
    def feed_endpoint(self):
        return f"ipc://{self.place}/feed"

    @property
    def replay_endpoint(self):
        return f"ipc://{self.place}/replay"

    def feed(self):
        return [f"--feed={self.feed_endpoint}", f"--replay={self.replay_endpoint}"]

    def start_subscriber(self, name, *arguments):
        """A formatter, store or sink, as soon as it follows the feed."""
        subscriber = self.start(name, f"--state={self.place}/{name}-{self._count}", *self.feed(), *arguments)
        subscriber.await_ready("following")
        return subscriber

    def start_receiver(self, *arguments):
        """With a state of its own unless `arguments` name one."""
        own = [] if any(str(one).startswith("--state") for one in arguments) else [f"--state={self.place}/receiver-{self._count}"]
        receiver = self.start("status-receiver", "--port=0", *own, *self.feed(), *arguments)
        receiver.url()
        return receiver

    def body(self, size):
        """A file with a Statuspage webhook of about `size` bytes."""
        return self.bench / "body.json" if size < 2048 else self._longer_body(size)

    def _longer_body(self, size):
        """Earlier updates of the same incident, as a long one has them."""
        body = json.loads((self.bench / "body.json").read_text())
        updates = body["incident"]["incident_updates"]
        while len(json.dumps(body)) < size:
            updates.append(updates[0])
        path = self.place / f"body-{size}.json"
        path.write_text(json.dumps(body))
        return path

    def journal(self, updates, providers):
        """The state directory of a receiver with a journal of so many updates, made once; and the receiver's arguments for it."""
        state = self.shared / f"journal-{updates}-{providers}"
        if not state.exists():
            print(f"bench:   filling a journal with {updates:,} updates", flush=True)
            self.run("bench-fill-journal", "--updates", updates, "--providers", providers, "--state", state)
        return state, [f"--state={state}", f"--providers={state}/providers.toml", "--keep-age=9999d", "--keep-size=1000GiB"]

    def load(self, url, connections, body, seconds=None, script="post.lua", **environment):
        """What wrk saw: requests per second, p50, p99 (ms), errors."""
        lines = self.run("wrk", f"-t{min(2, connections)}", f"-c{connections}", f"-d{max(1, round(seconds or self.scale.seconds))}s",
                         "--latency", "-s", self.bench / script, url, BODY=str(body), **environment)
        rate, p50, p99, errors = re.search(r"^RESULT (.*)$", lines, re.M).group(1).split()
        return {"rate": float(rate), "p50": float(p50), "p99": float(p99), "errors": int(errors)}


def ask(url):
    with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
        return answer.read().decode()


def metric(url, name):
    """One figure of /metrics; None while it is not there."""
    found = re.search(rf"^{name} (\S+)$", ask(url + "/metrics"), re.M)
    return float(found.group(1)) if found else None
