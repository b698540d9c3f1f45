// kill -9 of any part at any moment: nothing that was answered 200 is lost anywhere, the store has
// it exactly once, and every other subscriber gets it at least once and in order.
#include <fmt/format.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <random>
#include <set>

#include "tests/faults/laboratory.h"
#include "tests/support/json.h"
#include "tests/support/pipeline.h"
#include "tests/support/senders.h"

namespace monitor::tests {
namespace {

constexpr int kKills = 50;
constexpr int kSenders = 4;
// Posts answered between two kills: half of them hit programs that have just started, half such as
// are at full work.
constexpr std::size_t kFew = 8;
constexpr std::size_t kMany = 300;

struct Victims {
  explicit Victims(Pipeline& world) : pipeline(world) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
      start(i);
    }
  }

  void start(std::size_t part) {
    Arguments arguments = parts[part].arguments;
    parts[part].process = pipeline.launch(parts[part].program, std::move(arguments));
  }

  void kill_and_start(std::size_t part) {
    parts[part].process->kill();
    collect(parts[part]);
    start(part);
  }

  // False, and what they said, when one did not come up again.
  bool all_run() {
    bool all = true;
    for (Part& part : parts) {
      if (!part.process->running()) {
        BOOST_ERROR(part.program + ": " + part.process->text(Stream::err));
        all = false;
      }
    }
    return all;
  }

  struct Part {
    std::string program;
    Arguments arguments;
    std::unique_ptr<Process> process = nullptr;
    std::vector<std::string> printed = {};  // by those that were killed
  };

  static void collect(Part& part) {
    part.process->wait();  // for its last words
    for (std::string& line : part.process->lines(Stream::out)) {
      part.printed.push_back(std::move(line));
    }
  }

  // Everything that all runs of it printed.
  static std::vector<std::string> printed(const Part& part) {
    std::vector<std::string> all = part.printed;
    const std::vector<std::string> last = part.process->lines(Stream::out);
    all.insert(all.end(), last.begin(), last.end());
    return all;
  }

  Pipeline& pipeline;
  std::array<Part, 4> parts{{
      {"status-receiver", {"--port", std::to_string(pipeline.receiver_port())}},
      {"status-store", {"--port", std::to_string(pipeline.store_port())}},
      {"status-formatter", {"--from", "resume", "--format", "json"}},
      {"status-sink-file", {"--from", "start", "--path", pipeline.path("out.jsonl")}},
  }};
  Part& formatter = parts[2];
};

BOOST_AUTO_TEST_SUITE(Kill)

BOOST_AUTO_TEST_CASE(what_was_answered_200_survives_kills_everywhere) {
  Pipeline pipeline;
  pipeline.choose_lasting_ports();
  Victims victims(pipeline);
  std::mt19937 random(seed());
  Senders senders(pipeline.webhook_url(), kSenders);
  const int kills = rounds(kKills);
  for (int i = 0; i < kills; ++i) {
    const std::size_t posts = random() % (random() % 2 == 0 ? kFew : kMany);
    const std::size_t wanted = senders.accepted_count() + posts;
    senders.allow(posts + kSenders);  // some are still under way when the blow comes
    if (!senders.wait_for_accepted(wanted)) {
      victims.all_run();  // tells who does not
      BOOST_FAIL(fmt::format("no 200 after kill {}", i));
    }
    victims.kill_and_start(random() % victims.parts.size());
  }
  senders.allow(10);
  BOOST_REQUIRE(senders.wait_for_accepted(senders.accepted_count() + 10));
  senders.stop();
  const std::set<std::string> accepted = senders.accepted();
  BOOST_TEST(victims.all_run());
  BOOST_TEST_MESSAGE(fmt::format("{} posts answered 200, {} kills", accepted.size(), kills));

  const auto sink_lines = [&] { return lines_of_file(pipeline.path("out.jsonl")); };
  const auto printed = [&] { return Victims::printed(victims.formatter); };
  BOOST_TEST(ask_until([&] { return missing(accepted, sink_lines()) == 0; }));
  BOOST_TEST(ask_until([&] { return missing(accepted, printed()) == 0; }));
  check_order(sink_lines());
  check_order(printed());
  check_store(pipeline, accepted, Json(sink_lines().back())["seq"].integer().value_or(0));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::tests
