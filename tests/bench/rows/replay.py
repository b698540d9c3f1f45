"""Replay of a whole journal to one and to ten subscribers, beside SQLite reading the same rows: tests/bench/replay.cpp."""
from table import median, number

PROVIDERS = 400


def measure(lab, table):
    state, arguments = lab.journal(lab.scale.replayed, PROVIDERS)
    lab.start_receiver(*arguments)
    for subscribers in (1, 10):
        rounds = [measure_once(lab, state, subscribers) for _ in range(max(1, lab.scale.rounds // 2 if subscribers > 1 else lab.scale.rounds))]
        rows, each, together = (median([one[i] for one in rounds]) for i in range(3))
        one = subscribers == 1
        table.add(f"replay of {lab.scale.replayed:,} updates to {subscribers}" + ("" if one else ", all together"), together, "events/s",
                  f"SQLite reads {number(rows)} rows/s ({number(median([r[2] / r[0] for r in rounds]))} of it)"
                  + ("" if one else f"; each gets {number(each)}/s"), "at least 150,000/s" if one else "", each >= 150_000 if one else None)


def measure_once(lab, state, subscribers):
    """Rows, events of each and of all, a second."""
    words = lab.run("bench-replay", lab.feed_endpoint, lab.replay_endpoint, state / "journal.db", subscribers).split()
    return float(words[1]), float(words[3]), float(words[4])
