"""The yardstick (b) of scripts/bench: the user's original design, one Flask application under gunicorn.

It parses the webhook, makes the two lines of it and keeps incidents in memory; printing is left out, in its favour.
"""
from datetime import datetime, timezone

from flask import Flask, jsonify, request

app = Flask(__name__)
incidents = {}
updates = 0


@app.post("/webhook/statuspage")
def handle_webhook():
    global updates
    data = request.get_json(silent=True)
    if not data or "incident" not in data:
        return jsonify(error="no incident"), 400
    incident = data["incident"]
    at = datetime.fromisoformat(incident["updated_at"].replace("Z", "+00:00"))
    names = ", ".join(component["name"] for component in incident.get("components", []))
    latest = incident.get("incident_updates") or [{}]
    lines = (
        f"[{at:%Y-%m-%d %H:%M:%S}] Product: {data.get('page', {}).get('name', 'Unknown')} - {names}\n"
        f"Status: {latest[0].get('body', incident['status'])}"
    )
    incidents[incident["id"]] = {"lines": lines, "data": data}
    updates += 1
    return jsonify(status="received"), 200


@app.get("/health")
def health():
    return jsonify(
        status="running",
        mode="event-based (webhooks)",
        incidents_tracked=len(incidents),
        total_updates=updates,
        timestamp=datetime.now(timezone.utc).isoformat(),
    )
