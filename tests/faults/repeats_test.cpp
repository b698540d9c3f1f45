// Every body that we know of comes ten times, in any order, while each part is restarted: an update
// is one update in the store, one line of a file and one delivery.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <map>
#include <random>
#include <set>

#include "lib/status/format.h"
#include "tests/faults/laboratory.h"
#include "tests/support/bodies.h"
#include "tests/support/destination.h"
#include "tests/support/json.h"
#include "tests/support/pipeline.h"

namespace monitor::tests {
namespace {

constexpr int kTimes = 10;
constexpr int kRestarts = 15;

// A body without an id and a time is an update each time that it comes: a component may well be
// down, up and down again.
bool can_be_told_apart(const std::string& body) {
  const auto updates = status::read_updates("auto", body, {}).updates;
  return std::all_of(updates.begin(), updates.end(), [](const status::StatusUpdate& update) {
    return update.happened_at_known || !update.update_id.empty();
  });
}

// All but those, and envelopes of Amazon SNS, which are not taken unsigned.
std::vector<std::string> known_bodies() {
  std::vector<std::string> bodies;
  for (const auto& file :
       std::filesystem::recursive_directory_iterator(source_root() / "tests/data")) {
    if (file.path().extension() == ".json") {
      std::string body = read_file(file.path());
      if (body.find("\"TopicArn\"") == std::string::npos && can_be_told_apart(body)) {
        bodies.push_back(std::move(body));
      }
    }
  }
  std::sort(bodies.begin(), bodies.end());  // a directory has no order
  return bodies;
}

struct World {
  World() {
    pipeline.choose_lasting_ports();
    const std::string start = "start";
    parts = {{{"status-receiver", {"--port", std::to_string(pipeline.receiver_port())}},
              {"status-store", {"--port", std::to_string(pipeline.store_port())}},
              {"status-sink-file",
               {"--from", start, "--every-update", "--path", pipeline.path("out.jsonl")}},
              {"status-sink-webhook",
               {"--from", start, "--every-update", "--url", destination.url("/hook")}}}};
    for (Part& part : parts) {
      part.process = pipeline.launch(part.program, part.arguments);
    }
    wait_for_port(*parts[0].process);
    wait_for_port(*parts[1].process);
  }

  void restart(std::size_t which, bool by_kill) {
    Part& part = parts[which];
    if (by_kill) {
      part.process->kill();
    } else {
      BOOST_TEST(part.process->terminate() == 0, part.program);
    }
    part.process = pipeline.launch(part.program, part.arguments);
  }

  bool post(const std::string& body) {
    return ask_until([&] {
      return pipeline.client.post(pipeline.receiver_url("/webhook/auto"), body).status == 200;
    });
  }

  // Everybody has taken what came before one more incident, which everybody tells.
  void wait_for_last(std::size_t count) {
    BOOST_REQUIRE(post(incident_body(fmt::format("last{}", count))));
    const auto has_last = [&](const std::string& text) {
      return text.find("last" + std::to_string(count)) != std::string::npos;
    };
    BOOST_TEST(ask_until([&] {
      const auto lines = lines_of_file(pipeline.path("out.jsonl"));
      return !lines.empty() && has_last(lines.back());
    }));
    BOOST_TEST(ask_until([&] {
      const auto requests = destination.wait_for(0);
      return !requests.empty() && has_last(requests.back().body);
    }));
    BOOST_TEST(ask_until([&] {
      return has_last(
          pipeline.client.get(pipeline.store_url("/incidents?provider=test-page")).body);
    }));
  }

  std::map<std::string, int> lines() {
    std::map<std::string, int> counts;
    auto lines = lines_of_file(pipeline.path("out.jsonl"));
    lines.pop_back();  // the last one is ours
    for (const std::string& line : lines) {
      ++counts[std::string(Json(line)["key"].text())];
    }
    return counts;
  }
  std::map<std::string, int> deliveries() {
    std::map<std::string, int> counts;
    auto requests = destination.wait_for(0);
    requests.pop_back();
    for (const http::Request& request : requests) {
      ++counts[std::string(Json(request.body)["key"].text())];
    }
    return counts;
  }

  struct Part {
    std::string program;
    Arguments arguments;
    std::unique_ptr<Process> process = nullptr;
  };
  Pipeline pipeline;
  Destination destination;
  std::array<Part, 4> parts;
};

struct Told {
  std::map<std::string, int> lines;
  std::map<std::string, int> deliveries;
  std::int64_t updates = 0;
};

// What is told of the bodies when each comes once, in this order, and nothing happens.
Told tell_once(const std::vector<std::string>& all) {
  World world;
  std::set<std::string> posted;
  for (const std::string& body : all) {
    if (posted.insert(body).second) {
      BOOST_REQUIRE(world.post(body));
    }
  }
  world.wait_for_last(posted.size());
  return {world.lines(), world.deliveries(), health_number(world.pipeline, "total_updates")};
}

// The same with all repetitions and restarts.
Told tell(const std::vector<std::string>& all, bool by_kill) {
  World world;
  std::mt19937 random(seed());
  const std::size_t pause = all.size() / static_cast<std::size_t>(rounds(kRestarts));
  for (std::size_t i = 0; i < all.size(); ++i) {
    BOOST_REQUIRE(world.post(all[i]));
    if (i % pause == pause - 1) {
      world.restart(random() % world.parts.size(), by_kill);
    }
  }
  world.wait_for_last(all.size());
  return {world.lines(), world.deliveries(), health_number(world.pipeline, "total_updates")};
}

std::vector<std::string> shuffled_bodies() {
  const std::vector<std::string> bodies = known_bodies();
  std::vector<std::string> all;
  for (int i = 0; i < rounds(kTimes); ++i) {
    all.insert(all.end(), bodies.begin(), bodies.end());
  }
  std::mt19937 random(seed());
  std::shuffle(all.begin(), all.end(), random);
  return all;
}

int repeats(const std::map<std::string, int>& counts) {
  int more = 0;
  for (const auto& [key, count] : counts) {
    more += count - 1;
  }
  return more;
}

std::set<std::string> keys_of(const std::map<std::string, int>& counts) {
  std::set<std::string> keys;
  for (const auto& [key, count] : counts) {
    keys.insert(key);
  }
  return keys;
}

void check_same(const Told& told, const Told& once) {
  BOOST_TEST(once.lines.size() > 150U);
  BOOST_TEST(repeats(once.lines) == 0);
  BOOST_TEST(repeats(once.deliveries) == 0);
  BOOST_TEST(keys_of(told.lines) == keys_of(once.lines), boost::test_tools::per_element());
  BOOST_TEST(keys_of(told.deliveries) == keys_of(once.lines), boost::test_tools::per_element());
  BOOST_TEST(told.updates == once.updates);
}

BOOST_AUTO_TEST_SUITE(Repeats)

BOOST_AUTO_TEST_CASE(each_update_is_told_once_over_restarts) {
  const auto all = shuffled_bodies();
  const Told told = tell(all, false);
  check_same(told, tell_once(all));
  BOOST_TEST(repeats(told.lines) == 0);
  BOOST_TEST(repeats(told.deliveries) == 0);
}

// At most what was under way, with the same key.
BOOST_AUTO_TEST_CASE(after_kill_9_only_the_delivery_under_way_is_repeated) {
  const auto all = shuffled_bodies();
  const Told told = tell(all, true);
  check_same(told, tell_once(all));
  BOOST_TEST_MESSAGE(fmt::format("{} lines and {} deliveries were repeated", repeats(told.lines),
                                 repeats(told.deliveries)));
  BOOST_TEST(repeats(told.deliveries) <= rounds(kRestarts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::tests
