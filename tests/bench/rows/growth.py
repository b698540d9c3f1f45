"""What one event costs as things grow, in processor time of each program: with 100, 1,000 and 10,000 providers in the
providers file, each with a token and posting; and with a journal of up to a week at one event a second.
"""
import time

from lab import metric
from table import number

PROVIDERS = (100, 1_000, 10_000)
CONNECTIONS = 16
FLAT = 1.5  # times the smallest: still flat, on a machine that is not quiet


def measure(lab, table):
    by_providers(lab, table)
    by_applied(lab, table)
    by_journal(lab, table)  # last: it makes the journals longer


def by_providers(lab, table):
    series = {}
    for count in PROVIDERS:
        for name, cost in cost_with_providers(lab, count).items():
            series.setdefault(name, []).append((count, cost))
    table.plot("growth-providers", "Processor time of one event", "providers", "microseconds", series)
    for name, points in series.items():
        add(table, f"{name}, an event with {PROVIDERS[-1]:,} providers", points, f"with {PROVIDERS[0]}")


def cost_with_providers(lab, count):
    """Program to microseconds an event."""
    file = lab.place / f"providers-{count}.toml"
    file.write_text("".join(f'[[provider]]\nslug = "p{i}"\nname = "Provider {i}"\npage_ids = ["page{i:08}"]\n'
                            f'hosts = ["status.p{i}.example"]\ntoken = "{token(i)}"\n' for i in range(count)))
    receiver = lab.start_receiver(f"--providers={file}")
    programs = {"receiver": receiver, "formatter": lab.start_subscriber("status-formatter"), "store": lab.start_subscriber("status-store", "--port=0")}
    url = receiver.url()
    lab.load(url, CONNECTIONS, lab.body(1739), script="providers.lua", PROVIDERS=str(count))  # each is seen once
    costs = cost_of_load(lab, programs, url, script="providers.lua", PROVIDERS=str(count))
    lab.stop(*programs.values())
    return costs


def token(number_of_provider):
    return f"growth-token-{number_of_provider:08}"


def cost_of_load(lab, programs, url, path="", **environment):
    settle(programs)
    before = {name: program.processor_seconds() for name, program in programs.items()}
    events = metric(url, "status_receiver_commit_events_sum")
    result = lab.load(url + path, CONNECTIONS, lab.body(1739), **environment)
    if result["errors"]:
        raise RuntimeError(f"{result['errors']} webhooks were not taken")
    settle(programs)
    events = metric(url, "status_receiver_commit_events_sum") - events
    return {name: 1e6 * (program.processor_seconds() - before[name]) / events for name, program in programs.items()}


def settle(programs):
    """Until nobody has anything to do."""
    spent = None
    while spent != (spent := [program.processor_seconds() for program in programs.values()]):
        time.sleep(0.5)


def by_journal(lab, table):
    points = []
    for events in sorted({lab.scale.week // part for part in (64, 8, 1)}):
        _, arguments = lab.journal(events, 400)
        receiver = lab.start_receiver(*arguments)
        points.append((events, cost_of_load(lab, {"receiver": receiver}, receiver.url(), "/webhook/statuspage")["receiver"]))
        lab.stop(receiver)
    table.plot("growth-journal", "Processor time of one event", "events in the journal", "microseconds", {"receiver": points})
    add(table, f"receiver, an event with {points[-1][0]:,} in the journal", points, f"with {points[0][0]:,}")


def by_applied(lab, table):
    """The store takes the week from its beginning: what an event costs it by how many it has."""
    _, arguments = lab.journal(lab.scale.week, 400)
    receiver = lab.start_receiver(*arguments)
    total = metric(receiver.url(), "status_receiver_journal_last_seq")
    store = lab.start("status-store", f"--state={lab.place}/store", "--port=0", *lab.feed())
    url = store.url()
    seen = [(0, store.processor_seconds())]
    lag = None
    while lag != 0:
        lag = metric(url, "status_store_lag_events")
        if lag is not None and (total - lag >= seen[-1][0] + total / 10 or lag == 0):
            seen.append((total - lag, store.processor_seconds()))
        time.sleep(0.01)
    points = [(after[0], 1e6 * (after[1] - before[1]) / (after[0] - before[0])) for before, after in zip(seen, seen[1:]) if after[0] > before[0]]
    table.plot("growth-store", "Processor time of one event applied by the store", "events applied", "microseconds", {"store": points}, logarithmic=False)
    add(table, f"store, an event after {points[-1][0]:,.0f}", points, f"among the first {points[0][0]:,.0f}")
    lab.stop(store, receiver)


def add(table, figure, points, first):
    ratio = points[-1][1] / max(points[0][1], 0.01)
    table.add(figure, points[-1][1], "us", f"{number(points[0][1])} us {first}", f"at most {FLAT} times", ratio <= FLAT)
