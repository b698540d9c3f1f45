"""Durable ingest, at 1 to 1024 connections and two sizes, beside
  ceiling   tests/bench/minimal_http.cpp: libmicrohttpd reads the body and answers, nothing else
  Flask     tests/bench/flask_app.py under gunicorn with 2 workers: the design that this replaces; it keeps in memory only
  webhook   Debian's package of that name, set up the usual way: a shell command a request, here one that appends the
            body to a file (no sync), answered when the command is done
  syncs     appending as many bytes and fdatasync, one after the other: what one connection could get of this disk
"""
import json
import socket

from table import median, number

CONNECTIONS = (1, 16, 128, 1024)
SIZES = ((1739, "1.7 KB"), (16 * 1024, "16 KB"))


def measure(lab, table):
    peers = start_peers(lab)
    for size, label in SIZES:
        rates = {}
        syncs = [sync_rate(lab, size) for _ in range(lab.scale.rounds)]
        table.add(f"append {label} and fdatasync", median(syncs), "/s")
        for connections in CONNECTIONS:
            rounds = measure_rounds(lab, peers, lab.body(size), connections)
            add(table, f"ingest {label}, {connections} connections", rounds, (size, connections) == (1739, 128))
            for name in rounds:
                rates.setdefault(name, []).append((connections, median([one["rate"] for one in rounds[name]])))
        table.plot(f"ingest-{label.replace(' ', '').lower()}", f"Durable ingest, {label} a webhook", "connections", "answered per second", rates)


def start_peers(lab):
    """Name to URL."""
    minimal = lab.start("bench-minimal-http")
    flask = lab.start("gunicorn", "--workers", "2", "--bind", "127.0.0.1:0", "--chdir", lab.bench, "flask_app:app")
    return {"ceiling": f"http://127.0.0.1:{minimal.await_text('^[0-9]+$')}/webhook/statuspage",
            "Flask": flask.url() + "/webhook/statuspage", "webhook": start_webhook(lab)}


def start_webhook(lab):
    hooks = lab.place / "hooks.json"
    hooks.write_text(json.dumps([{
        "id": "statuspage", "execute-command": str(lab.bench / "append_body"), "command-working-directory": str(lab.place),
        "include-command-output-in-response": True,
        "pass-environment-to-command": [{"source": "entire-payload", "envname": "BODY"}]}]))
    with socket.create_server(("127.0.0.1", 0)) as probe:  # it does not tell which port the system gave it
        port = probe.getsockname()[1]
    program = lab.start("webhook", "-hooks", hooks, "-ip", "127.0.0.1", "-port", port, "-verbose")
    program.await_text("serving hooks on")
    return f"http://127.0.0.1:{port}/hooks/statuspage"


def sync_rate(lab, size):
    return float(lab.run("bench-sync-rate", lab.place / "synced", size, max(1, lab.scale.seconds)).split()[1])


def measure_rounds(lab, peers, body, connections):
    """Name to what each round saw, the receiver's and the peers' in turn."""
    receiver = lab.start_receiver()
    urls = {"receiver": receiver.url() + "/webhook/statuspage", **peers}
    rounds = {name: [] for name in urls}
    for _ in range(lab.scale.rounds):
        for name, url in urls.items():
            rounds[name].append(lab.load(url, connections, body))
    lab.stop(receiver)
    return rounds


def add(table, figure, rounds, wanted):
    own = rounds["receiver"]
    ratios = {name: median([mine["rate"] / max(1, theirs["rate"]) for mine, theirs in zip(own, rounds[name])]) for name in rounds}
    beside = ", ".join(f"{name} {number(median([one['rate'] for one in rounds[name]]))} ({number(ratios[name])} of it)"
                       for name in rounds if name != "receiver")
    table.add(figure, median([one["rate"] for one in own]), "/s", beside, "0.55 of the ceiling, 10 times Flask" if wanted else "",
              ratios["ceiling"] >= 0.55 and ratios["Flask"] >= 10 if wanted else None)
    p99 = {name: median([one["p99"] for one in rounds[name]]) for name in rounds}
    errors = {name: sum(one["errors"] for one in rounds[name]) for name in rounds}
    late = median([mine["p99"] - 3 * least["p99"] for mine, least in zip(own, rounds["ceiling"])])
    beside = ", ".join(f"{name} {number(p99[name])}" + (f" with {errors[name]} errors" if errors[name] else "") for name in rounds if name != "receiver")
    table.add("  its p99" + (f", with {errors['receiver']} errors" if errors["receiver"] else ""), p99["receiver"], "ms", beside,
              "3 times the ceiling's + 4 ms" if wanted else "", late <= 4 and errors["receiver"] == 0 if wanted else None)
