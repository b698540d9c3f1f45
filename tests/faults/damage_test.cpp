// Files that are not what they were: cut somewhere, or with a bit that is another. A program
// starts, or refuses with one line that says what to do. It never serves what nobody sent: an event
// that is replayed is to the byte what was posted, and what is gone is counted. Nobody crashes.
#include <fmt/format.h>
#include <signal.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <functional>
#include <random>
#include <span>

#include "lib/system/error.h"
#include "receiver/journal.h"
#include "tests/faults/laboratory.h"
#include "tests/support/bodies.h"
#include "tests/support/json.h"
#include "tests/support/pipeline.h"

namespace monitor::tests {
namespace {

using receiver::Journal;
using receiver::JournalReader;

constexpr int kEvents = 60;
constexpr std::uint64_t kAnySize = std::uint64_t{1} << 40;

struct Damage {
  std::string file;
  bool cut = false;
  std::size_t at = 0;
  int bit = 0;

  std::string text() const {
    return cut ? fmt::format("{} cut at {}", file, at)
               : fmt::format("bit {} of byte {} of {} is another", bit, at, file);
  }
};

Damage damage_of(const std::string& directory, const std::vector<std::string>& files,
                 std::mt19937& random) {
  Damage damage{.file = files[random() % files.size()], .cut = random() % 4 == 0};
  const auto size = std::filesystem::file_size(directory + '/' + damage.file);
  // Every second one where the first pages are: all else hangs on them.
  damage.at = random() % (random() % 2 == 0 ? size : std::min<std::uintmax_t>(size, 200));
  damage.bit = static_cast<int>(random() % 8);
  return damage;
}

// A copy of `from` with that damage.
void make_damaged(const std::string& from, const std::string& to, const Damage& damage) {
  std::filesystem::remove_all(to);
  std::filesystem::copy(from, to);
  const std::string path = to + '/' + damage.file;
  if (damage.cut) {
    std::filesystem::resize_file(path, damage.at);
    return;
  }
  std::string content = read_file(path);
  content[damage.at] = static_cast<char>(content[damage.at] ^ (1 << damage.bit));
  write_file(path, content);
}

std::string body_of(std::uint64_t seq) {
  return incident_body(fmt::format("n{}", seq), "Looking into it", seq % 7 * 1'500);
}

void append(Journal& journal, std::uint64_t seq) {
  feed::Event event{.stream = {},
                    .received_at = system::from_microseconds(1'000'000),
                    .format = "statuspage",
                    .provider = "test-page",
                    .provider_name = "Test Page",
                    .body = body_of(seq)};
  feed::Event* const pointer = &event;
  BOOST_REQUIRE(!journal.append({&pointer, 1}));
  BOOST_REQUIRE(event.seq == seq);
}

// As it is stopped, with all in the database; and as kill -9 leaves it, with all in the log.
struct Journals {
  Journals() {
    std::filesystem::create_directory(directory / "work");
    {
      Journal journal(directory / "work");
      stream = journal.stream();
      for (std::uint64_t seq = 1; seq <= kEvents; ++seq) {
        append(journal, seq);
      }
      copy_to("killed");
    }
    copy_to("stopped");
  }
  void copy_to(const char* name) const {
    std::filesystem::create_directory(directory / name);
    for (const auto& file : std::filesystem::directory_iterator(directory / "work")) {
      if (!file.path().string().ends_with("-shm")) {
        std::filesystem::copy_file(file.path(),
                                   (directory / name) + '/' + file.path().filename().string());
      }
    }
  }

  TempDir directory;
  std::string stream;
};

bool says_what_to_do(const std::string& message, const std::string& directory) {
  return message.find("cannot use " + directory) != std::string::npos &&
         message.find("move it away") != std::string::npos &&
         message.find('\n') == std::string::npos;
}

struct Tally {
  int refused = 0;
  int damaged = 0;
  int passed_over = 0;
  int whole = 0;
};

std::string problem_of_replay(Journal& journal, const std::string& stream, const Damage& damage,
                              Tally& tally) {
  if (journal.stream() != stream) {
    return damage.cut && journal.last_seq() == 0 ? "" : "another stream was begun";
  }
  JournalReader reader(journal.path(), journal.stream());
  std::size_t found = 0;
  for (const feed::Event& event : reader.read(1, 1000, kAnySize)) {
    ++found;
    if (event.body != body_of(event.seq) || event.provider != "test-page") {
      return fmt::format("seq {} is not what was posted", event.seq);
    }
  }
  const std::size_t gone = reader.damaged().size();
  const std::uint64_t last = journal.last_seq();
  tally.damaged += gone > 0 ? 1 : 0;
  tally.passed_over += last > kEvents ? 1 : 0;
  tally.whole += found == kEvents ? 1 : 0;
  // The end of a log that was cut, or its last transaction, can't be told from what a crash left.
  if (last < kEvents - 1 && !damage.cut) {
    return fmt::format("numbers from {} on would be given again", last + 1);
  }
  return found + gone >= std::min<std::uint64_t>(last, kEvents) || last > kEvents
             ? ""
             : fmt::format("of {} events {} are there and {} are counted as gone", last, found,
                           gone);
}

std::string problem_of_journal(const std::string& directory, const std::string& stream,
                               const Damage& damage, Tally& tally) {
  std::optional<Journal> journal;
  try {
    journal.emplace(directory);
  } catch (const system::Failure& failure) {
    ++tally.refused;
    return says_what_to_do(failure.what(), directory) ? "" : failure.what();
  }
  return problem_of_replay(*journal, stream, damage, tally);
}

void try_journals(const std::string& name, const std::vector<std::string>& files, int count) {
  const Journals journals;
  std::mt19937 random(seed());
  Tally tally;
  const std::string place = journals.directory / "damaged";
  for (int i = 0; i < count; ++i) {
    const Damage damage = damage_of(journals.directory / name, files, random);
    make_damaged(journals.directory / name, place, damage);
    std::string problem;
    try {
      problem = problem_of_journal(place, journals.stream, damage, tally);
    } catch (const std::exception& error) {
      problem = error.what();
    }
    BOOST_TEST(problem.empty(), damage.text() << ": " << problem);
  }
  BOOST_TEST_MESSAGE(
      fmt::format("{} {}: {} refused, {} with damaged events, {} with a damaged log, "
                  "{} with all events",
                  count, name, tally.refused, tally.damaged, tally.passed_over, tally.whole));
  BOOST_TEST(tally.refused > 0);
  BOOST_TEST(tally.damaged + tally.passed_over > 0);
}

// A real program on a state directory with damage: until it follows the feed, or ends.
struct Candidate {
  std::string program;
  Arguments arguments;
  std::string file;
};

std::string problem_of_program(Pipeline& pipeline, const Candidate& candidate,
                               const std::string& state, const std::string& ready) {
  Arguments arguments = candidate.arguments;
  arguments.insert(arguments.end(), {"--state", state});
  const auto process = pipeline.launch(candidate.program, std::move(arguments));
  const auto said = [&] { return process->text(Stream::err); };
  if (!ask_until([&] {
        return !process->running() || said().find(ready) != std::string::npos ||
               said().find("cannot use ") != std::string::npos;
      })) {
    return "it neither works nor ends: " + said();
  }
  process->signal(SIGTERM);
  const int code = process->wait();
  const bool told = said().find("cannot use " + state) != std::string::npos;
  return code == 0 || code == 128 + SIGTERM || (code == 1 && told)
             ? ""
             : fmt::format("it ended with {}: {}", code, said());
}

BOOST_AUTO_TEST_SUITE(DamagedFiles)

BOOST_AUTO_TEST_CASE(a_journal_that_was_stopped_is_replayed_as_posted_or_refused) {
  try_journals("stopped", {"journal.db"}, rounds(250));
}

BOOST_AUTO_TEST_CASE(so_is_one_whose_log_is_damaged) {
  try_journals("killed", {"journal.db", "journal.db-wal"}, rounds(150));
}

BOOST_AUTO_TEST_CASE(every_program_starts_or_says_what_to_do) {
  Pipeline pipeline;
  {
    const auto receiver = pipeline.start_receiver();
    for (std::uint64_t seq = 1; seq <= 20; ++seq) {
      BOOST_TEST(pipeline.post(body_of(seq)).status == 200);
    }
    const auto line = [&](const char* program, const Arguments& arguments) {
      const auto process = pipeline.start(program, arguments);
      BOOST_TEST(process->terminate() == 0);
    };
    line("status-store", {"--port", "0"});
    line("status-formatter", {"--from", "resume"});
    line("status-sink-file", {"--from", "start", "--path", pipeline.path("lines.jsonl")});
    BOOST_TEST(receiver->terminate() == 0);
  }
  const std::vector<Candidate> candidates{
      {"status-receiver", {"--port", "0"}, "journal.db"},
      {"status-store", {"--port", "0"}, "store.db"},
      {"status-formatter", {"--from", "resume"}, "formatter.db"},
      {"status-sink-file", {"--path", pipeline.path("lines.jsonl")}, "sink.db"}};
  std::mt19937 random(seed());
  for (const Candidate& candidate : candidates) {
    const auto receiver =
        candidate.program == "status-receiver" ? nullptr : pipeline.start_receiver();
    const std::string state = pipeline.path("state/status-monitor/" + candidate.program);
    const std::string damaged = pipeline.path("damaged");
    for (int i = 0; i < rounds(8); ++i) {
      const Damage damage = damage_of(state, {candidate.file}, random);
      make_damaged(state, damaged, damage);
      const std::string problem = problem_of_program(
          pipeline, candidate, damaged,
          candidate.program == "status-receiver" ? "give providers" : "following ");
      BOOST_TEST(problem.empty(), candidate.program << ", " << damage.text() << ": " << problem);
    }
  }
}

BOOST_AUTO_TEST_CASE(subscribers_get_all_others_and_are_told_what_is_gone) {
  Pipeline pipeline;
  auto receiver = pipeline.start_receiver();
  for (std::uint64_t seq = 1; seq <= 9; ++seq) {
    BOOST_TEST(pipeline.post(body_of(seq)).status == 200);
  }
  BOOST_TEST(receiver->terminate() == 0);
  const std::string file = pipeline.receiver_state() + "/journal.db";
  std::string content = read_file(file);
  const std::size_t at = content.find("Incident n4");
  BOOST_REQUIRE(at != std::string::npos);
  content[at] = 'J';
  write_file(file, content);

  receiver = pipeline.start_receiver();
  const auto formatter =
      pipeline.start("status-formatter", {"--from", "start", "--format", "json"});
  std::vector<std::int64_t> seqs;
  for (const std::string& line : formatter->wait_for_lines(Stream::out, 8)) {
    seqs.push_back(Json(line)["seq"].integer().value_or(0));
  }
  BOOST_TEST((seqs == std::vector<std::int64_t>{1, 2, 3, 5, 6, 7, 8, 9}));
  formatter->wait_for_line(Stream::err, "seq 4 to 4 of stream .* are gone");
  receiver->wait_for_line(Stream::err, "1 events of the journal are damaged");
  const std::string metrics = pipeline.client.get(pipeline.receiver_url("/metrics")).body;
  BOOST_TEST(metrics.find("status_receiver_journal_damaged 1\n") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::tests
