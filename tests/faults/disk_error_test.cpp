// Every call by which a program changes its disk fails once, or from then on until the disk is well
// again, with EIO or as on a disk that is full. Nothing that was answered 200 is missing
// afterwards; nobody crashes; the receiver takes webhooks again by itself; the store has each event
// once and the sinks every line in order. Who can't go on may end with 1 and a line that says why.
#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <functional>
#include <future>
#include <optional>
#include <random>

#include "lib/storage/database.h"
#include "receiver/journal.h"
#include "tests/faults/disk_recording.h"
#include "tests/faults/laboratory.h"
#include "tests/faults/shimmed.h"
#include "tests/support/bodies.h"
#include "tests/support/json.h"
#include "tests/support/pipeline.h"

namespace monitor::tests {
namespace {

// They mostly wait.
constexpr std::size_t kAtATime = 4;
constexpr int kPosts = 5;

struct Fault {
  std::string kind;
  int at = 0;  // the Nth call of that kind
  bool full = false;
  bool lasting = false;  // until the disk is well again

  std::string text() const {
    return fmt::format("{} {} fails with {}, {}", kind, at, full ? "ENOSPC" : "EIO",
                       lasting ? "and all that follow" : "once");
  }
};

// A directory whose disk fails as told.
class BadDisk {
 public:
  BadDisk(std::string directory, const Fault& fault) : root_(std::move(directory)) {
    std::filesystem::create_directory(root_);
    environment_ = shim_environment(root_);
    environment_["DISK_FAULT"] =
        fmt::format("{}:{}:{}", fault.kind, fault.at, fault.full ? "ENOSPC" : "EIO");
    if (fault.lasting) {
      environment_["DISK_WHILE"] = bad_;
      write_file(bad_, "");
    }
  }
  const std::string& root() const { return root_; }
  const Environment& environment() const { return environment_; }
  void heal() const { std::filesystem::remove(bad_); }

 private:
  std::string root_;
  std::string bad_ = root_ + ".bad";
  Environment environment_;
};

// "" or what is wrong with how it ended: 1 and a line that says why, never a signal.
std::string problem_of_end(Process& process) {
  const int code = process.wait();
  const std::string said = process.text(Stream::err);
  const bool told = said.find(": fatal: cannot ") != std::string::npos;
  return code == 1 && told ? "" : fmt::format("ended with {}, saying:\n{}", code, said);
}

// Every call that was recorded, in one of the ways in which it may fail; with $SOAK in others too.
std::vector<Fault> faults_of(const std::string& log, std::mt19937& random, std::size_t most) {
  std::vector<Fault> faults;
  for (int round = 0; round < std::min(rounds(1), 4); ++round) {
    for (const auto& [kind, count] : count_calls(log)) {
      for (int at = 1; at <= count; ++at) {
        faults.push_back({kind, at, random() % 2 == 0, random() % 2 == 0});
      }
    }
  }
  std::shuffle(faults.begin(), faults.end(), random);
  faults.resize(std::min(faults.size(), most));
  return faults;
}

// Some at a time. Each says what is wrong, or "".
void try_all(const std::vector<Fault>& faults,
             const std::function<std::string(std::size_t number, const Fault& fault)>& trial) {
  BOOST_TEST_MESSAGE(fmt::format("{} faults", faults.size()));
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    std::string problems;
    for (std::size_t i = next++; i < faults.size(); i = next++) {
      std::string problem;
      try {
        problem = trial(i, faults[i]);
      } catch (const std::exception& error) {
        problem = error.what();
      }
      if (!problem.empty()) {
        problems += fmt::format("{}: {}\n", faults[i].text(), problem);
      }
    }
    return problems;
  };
  std::vector<std::future<std::string>> workers;
  for (std::size_t i = 0; i < kAtATime; ++i) {
    workers.push_back(std::async(std::launch::async, work));
  }
  for (auto& worker : workers) {
    const std::string problems = worker.get();
    BOOST_TEST(problems.empty(), problems);
  }
}

// One receiver's life, and what it answered.
class Life {
 public:
  explicit Life(const std::string& root, const Environment& environment)
      : root_(root), environment_(environment) {
    start();
  }

  Process& process() { return *receiver_; }
  void start() {
    receiver_ = pipeline_.launch("status-receiver",
                                 {"--port", "0", "--state", root_ + "/state", "--keep-size", "1"},
                                 environment_);
    url_.clear();
    const auto listens = [&] {
      return receiver_->text(Stream::err).find("give providers") != std::string::npos;
    };
    if (!ask_until([&] { return listens() || !receiver_->running(); })) {
      throw std::runtime_error("it neither listens nor ends");
    }
    if (listens()) {
      url_ = fmt::format("http://127.0.0.1:{}/webhook/statuspage", wait_for_port(*receiver_));
    }
  }
  void start_on_good_disk() {
    environment_.clear();
    start();
  }
  int post() {
    const auto count = static_cast<std::size_t>(++count_);
    const std::string body =
        incident_body(fmt::format("n{}", count), "Looking into it", count % 3 * 9'000);
    const HttpAnswer answer = pipeline_.client.post(url_, body);
    if (answer.status == 200) {
      const auto seq = Json(answer.body)["seq"].integer();
      const bool fresh =
          accepted_.emplace(static_cast<std::uint64_t>(seq.value_or(0)), body).second;
      twice_ = twice_ || !fresh;
    }
    return answer.status;
  }
  bool listens() const { return !url_.empty(); }

  // The newest at least is there, under its number, and each that is there is what was posted.
  std::string problem_of_journal() const {
    const receiver::Journal journal(root_ + "/state");
    if (twice_) {
      return "a number was given to two events";
    }
    if (accepted_.empty() || journal.last_seq() < accepted_.rbegin()->first) {
      return fmt::format("the journal ends with {}", journal.last_seq());
    }
    receiver::JournalReader reader(journal.path(), journal.stream());
    std::uint64_t seq = journal.first_seq();
    for (const feed::Event& event : reader.read(1, 1000, std::uint64_t{1} << 40)) {
      const auto accepted = accepted_.find(event.seq);
      if (event.seq != seq++ || (accepted != accepted_.end() && accepted->second != event.body)) {
        return fmt::format("seq {} is not what was answered 200", event.seq);
      }
    }
    return reader.damaged().empty() ? "" : "some of it is damaged";
  }

 private:
  Pipeline pipeline_;
  std::string root_;
  Environment environment_;
  std::unique_ptr<Process> receiver_;
  std::string url_;
  int count_ = 0;
  bool twice_ = false;
  std::map<std::uint64_t, std::string> accepted_;
};

std::string problem_of_answers(Life& life) {
  for (int i = 0; i < kPosts && life.listens(); ++i) {
    const int status = life.post();
    if (status != 200 && status != 503) {
      return fmt::format("{} was answered", status);
    }
  }
  return "";
}

std::string problem_of_receiver(const BadDisk& disk) {
  Life life(disk.root(), disk.environment());
  if (std::string problem = problem_of_answers(life); !problem.empty()) {
    return problem;
  }
  disk.heal();
  if (!life.listens()) {
    if (std::string problem = problem_of_end(life.process()); !problem.empty()) {
      return problem;
    }
    life.start_on_good_disk();
  }
  if (!ask_until([&] { return life.post() == 200; })) {
    return "it does not recover: " + life.process().text(Stream::err);
  }
  const int code = life.process().terminate();
  return code != 0 ? fmt::format("it ends with {}: {}", code, life.process().text(Stream::err))
                   : life.problem_of_journal();
}

// What follows the feed: how it is started, and how far it has come.
struct Follower {
  std::string program;
  std::function<Arguments(const std::string& root)> arguments;
  // Everything up to `count` has arrived, as the whole world can see; else what is missing.
  std::function<std::string(const std::string& root, std::vector<std::string> printed,
                            std::int64_t count)>
      problem;
};

std::string problem_of_lines(const std::vector<std::string>& lines, std::int64_t count) {
  std::int64_t greatest = 0;
  for (const std::string& line : lines) {
    const std::int64_t seq = Json(line)["seq"].integer().value_or(-1);
    if (seq < 1 || seq > greatest + 1) {
      return fmt::format("after {} comes {:.60}", greatest, line);
    }
    greatest = std::max(greatest, seq);
  }
  return greatest == count ? "" : fmt::format("the lines end with {}", greatest);
}

std::string problem_of_database(const std::string& path, std::int64_t count) {
  const auto database = storage::Database::open(path, storage::Database::Mode::read_only);
  for (const char* table : {"incidents", "updates"}) {
    const auto found =
        database.prepare(fmt::format("SELECT count(*) FROM {}", table)).run_for_integer();
    if (found != count) {
      return fmt::format("{} {}", found.value_or(-1), table);
    }
  }
  return "";
}

const std::vector<Follower>& followers() {
  static const std::vector<Follower> kAll{
      {"status-store",
       [](const std::string& root) {
         return Arguments{"--port", "0", "--state", root + "/state"};
       },
       [](const std::string& root, const std::vector<std::string>&, std::int64_t count) {
         return problem_of_database(root + "/state/store.db", count);
       }},
      {"status-formatter",
       [](const std::string& root) {
         return Arguments{"--from", "resume", "--format", "json", "--state", root + "/state"};
       },
       [](const std::string&, const std::vector<std::string>& printed, std::int64_t count) {
         return problem_of_lines(printed, count);
       }},
      {"status-sink-file",
       [](const std::string& root) {
         return Arguments{"--from",         "start",   "--path",       root + "/lines.jsonl",
                          "--every-update", "--state", root + "/state"};
       },
       [](const std::string& root, const std::vector<std::string>&, std::int64_t count) {
         return problem_of_lines(lines_of_file(root + "/lines.jsonl"), count);
       }}};
  return kAll;
}

// One of them on a bad disk that becomes a good one; it goes on by itself, or ends and says why.
// Started anew it has everything.
class Trial {
 public:
  Trial(Pipeline& pipeline, const Follower& follower, const BadDisk& disk, std::int64_t count)
      : pipeline_(pipeline), follower_(follower), disk_(disk), count_(count) {}

  std::string problem() {
    process_ =
        pipeline_.launch(follower_.program, follower_.arguments(disk_.root()), disk_.environment());
    if (!ask_until([&] { return complains() || !process_->running() || has_all(); })) {
      return "nothing comes of it: " + said();
    }
    disk_.heal();
    if (!ask_until([&] { return !process_->running() || has_all(); })) {
      return "it does not go on: " + said();
    }
    process_->signal(SIGTERM);
    if (process_->wait() != 0) {
      if (std::string end = problem_of_end(*process_); !end.empty()) {
        return end;
      }
    }
    printed_before_ = process_->lines(Stream::out);
    process_ = pipeline_.start(follower_.program, follower_.arguments(disk_.root()));
    if (!ask_until([&] { return has_all(); })) {
      return "started anew it does not go on: " + said();
    }
    const int code = process_->terminate();
    return code == 0 && has_all() ? "" : fmt::format("it ended with {}: {}", code, said());
  }

 private:
  bool complains() const {
    return process_->text(Stream::err).find("cannot ") != std::string::npos;
  }
  bool has_all() {
    std::vector<std::string> printed = printed_before_;
    const auto now = process_->lines(Stream::out);
    printed.insert(printed.end(), now.begin(), now.end());
    try {
      missing_ = follower_.problem(disk_.root(), printed, count_);
    } catch (const std::exception& error) {  // no such file or table yet
      missing_ = error.what();
    }
    return missing_.empty();
  }
  std::string said() const { return missing_ + '\n' + process_->text(Stream::err); }

  Pipeline& pipeline_;
  const Follower& follower_;
  const BadDisk& disk_;
  std::int64_t count_;
  std::unique_ptr<Process> process_;
  std::vector<std::string> printed_before_;
  std::string missing_;
};

BOOST_AUTO_TEST_SUITE(DiskErrors)

BOOST_AUTO_TEST_CASE(the_receiver_answers_503_keeps_what_it_said_200_to_and_recovers) {
  if (!can_shim("disk_error")) {
    return;
  }
  const TempDir directory;
  const std::string log = directory / "log";
  {
    std::filesystem::create_directory(directory / "healthy");
    Life life(directory / "healthy", recorded(directory / "healthy", log));
    BOOST_TEST(problem_of_answers(life) == "");
    BOOST_TEST(life.post() == 200);
    BOOST_TEST(life.process().terminate() == 0);
    BOOST_TEST(life.problem_of_journal() == "");
  }
  std::mt19937 random(seed());
  try_all(faults_of(log, random, 1000), [&](std::size_t number, const Fault& fault) {
    return problem_of_receiver(BadDisk(directory / fmt::format("disk{}", number), fault));
  });
}

BOOST_AUTO_TEST_CASE(store_formatter_and_file_sink_end_up_with_everything_once_and_in_order) {
  if (!can_shim("disk_error")) {
    return;
  }
  Pipeline pipeline;
  const auto receiver = pipeline.start_receiver();
  for (int i = 0; i < kPosts; ++i) {
    BOOST_TEST(pipeline.post(incident_body(fmt::format("n{}", i))).status == 200);
  }
  std::mt19937 random(seed());
  for (const Follower& follower : followers()) {
    const std::string healthy = pipeline.path(follower.program);
    const std::string log = healthy + ".log";
    std::filesystem::create_directory(healthy);
    {
      const auto process =
          pipeline.launch(follower.program, follower.arguments(healthy), recorded(healthy, log));
      const auto has_all = [&] {
        try {
          return follower.problem(healthy, process->lines(Stream::out), kPosts).empty();
        } catch (const std::exception&) {
          return false;  // no such file yet
        }
      };
      BOOST_TEST(ask_until(has_all));
      BOOST_TEST(process->terminate() == 0);
    }
    const auto most = static_cast<std::size_t>(rounds(30));
    try_all(faults_of(log, random, most), [&](std::size_t number, const Fault& fault) {
      const BadDisk disk(pipeline.path(fmt::format("{}{}", follower.program, number)), fault);
      const std::string problem = Trial(pipeline, follower, disk, kPosts).problem();
      return problem.empty() ? "" : follower.program + ": " + problem;
    });
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::tests
