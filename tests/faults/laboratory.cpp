#include "tests/faults/laboratory.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>

#include "tests/support/json.h"

namespace monitor::tests {
namespace {

int number_of(const char* variable, int otherwise) {
  const char* const given = std::getenv(variable);
  return given != nullptr ? std::atoi(given) : otherwise;
}

}  // namespace

unsigned seed() { return static_cast<unsigned>(number_of("SEED", 20260220)); }

int rounds(int usual) { return usual * std::max(number_of("SOAK", 1), 1); }

std::vector<std::string> incident_ids(const std::vector<std::string>& lines) {
  std::vector<std::string> ids;
  for (const std::string& line : lines) {
    ids.emplace_back(Json(line)["incident_id"].text());
  }
  return ids;
}

std::size_t missing(const std::set<std::string>& accepted, const std::vector<std::string>& lines) {
  const std::vector<std::string> ids = incident_ids(lines);
  const std::set<std::string> there(ids.begin(), ids.end());
  return static_cast<std::size_t>(std::count_if(
      accepted.begin(), accepted.end(), [&](const auto& id) { return !there.contains(id); }));
}

void check_order(const std::vector<std::string>& lines) {
  std::int64_t greatest = 0;
  for (const std::string& line : lines) {
    const std::int64_t seq = Json(line)["seq"].integer().value_or(-1);
    BOOST_REQUIRE_MESSAGE(seq <= greatest + 1, fmt::format("{} came after {}", seq, greatest));
    greatest = std::max(greatest, seq);
  }
}

std::map<std::string, int> stored_incidents(Pipeline& pipeline) {
  std::map<std::string, int> counts;
  std::string next = "/incidents?limit=500";
  while (!next.empty()) {
    const Json page(pipeline.client.get(pipeline.store_url(next)).body);
    for (std::size_t i = 0; i < page["incidents"].size(); ++i) {
      ++counts[std::string(page["incidents"].at(i)["id"].text())];
    }
    const json::View cursor = page["next"];
    next = cursor.is_string() ? "/incidents?limit=500&cursor=" + std::string(cursor.text()) : "";
  }
  return counts;
}

std::int64_t health_number(Pipeline& pipeline, const char* key) {
  const HttpAnswer answer = pipeline.client.get(pipeline.store_url("/health"));
  return answer.status == 0 ? -1 : Json(answer.body)[key].integer().value_or(-1);
}

void check_store(Pipeline& pipeline, const std::set<std::string>& accepted, std::int64_t kept) {
  BOOST_TEST(ask_until([&] { return health_number(pipeline, "total_updates") == kept; }));
  const std::map<std::string, int> stored = stored_incidents(pipeline);
  BOOST_TEST(stored.size() == static_cast<std::size_t>(kept));
  for (const std::string& id : accepted) {
    BOOST_REQUIRE_MESSAGE(stored.contains(id) && stored.at(id) == 1, id);
  }
}

}  // namespace monitor::tests
