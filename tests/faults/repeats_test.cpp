// Every body that we know of comes ten times, in any order, while each part is restarted: an update
// is one update in the store, one line of a file and one delivery.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <map>
#include <random>

#include "lib/status/format.h"
#include "tests/faults/laboratory.h"
#include "tests/support/destination.h"
#include "tests/support/json.h"
#include "tests/support/pipeline.h"

namespace monitor::tests {
namespace {

constexpr int kTimes = 10;
constexpr int kRestarts = 15;

// All but envelopes of Amazon SNS, which are not taken unsigned.
std::vector<std::string> known_bodies() {
  std::vector<std::string> bodies;
  for (const auto& file :
       std::filesystem::recursive_directory_iterator(source_root() / "tests/data")) {
    if (file.path().extension() == ".json") {
      std::string body = read_file(file.path());
      if (body.find("\"TopicArn\"") == std::string::npos) {
        bodies.push_back(std::move(body));
      }
    }
  }
  std::sort(bodies.begin(), bodies.end());  // a directory has no order
  return bodies;
}

std::set<std::string> keys_of(const std::vector<std::string>& bodies) {
  std::set<std::string> keys;
  for (const std::string& body : bodies) {
    for (const status::StatusUpdate& update : status::read_updates("auto", body, {}).updates) {
      keys.insert(update.key());
    }
  }
  return keys;
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

  std::map<std::string, int> lines() {
    std::map<std::string, int> counts;
    for (const std::string& line : lines_of_file(pipeline.path("out.jsonl"))) {
      ++counts[std::string(Json(line)["key"].text())];
    }
    return counts;
  }
  std::map<std::string, int> deliveries() {
    std::map<std::string, int> counts;
    for (const http::Request& request : destination.wait_for(0)) {
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

int repeats(const std::map<std::string, int>& counts) {
  int more = 0;
  for (const auto& [key, count] : counts) {
    more += count - 1;
  }
  return more;
}

// Returns how many deliveries and lines there were too many.
std::pair<int, int> run(bool by_kill) {
  World world;
  std::mt19937 random(seed());
  const std::vector<std::string> bodies = known_bodies();
  std::vector<std::string> all;
  for (int i = 0; i < rounds(kTimes); ++i) {
    all.insert(all.end(), bodies.begin(), bodies.end());
  }
  std::shuffle(all.begin(), all.end(), random);
  const std::size_t pause = all.size() / static_cast<std::size_t>(rounds(kRestarts));
  for (std::size_t i = 0; i < all.size(); ++i) {
    BOOST_REQUIRE(world.post(all[i]));
    if (i % pause == pause - 1) {
      world.restart(random() % world.parts.size(), by_kill);
    }
  }
  const std::set<std::string> keys = keys_of(bodies);
  BOOST_TEST(keys.size() > 150U);
  BOOST_TEST(ask_until([&] { return world.lines().size() == keys.size(); }),
             fmt::format("{} of {} lines", world.lines().size(), keys.size()));
  BOOST_TEST(ask_until([&] { return world.deliveries().size() == keys.size(); }),
             fmt::format("{} of {} deliveries", world.deliveries().size(), keys.size()));
  BOOST_TEST(
      ask_until([&] {
        return health_number(world.pipeline, "total_updates") ==
               static_cast<std::int64_t>(keys.size());
      }),
      fmt::format("{} of {} updates", health_number(world.pipeline, "total_updates"), keys.size()));
  return {repeats(world.lines()), repeats(world.deliveries())};
}

BOOST_AUTO_TEST_SUITE(Repeats)

BOOST_AUTO_TEST_CASE(each_update_is_told_once_over_restarts) {
  const auto [lines, deliveries] = run(false);
  BOOST_TEST(lines == 0);
  BOOST_TEST(deliveries == 0);
}

// At most what was under way, with the same key.
BOOST_AUTO_TEST_CASE(after_kill_9_only_the_delivery_under_way_is_repeated) {
  const auto [lines, deliveries] = run(true);
  BOOST_TEST_MESSAGE(fmt::format("{} lines and {} deliveries were repeated", lines, deliveries));
  BOOST_TEST(deliveries <= rounds(kRestarts));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::tests
