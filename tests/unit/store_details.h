// What the tests of feeds share: an incident and a maintenance made by hand, and text as nobody
// well-meaning writes it.
#pragma once

#include <string>

#include "store/reader/records.h"
#include "tests/unit/store_fixture.h"

namespace monitor::store {

// Ends an element, an attribute, CDATA and a line; holds what XML forbids, bytes that are no UTF-8,
// and characters of two, three and four bytes.
inline const std::string kHostile =
    std::string("</p>]]>\"'&amp;<script>;,\\n \x01\x1b[31m\r\nBEGIN:VEVENT \xff\xc3 ") +
    "\xef\xbf\xbe\xef\xbf\xbf \xc2\x85 ü 雨 🔥";

inline UpdateRecord told(const std::string& status, const std::string& message, int at) {
  return {"", status, message, minute(at), minute(at), 1};
}

inline IncidentDetail incident_detail(const std::string& id = "inc") {
  IncidentRecord incident;
  incident.provider = "github";
  incident.provider_name = "GitHub";
  incident.id = id;
  incident.kind = "incident";
  incident.name = "Pushes fail";
  incident.status = "monitoring";
  incident.impact = "major";
  incident.url = "https://status.example/i/1";
  incident.created_at = minute(0);
  incident.updated_at = minute(30);
  incident.components = {{"c1", "Git", "partial_outage"}, {"c2", "API", ""}};
  return {incident, {told("monitoring", "A fix is out", 30), told("investigating", "We look", 0)}};
}

inline IncidentDetail maintenance_detail(const std::string& id = "work") {
  IncidentDetail detail = incident_detail(id);
  detail.incident.kind = "maintenance";
  detail.incident.name = "New disks";
  detail.incident.status = "in_progress";
  detail.incident.impact = "maintenance";
  detail.incident.scheduled_for = minute(60);
  detail.incident.scheduled_until = minute(150);
  return detail;
}

// Every text that a sender chooses.
inline IncidentDetail hostile_detail(IncidentDetail detail) {
  detail.incident.provider_name = kHostile;
  detail.incident.name = kHostile;
  detail.incident.url = "https://status.example/\"><b>&amp; %zz\r\n\xff";
  detail.incident.components = {{kHostile, kHostile, "major_outage"}};
  detail.updates = {told("monitoring", kHostile, 30)};
  return detail;
}

}  // namespace monitor::store
