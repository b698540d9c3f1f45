// The power goes: what was not synced vanishes. Real programs work through a short life while their
// writes are recorded; then, for every prefix of what they wrote, the disks that could be left
// (disk_recording.h) are given to the same classes that the programs open them with. Whatever
// anybody was told is in the journal, unchanged and with its number; the store recovers without
// losing or doubling; a sink's file has every line, in order.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <random>
#include <set>

#include "lib/feed/reading.h"
#include "receiver/journal.h"
#include "sinks/delivery/ledger.h"
#include "sinks/delivery/line_file.h"
#include "store/archive/archive.h"
#include "store/archive/arrival.h"
#include "store/generations.h"
#include "tests/faults/disk_recording.h"
#include "tests/faults/laboratory.h"
#include "tests/faults/shimmed.h"
#include "tests/support/bodies.h"
#include "tests/support/json.h"
#include "tests/support/pipeline.h"

namespace monitor::tests {
namespace {

using receiver::Journal;
using receiver::JournalReader;

constexpr std::uint64_t kEverything = 1'000'000;
constexpr std::uint64_t kAnySize = std::uint64_t{1} << 40;

// What the senders were answered.
struct Posted {
  std::string stream;
  std::map<std::uint64_t, std::string> bodies;
};

std::vector<feed::Event> events_in(const std::string& state, std::string stream) {
  return JournalReader(state + "/journal.db", std::move(stream)).read(1, kEverything, kAnySize);
}

// The programs, and the disk that they share, while it is recorded.
struct Recorded {
  Recorded() { std::filesystem::create_directory(root); }

  std::string log(const std::string& program) const { return pipeline.path(program + ".log"); }
  std::unique_ptr<Process> launch(const std::string& program, Arguments arguments,
                                  const std::string& fault = "") {
    arguments.insert(arguments.end(), {"--state", root + '/' + program});
    Environment environment = recorded(root, log(program));
    environment["DISK_FAULT"] = fault;
    environment["DISK_FAULT_IN"] = "/journal.db";
    return pipeline.launch(program, std::move(arguments), environment);
  }
  std::unique_ptr<Process> start_receiver(Arguments more = {}, const std::string& fault = "") {
    more.insert(more.end(), {"--port", "0"});
    auto receiver = launch("status-receiver", std::move(more), fault);
    url = fmt::format("http://127.0.0.1:{}/webhook/statuspage", wait_for_port(*receiver));
    return receiver;
  }
  void post(std::size_t padding) {
    const std::string body =
        incident_body(fmt::format("n{}", posted.bodies.size() + 1), "Looking into it", padding);
    const HttpAnswer answer = pipeline.client.post(url, body);
    BOOST_REQUIRE(answer.status == 200);
    const Json told(answer.body);
    posted.stream = told["stream"].text();
    posted.bodies[static_cast<std::uint64_t>(told["seq"].integer().value_or(0))] = body;
  }
  std::vector<DiskEvent> events(const std::string& program) const {
    return read_disk_log(log(program), root);
  }

  Pipeline pipeline;
  std::string root = pipeline.path("disk");
  std::string url;
  Posted posted;
};

// Images are many and small: in memory if there is a place for it.
struct Bench {
  Bench() {
    if (std::filesystem::is_directory("/dev/shm")) {
      place = fmt::format("/dev/shm/status-monitor-faults-{}", ::getpid());
    }
  }
  ~Bench() { std::filesystem::remove_all(place); }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  TempDir directory;
  std::string place = directory / "image";
};

// The greatest seq that anybody was told so far.
std::uint64_t greatest_seq(std::string_view bytes) {
  constexpr std::string_view kKey = "\"seq\":";
  std::uint64_t greatest = 0;
  for (std::size_t at = bytes.find(kKey); at != std::string_view::npos;
       at = bytes.find(kKey, at + 1)) {
    greatest = std::max<std::uint64_t>(
        greatest,
        std::strtoull(std::string(bytes.substr(at + kKey.size(), 20)).c_str(), nullptr, 10));
  }
  return greatest;
}

// "" or what is wrong with the disk in a directory, of which so much was told.
using Check = std::function<std::string(const std::string& directory, std::uint64_t told)>;

// Of 1 in `every` prefixes, chosen by chance: all of them, and those around a sync always.
void check_prefixes(const std::vector<DiskEvent>& events, unsigned every, const Check& check) {
  std::mt19937 random(seed());
  const Bench bench;
  ImaginedDisk disk;
  std::set<std::size_t> seen;
  std::uint64_t told = 0;
  std::size_t images = 0;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const DiskEvent& event = events[i];
    disk.take(event);
    told = std::max(told, event.call == DiskCall::told ? greatest_seq(event.bytes) : 0);
    const bool sync_is_near = event.call != DiskCall::write ||
                              (i + 1 < events.size() && events[i + 1].call != DiskCall::write);
    if (!sync_is_near && random() % every != 0) {
      continue;
    }
    std::vector<Lost> losses{Lost::nothing, Lost::unsynced, Lost::contents};
    losses.insert(losses.end(), static_cast<std::size_t>(rounds(1)), Lost::some);
    for (const Lost lost : losses) {
      const DiskImage image = disk.image(lost, random);
      if (!seen.insert(image.hash() + told).second) {
        continue;
      }
      ++images;
      image.write_to(bench.place);
      const std::string problem = check(bench.place, told);
      BOOST_REQUIRE_MESSAGE(
          problem.empty(), fmt::format("power lost after call {} of {} ({}, loss {}): {}", i,
                                       events.size(), event.path, static_cast<int>(lost), problem));
    }
  }
  BOOST_TEST_MESSAGE(fmt::format("{} calls, {} disks", events.size(), images));
  BOOST_TEST(images > 0U);
}

std::string problem_of_event(const feed::Event& event, std::uint64_t seq, const Posted& posted) {
  if (event.seq != seq) {
    return fmt::format("seq {} comes where {} should", event.seq, seq);
  }
  const auto body = posted.bodies.find(seq);
  return body != posted.bodies.end() && body->second == event.body
             ? ""
             : fmt::format("seq {} is not what was posted", seq);
}

std::string problem_of_journal(const std::string& state, std::uint64_t told, const Posted& posted) {
  std::filesystem::create_directories(state);  // as the receiver does
  Journal journal(state);
  if (told > 0 && journal.stream() != posted.stream) {
    return fmt::format("{} was told, and there is another stream", told);
  }
  if (journal.last_seq() < told) {
    return fmt::format("{} was told, and it ends with {}", told, journal.last_seq());
  }
  std::uint64_t seq = journal.first_seq();
  for (const feed::Event& event : events_in(state, journal.stream())) {
    if (std::string problem = problem_of_event(event, seq++, posted); !problem.empty()) {
      return problem;
    }
  }
  if (seq != journal.last_seq() + 1) {
    return fmt::format("it ends before {}", journal.last_seq());
  }
  feed::Event next{.stream = {},
                   .received_at = {},
                   .format = "auto",
                   .provider = "p",
                   .provider_name = "P",
                   .body = "{}"};
  feed::Event* const pointer = &next;
  if (const auto reason = journal.append({&pointer, 1})) {
    return "it takes nothing more: " + *reason;
  }
  return next.seq == seq ? "" : fmt::format("{} was given where {} was due", next.seq, seq);
}

std::int64_t number(const storage::Database& database, const char* sql) {
  return database.prepare(sql).run_for_integer().value_or(-1);
}

// It goes on from where its cursor stands, as if the journal were there whole.
std::string problem_of_store(const std::string& state, const std::vector<feed::Event>& journal) {
  std::filesystem::create_directories(state);
  store::adopt_rebuilt(state);
  const std::string path = state + '/' + store::kDatabaseName;
  store::Archive archive(path);
  const feed::Cursors cursors = archive.cursors();
  const auto cursor = cursors.find(journal.front().stream);
  std::vector<store::Arrival> missing;
  for (const feed::Event& event : journal) {
    if (cursor == cursors.end() || event.seq > cursor->second) {
      missing.push_back(store::understand(event));
    }
  }
  if (!missing.empty()) {
    archive.apply(missing);
  }
  while (archive.make_searchable()) {
  }
  const auto database = storage::Database::open(path, storage::Database::Mode::read_only);
  const auto all = static_cast<std::int64_t>(journal.size());
  for (const char* sql : {"SELECT count(*) FROM incidents", "SELECT count(*) FROM updates",
                          "SELECT sum(updates) FROM tallies", "SELECT count(*) FROM search"}) {
    if (const std::int64_t found = number(database, sql); found != all) {
      return fmt::format("{} is {} of {} events", sql, found, all);
    }
  }
  return number(database, "SELECT sum(events) FROM losses") > 0 ? "it says that some are lost" : "";
}

// All lines, of the files that were rotated away first; their names sort by time.
std::vector<std::string> lines_below(const std::string& directory) {
  std::set<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    const std::string name = entry.path().filename();
    if (name.starts_with("lines.jsonl.")) {
      files.insert(entry.path());
    }
  }
  std::vector<std::string> lines;
  for (const std::string& file : files) {
    for (std::string& line : lines_of(read_file(file))) {
      lines.push_back(std::move(line));
    }
  }
  for (std::string& line : lines_of(read_file(directory + "/lines.jsonl"))) {
    lines.push_back(std::move(line));
  }
  return lines;
}

// As the sink goes on: what the ledger knows is not appended again.
std::string problem_of_sink(const std::string& directory, const std::vector<feed::Event>& journal) {
  const std::string state = directory + "/status-sink-file";
  std::filesystem::create_directories(state);
  delivery::LineFile file(directory + "/lines.jsonl");
  delivery::Ledger ledger(
      storage::Database::open(state + "/sink.db", storage::Database::Mode::read_write));
  const feed::Cursors cursors = ledger.cursors();
  const auto cursor = cursors.find(journal.front().stream);
  for (const feed::Event& event : journal) {
    if (cursor != cursors.end() && event.seq <= cursor->second) {
      continue;
    }
    for (const status::StatusUpdate& update : feed::read_updates(event).updates) {
      if (!ledger.knows(update.key())) {
        file.append(status::to_json(update));
      }
    }
  }
  std::int64_t greatest = 0;
  for (const std::string& line : lines_below(directory)) {
    const std::int64_t seq = Json(line)["seq"].integer().value_or(-1);
    if (seq < 1 || seq > greatest + 1) {
      return fmt::format("after {} comes {:.60}", greatest, line);
    }
    greatest = std::max(greatest, seq);
  }
  return greatest == static_cast<std::int64_t>(journal.size())
             ? ""
             : fmt::format("it ends with {}", greatest);
}

Check guarded(const Check& check) {
  return [check](const std::string& directory, std::uint64_t told) -> std::string {
    try {
      return check(directory, told);
    } catch (const std::exception& error) {
      return error.what();
    }
  };
}

BOOST_AUTO_TEST_SUITE(PowerLoss)

BOOST_AUTO_TEST_CASE(whatever_anybody_was_told_is_in_the_journal) {
  if (!can_shim("power_loss")) {
    return;
  }
  Recorded world;
  {
    const auto receiver = world.start_receiver();
    for (const std::size_t padding : {0, 3'000, 40'000, 0, 14'000, 200, 16'000}) {
      world.post(padding);
    }
    BOOST_TEST(receiver->terminate() == 0);
  }
  {
    const auto receiver = world.start_receiver({"--keep-size", "32KiB"});  // all but the last go
    for (const std::size_t padding : {0, 9'000, 100'000, 0}) {
      world.post(padding);
    }
    BOOST_TEST(receiver->terminate() == 0);
  }
  const auto check = [&](const std::string& directory, std::uint64_t told) {
    return problem_of_journal(directory + "/status-receiver", told, world.posted);
  };
  check_prefixes(world.events("status-receiver"), 1, guarded(check));
}

// How many syncs of the database there were when the log had been copied into it; 0: it was not
// yet. Those of the log don't count: whether one comes before or after is chance.
int syncs_until_copied(const std::vector<DiskEvent>& events) {
  int syncs = 0;
  bool large = false;
  for (const DiskEvent& event : events) {
    const bool database = event.path.ends_with("journal.db");
    const bool sync = event.call == DiskCall::sync || event.call == DiskCall::failed_sync;
    large = large || (database && event.offset > 1'000'000);
    syncs += database && sync ? 1 : 0;
    if (large && database && sync) {
      return syncs;
    }
  }
  return 0;
}

// Copying the log into the database, and beginning it anew over what stands there.
void fill_copy_and_go_on(Recorded& world) {
  for (int i = 0; i < 6; ++i) {
    world.post(800'000);
  }
  BOOST_REQUIRE(ask_until([&] { return syncs_until_copied(world.events("status-receiver")) > 0; }));
  for (const std::size_t padding : {0, 20'000, 0, 60'000, 0}) {
    world.post(padding);
  }
}

void check_some_prefixes(const Recorded& world) {
  const auto check = [&](const std::string& directory, std::uint64_t told) {
    return problem_of_journal(directory + "/status-receiver", told, world.posted);
  };
  check_prefixes(world.events("status-receiver"), static_cast<unsigned>(40 / rounds(1) + 1),
                 guarded(check));
}

BOOST_AUTO_TEST_CASE(so_it_is_while_the_log_is_copied_and_begun_anew) {
  if (!can_shim("power_loss")) {
    return;
  }
  Recorded healthy;
  {
    const auto receiver = healthy.start_receiver();
    fill_copy_and_go_on(healthy);
    receiver->kill();
  }
  check_some_prefixes(healthy);

  // The same with a copy that can't be synced: the kernel has let it go, and tells that once.
  Recorded failing;
  {
    const int sync = syncs_until_copied(healthy.events("status-receiver"));
    const auto receiver = failing.start_receiver({}, fmt::format("sync:{}:EIO", sync));
    fill_copy_and_go_on(failing);
    receiver->wait_for_line(Stream::err, "cannot sync .*journal.db: the disk fails");
    BOOST_TEST(receiver->terminate() == 0);
  }
  check_some_prefixes(failing);
}

BOOST_AUTO_TEST_CASE(the_store_and_a_sink_go_on_without_losing_or_doubling) {
  if (!can_shim("power_loss")) {
    return;
  }
  Recorded world;
  const Arguments sink_arguments{
      "--from",        "start", "--path",        world.root + "/lines.jsonl",
      "--rotate-size", "6000",  "--every-update"};
  const auto receiver = world.start_receiver();
  const auto lines = [&] { return lines_below(world.root).size(); };
  std::size_t count = 0;
  for (int life = 0; life < 2; ++life) {
    const auto store = world.launch("status-store", {"--port", "0"});
    const auto sink = world.launch("status-sink-file", sink_arguments);
    const int port = wait_for_port(*store);
    for (int i = 0; i < 7; ++i) {
      world.post(0);
    }
    count += 7;
    const std::string health = fmt::format("http://127.0.0.1:{}/health", port);
    BOOST_REQUIRE(ask_until([&] {
      return Json(world.pipeline.client.get(health).body)["total_updates"].integer() ==
             static_cast<std::int64_t>(count);
    }));
    BOOST_REQUIRE(ask_until(
        [&] { return std::filesystem::exists(world.root + "/lines.jsonl") && lines() == count; }));
    BOOST_TEST(sink->terminate() == 0);
    BOOST_TEST(store->terminate() == 0);
  }
  BOOST_TEST(world.launch("status-store", {"--rebuild"})->wait() == 0);
  BOOST_TEST(receiver->terminate() == 0);

  const auto journal = events_in(world.root + "/status-receiver", world.posted.stream);
  BOOST_REQUIRE(journal.size() == count);
  const unsigned sample = static_cast<unsigned>(8 / rounds(1) + 1);
  check_prefixes(world.events("status-store"), sample,
                 guarded([&](const std::string& directory, std::uint64_t) {
                   return problem_of_store(directory + "/status-store", journal);
                 }));
  check_prefixes(world.events("status-sink-file"), 1,
                 guarded([&](const std::string& directory, std::uint64_t) {
                   return problem_of_sink(directory, journal);
                 }));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::tests
