"""From POST to whoever wants to know, at 500 webhooks a second: tests/bench/latency.cpp."""
from table import median, number

RATE = 500
WANTED = {"line": ("the formatter's line", 1), "row": ("GET /incidents of the store has it", 2), "event": ("the store's SSE event", 2),
          "sink": ("the sink's request", 2)}


def measure(lab, table):
    rounds = [measure_once(lab) for _ in range(lab.scale.rounds)]
    middle = {what: median([one[what][0] for one in rounds]) for what in rounds[0]}
    slow = {what: median([one[what][1] for one in rounds]) for what in rounds[0]}
    for what, (words, limit) in WANTED.items():
        missing = sum(one[what][2] for one in rounds)
        table.add(f"POST to {words}, {RATE}/s, median", middle[what], "ms",
                  f"a ZeroMQ hop {number(middle['hop'])}, append and fdatasync {number(middle['sync'])}", f"under {limit} ms",
                  middle[what] < limit and missing == 0)
        table.add("  its p99" + (f", {missing} never came" if missing else ""), slow[what], "ms",
                  f"a ZeroMQ hop {number(slow['hop'])}, append and fdatasync {number(slow['sync'])}", "under 5 ms", slow[what] < 5)


def measure_once(lab):
    """What to (median, p99, missing)."""
    lines = lab.run("bench-latency", RATE, lab.scale.rate_seconds).splitlines()
    return {line.split()[1]: tuple(map(float, line.split()[2:])) for line in lines if line.startswith("LATENCY")}
