"""Starts what compose.yaml says, one podman container for each service, and sees a webhook through all of them.

usage: compose.py IMAGE -- PODMAN [OPTION ...]

Docker Compose is not in Debian 12. This understands the keys that the file uses and refuses any other, so that a key which
nobody tried can't get in. Networks and published ports are not tried: each container is asked inside its own network.
"""
import json
import re
import subprocess
import sys
import time
import urllib.parse

import yaml

IMAGE = sys.argv[1]
PODMAN = sys.argv[3:]  # behind "--"
RUN = ["--pull=never", "--no-healthcheck", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024", "--network=none"]
TOKEN = "a-token-from-dot-env"
SINK_URL = "http://127.0.0.1:9/"  # nobody listens: the sink holds the line
VARIABLES = {"STATUS_TOKEN": TOKEN, "STATUS_SINK_WEBHOOK_URL": SINK_URL}
# Of the engine's own doing; tests/container/run builds the image.
NOT_TRIED = {"image", "build", "restart", "ports", "profiles", "stop_grace_period"}


def podman(*arguments, check=True):
    return subprocess.run([*PODMAN, *arguments], check=check, capture_output=True, text=True)


def interpolate(text):
    def value(found):
        name, default = found["name"], found["default"]
        if name in VARIABLES or default is not None:
            return VARIABLES.get(name, default)
        raise KeyError(name)

    text = re.sub(r"(?<!\$)\$\{(?P<name>\w+)(?::(?:-(?P<default>[^}]*)|\?[^}]*))?\}", value, text)
    return text.replace("$$", "$")


def walk(node):
    if isinstance(node, dict):
        return {key: walk(value) for key, value in node.items()}
    if isinstance(node, list):
        return [walk(value) for value in node]
    return interpolate(node) if isinstance(node, str) else node


def options(service):
    words = []
    for key, value in service.items():
        if key == "environment":
            words += [f"--env={name}={one}" for name, one in value.items()]
        elif key == "volumes":
            words += [f"--volume=compose-{one}" for one in value]
        elif key == "tmpfs":
            words += [f"--tmpfs={one}" for one in value]
        elif key == "cap_drop":
            words += [f"--cap-drop={one}" for one in value]
        elif key == "security_opt":
            words += [f"--security-opt={one.replace(':true', '')}" for one in value]
        elif key == "read_only":
            words += ["--read-only=" + str(value).lower(), "--read-only-tmpfs=false"]
        elif key not in NOT_TRIED | {"command", "depends_on", "healthcheck"}:
            sys.exit(f"compose.yaml: {key}: tests/container/compose.py does not know it")
    return words


def until(what, condition):
    deadline = time.monotonic() + 60
    while not condition():
        if time.monotonic() > deadline:
            sys.exit(f"compose.yaml: {what} did not come to pass")
        time.sleep(0.1)


def healthy(name, service):
    kind, *test = service["healthcheck"]["test"]
    command = ["sh", "-c", *test] if kind == "CMD-SHELL" else test
    return podman("exec", f"compose-{name}", *command, check=False).returncode == 0


def ask(name, *curl):
    pid = podman("inspect", "-f", "{{.State.Pid}}", f"compose-{name}").stdout.strip()
    done = subprocess.run(["nsenter", "-n", "-t", pid, "curl", "-sS", "-m", "20", *curl], check=True, capture_output=True, text=True)
    return done.stdout


def start(name, service):
    for other, wanted in service.get("depends_on", {}).items():
        assert wanted == {"condition": "service_healthy"}, wanted
        until(f"{other} is healthy", lambda other=other: healthy(other, SERVICES[other]))
    podman("run", "--detach", f"--name=compose-{name}", *RUN, *options(service), IMAGE, *service["command"])


with open("compose.yaml", encoding="utf-8") as file:
    DOCUMENT = walk(yaml.safe_load(file))
SERVICES = DOCUMENT["services"]
for used in [volume.split(":")[0] for service in SERVICES.values() for volume in service["volumes"]]:
    assert used in DOCUMENT["volumes"], f"volume {used} is not declared"
for name in sorted(SERVICES, key=lambda name: "depends_on" in SERVICES[name]):
    start(name, SERVICES[name])

for name in ("formatter", "sink-webhook"):
    until(f"{name} follows the feed", lambda name=name: "following" in podman("logs", f"compose-{name}").stderr)
ask("receiver", "-f", "--data", "@tests/container/body.json", f"http://localhost:5000/webhook/statuspage?token={TOKEN}")
with open("tests/container/lines", encoding="utf-8") as file:
    LINES = file.read()
until("the formatter prints", lambda: podman("logs", "compose-formatter").stdout == LINES)
until("the store is healthy", lambda: healthy("store", SERVICES["store"]))
until("the store knows it", lambda: "abc123" in ask("store", "-u", f"me:{TOKEN}", "http://localhost:5001/incidents"))
until("the sink tries to deliver", lambda: urllib.parse.urlsplit(SINK_URL).hostname in podman("logs", "compose-sink-webhook").stderr)

podman("stop", "--time=60", *[f"compose-{name}" for name in reversed(SERVICES)])
for name in SERVICES:
    state = json.loads(podman("inspect", f"compose-{name}").stdout)[0]["State"]
    if state["ExitCode"] != 0:
        sys.exit(f"compose.yaml: {name} ended with {state['ExitCode']}: {podman('logs', f'compose-{name}').stderr}")
