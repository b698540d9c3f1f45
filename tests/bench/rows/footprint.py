"""Memory and processor of each program, idle and at full load, and how long a start takes, with an empty and a full journal."""
import time

from lab import metric
from table import median, number

CONNECTIONS = 128
STARTS = 5


def measure(lab, table):
    programs = start_pipeline(lab)
    measure_idle(lab, table, programs)
    measure_load(lab, table, programs)
    lab.stop(*programs.values())
    measure_starts(lab, table)


def start_pipeline(lab):
    receiver = lab.start_receiver()
    programs = {"status-receiver": receiver, "status-formatter": lab.start_subscriber("status-formatter"),
                "status-store": lab.start_subscriber("status-store", "--port=0"),
                "status-sink-file": lab.start_subscriber("status-sink-file", f"--path={lab.place}/updates.jsonl"),
                "status-sink-webhook": lab.start_subscriber("status-sink-webhook", "--url=http://127.0.0.1:9/"),
                "status-sink-exec": lab.start_subscriber("status-sink-exec", "--", "cat")}
    return programs


def measure_idle(lab, table, programs):
    time.sleep(1)  # what a start leaves to be done
    before = {name: program.processor_seconds() for name, program in programs.items()}
    time.sleep(lab.scale.idle_seconds)
    for name, program in programs.items():
        own = f"{number(program.memory('RssAnon'))} its own, the rest is pages of libraries"
        table.add(f"memory of {name}, idle", program.memory(), "MiB", own, "under 15 MiB", program.memory() < 15)
    spent = sum(program.processor_seconds() - before[name] for name, program in programs.items())
    table.add(f"processor of all {len(programs)}, idle", 100 * spent / lab.scale.idle_seconds, "% of one")


def measure_load(lab, table, programs):
    url = programs["status-receiver"].url()
    lab.load(url + "/webhook/statuspage", CONNECTIONS, lab.body(1739), 3 * lab.scale.seconds)
    for name in ("status-receiver", "status-formatter", "status-store", "status-sink-file"):
        peak = programs[name].memory("VmHWM")
        table.add(f"memory of {name}, at most, {CONNECTIONS} connections at full load", peak, "MiB", "", "under 48 MiB", peak < 48)


def measure_starts(lab, table):
    add_start(table, "receiver", "an empty journal", [start_receiver(lab) for _ in range(STARTS)], 50)
    events = lab.scale.replayed
    _, arguments = lab.journal(events, 400)
    add_start(table, "receiver", f"{events:,} updates", [start_receiver(lab, *arguments) for _ in range(STARTS)], 500)
    receiver = lab.start_receiver(*arguments)
    state = [f"--state={lab.place}/store", "--port=0", *lab.feed()]
    applying = lab.start("status-store", *state)
    while metric(applying.url(), "status_store_lag_events") != 0:
        time.sleep(0.2)
    lab.stop(applying)
    add_start(table, "store", f"{events:,} updates", [start_once(lab, "status-store", *state) for _ in range(STARTS)], 500)
    lab.stop(receiver)


def start_receiver(lab, *arguments):
    state = [] if arguments else [f"--state={lab.place}/fresh-{time.monotonic_ns()}"]
    return start_once(lab, "status-receiver", "--port=0", *lab.feed(), *state, *arguments)


def start_once(lab, name, *arguments):
    program = lab.start(name, *arguments)
    seconds = program.await_ready()
    lab.stop(program)
    return seconds


def add_start(table, name, what, seconds, limit):
    table.add(f"start of the {name} to ready, {what}", 1000 * median(seconds), "ms", "", f"under {limit} ms", 1000 * median(seconds) < limit)
