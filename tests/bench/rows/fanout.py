"""Ingest while 1, 10 and 100 live subscribers (plain SUB sockets in one process) read everything, beside libzmq's own
throughput to as many: one PUB that sends messages of the same size as fast as they are taken (tests/bench/publisher.cpp).
"""
import time

from table import median, number

SUBSCRIBERS = (1, 10, 100)
CONNECTIONS = 128
BYTES = 1739


def measure(lab, table):
    rounds = [{count: measure_once(lab, count) for count in SUBSCRIBERS} for _ in range(lab.scale.rounds)]
    for count in SUBSCRIBERS:
        ratio = median([one[count]["ingest"] / one[1]["ingest"] for one in rounds])
        figures = {key: median([one[count][key] for one in rounds]) for key in rounds[0][count]}
        table.add(f"ingest with {count} live subscribers", figures["ingest"], "/s", f"{number(ratio)} of that with 1", "0.5 of it" if count == 100 else "",
                  ratio >= 0.5 if count == 100 else None)
        table.add("  messages handed out", figures["delivered"], "/s",
                  f"libzmq alone {number(figures['libzmq'])}; the rest is dropped for who is slow, and fetched by whoever wants all", "")
    table.plot("fanout", "Ingest and fan-out", "live subscribers", "per second", {
        "webhooks taken": [(count, median([one[count]["ingest"] for one in rounds])) for count in SUBSCRIBERS],
        "messages handed out": [(count, median([one[count]["delivered"] for one in rounds])) for count in SUBSCRIBERS],
        "libzmq alone": [(count, median([one[count]["libzmq"] for one in rounds])) for count in SUBSCRIBERS]})


def measure_once(lab, count):
    receiver = lab.start_receiver()
    subscribers = lab.start("bench-subscribers", lab.feed_endpoint, count)
    subscribers.await_text("READY")
    began = time.monotonic()
    result = lab.load(receiver.url() + "/webhook/statuspage", CONNECTIONS, lab.body(BYTES))
    delivered = received(subscribers) / (time.monotonic() - began)
    lab.stop(subscribers, receiver)
    return {"ingest": result["rate"], "delivered": delivered, "libzmq": libzmq_rate(lab, count)}


def libzmq_rate(lab, count):
    endpoint = f"ipc://{lab.place}/libzmq"
    publisher = lab.start("bench-publisher", endpoint, BYTES)
    subscribers = lab.start("bench-subscribers", endpoint, count)
    subscribers.await_text("READY")
    began = time.monotonic()
    time.sleep(lab.scale.seconds)
    rate = received(subscribers) / (time.monotonic() - began)
    lab.stop(subscribers)
    publisher.close_input()
    lab.stop(publisher)
    return rate


def received(subscribers):
    return int(subscribers.close_input().split()[-2])
