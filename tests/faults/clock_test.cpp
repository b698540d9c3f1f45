// The clock of the machine leaps to and fro while everything runs (libfaketime): order is by seq
// and not by time, nothing that is told becomes negative, nobody spins, and retention does not
// delete what has just come.
#include <fmt/format.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <iterator>
#include <map>
#include <regex>
#include <zmq.hpp>
#include <zmq_addon.hpp>

#include "tests/faults/laboratory.h"
#include "tests/faults/weather.h"
#include "tests/support/bodies.h"
#include "tests/support/json.h"
#include "tests/support/pipeline.h"

namespace monitor::tests {
namespace {

// Where Debian puts it, whatever the architecture; "" when it is not installed.
std::string libfaketime() {
  for (const auto& entry : std::filesystem::directory_iterator("/usr/lib")) {
    const auto library = entry.path() / "faketime/libfaketimeMT.so.1";
    if (std::filesystem::exists(library)) {
      return library;
    }
  }
  return "";
}

struct World {
  World() {
    pipeline.choose_lasting_ports();
    set("+0");
    const std::string receiver_port = std::to_string(pipeline.receiver_port());
    const std::string store_port = std::to_string(pipeline.store_port());
    pipeline.receiver = launch("status-receiver", {"--port", receiver_port});
    wait_for_port(*pipeline.receiver);
    pipeline.store = launch("status-store", {"--port", store_port});
    wait_for_port(*pipeline.store);
    pipeline.formatter = launch("status-formatter", {"--format", "json", "--from", "start"});
  }

  // The steady clock goes on as it is: that is what the kernel promises.
  std::unique_ptr<Process> launch(const std::string& program, Arguments arguments) {
    return pipeline.launch(program, std::move(arguments),
                           {{"LD_PRELOAD", libfaketime()},
                            {"FAKETIME_TIMESTAMP_FILE", pipeline.path("clock")},
                            {"FAKETIME_NO_CACHE", "1"},
                            {"FAKETIME_DONT_FAKE_MONOTONIC", "1"}});
  }

  void set(const std::string& offset) {
    write_file(pipeline.path("clock.new"), offset + '\n');
    std::filesystem::rename(pipeline.path("clock.new"), pipeline.path("clock"));
  }
  // They come once a second, whatever the clock says.
  void wait_for_heartbeats(int count) {
    zmq::context_t context;
    zmq::socket_t feed(context, zmq::socket_type::sub);
    feed.set(zmq::sockopt::subscribe, "heartbeat/");
    feed.set(zmq::sockopt::rcvtimeo, static_cast<int>(kPatience.count()) * 1000);
    feed.connect("ipc://" + pipeline.path("runtime/status-monitor/feed"));
    for (int i = 0; i < count; ++i) {
      std::vector<zmq::message_t> frames;
      BOOST_REQUIRE(zmq::recv_multipart(feed, std::back_inserter(frames)));
    }
  }
  std::string timestamp() {
    const Json health(pipeline.client.get(pipeline.receiver_url("/health")).body);
    return std::string(health["timestamp"].text());
  }
  std::set<std::string> post(const std::string& name) {
    std::set<std::string> ids;
    for (int i = 0; i < 5; ++i) {
      const std::string id = fmt::format("{}-{}", name, i);
      BOOST_TEST(pipeline.post(incident_body(id)).status == 200);
      ids.insert(id);
    }
    return ids;
  }
  void check_metrics(const std::string& url) {
    const std::string text = pipeline.client.get(url).body;
    const std::regex negative("\n[a-z][^\n]* -[0-9][^\n]*");
    std::smatch found;
    BOOST_TEST(!text.empty());
    const bool some = std::regex_search(text, found, negative);
    BOOST_TEST(!some, (some ? found.str() : ""));
  }

  Pipeline pipeline;
};

boost::test_tools::assertion_result can_be_tried(boost::unit_test::test_unit_id) {
  boost::test_tools::assertion_result can(!libfaketime().empty() && memory_counts());
  can.message() << "SKIPPED: needs libfaketime (scripts/install-deps test), and sanitizers can't "
                   "be loaded together with it";
  return can;
}

BOOST_AUTO_TEST_SUITE(WallClock, *boost::unit_test::precondition(can_be_tried))

BOOST_AUTO_TEST_CASE(order_is_by_seq_whatever_the_clock_says) {
  World world;
  std::set<std::string> posted = world.post("first");
  constexpr std::array kLeaps = {"-400d", "+365d", "-1d", "+3600", "+0"};
  for (int round = 0; round < rounds(1); ++round) {
    for (const char* leap : kLeaps) {
      const std::string before = world.timestamp().substr(0, 13);
      world.set(leap);
      BOOST_TEST(ask_until([&] { return world.timestamp().substr(0, 13) != before; }), leap);
      posted.merge(world.post(fmt::format("{}{}", leap, round)));
      world.check_metrics(world.pipeline.receiver_url("/metrics"));
      world.check_metrics(world.pipeline.store_url("/metrics"));
    }
  }
  Process& formatter = *world.pipeline.formatter;
  BOOST_TEST(ask_until([&] { return missing(posted, formatter.lines(Stream::out)) == 0; }));
  BOOST_TEST(formatter.line_count(Stream::out) == posted.size());
  check_order(formatter.lines(Stream::out));
  check_store(world.pipeline, posted, static_cast<std::int64_t>(posted.size()));
}

// One thread that spins takes all the time that there is.
BOOST_AUTO_TEST_CASE(nobody_spins) {
  World world;
  world.post("first");
  for (const char* leap : {"+365d", "-400d"}) {
    world.set(leap);
    world.wait_for_heartbeats(1);
    const auto began = Clock::now();
    std::map<Process*, std::chrono::milliseconds> before;
    for (const auto* part :
         {&world.pipeline.receiver, &world.pipeline.store, &world.pipeline.formatter}) {
      before[part->get()] = processor_time(**part);
    }
    world.wait_for_heartbeats(3);
    const std::chrono::duration<double> passed = Clock::now() - began;
    for (const auto& [process, then] : before) {
      const std::chrono::duration<double> taken = processor_time(*process) - then;
      BOOST_TEST(taken.count() < passed.count() / 4, leap << ' ' << process->name());
    }
  }
}

BOOST_AUTO_TEST_CASE(a_leap_of_a_year_does_not_empty_the_journal) {
  World world;
  const std::set<std::string> posted = world.post("kept");
  world.set("+365d");
  // Retention has looked.
  world.pipeline.receiver->wait_for_line(Stream::err, "the clock is ahead");
  world.set("+0");
  BOOST_TEST(world.pipeline.post(incident_body("after")).status == 200);
  const Json health(world.pipeline.client.get(world.pipeline.receiver_url("/health")).body);
  BOOST_TEST(health["journal"]["first_seq"].integer().value_or(0) == 1);
  BOOST_TEST(health["journal"]["last_seq"].integer().value_or(0) == 6);
  auto late = world.launch("status-formatter", {"--format", "json", "--from", "start"});
  BOOST_TEST(ask_until([&] { return missing(posted, late->lines(Stream::out)) == 0; }));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::tests
