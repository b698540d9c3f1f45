// The power of a real file system goes: an ext4 on a loop device is shut down under load, so that
// whatever it had not written is gone, and all programs with it. Mounted and started again, what
// was answered 200 is everywhere, once in the store. Needs root and loop devices; where they are
// not there the test says so and is skipped.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <iterator>
#include <random>
#include <set>

#include "lib/system/fd.h"
#include "tests/faults/laboratory.h"
#include "tests/support/bodies.h"
#include "tests/support/json.h"
#include "tests/support/pipeline.h"
#include "tests/support/senders.h"

namespace monitor::tests {
namespace {

constexpr int kLosses = 15;
constexpr int kSenders = 4;
constexpr std::size_t kPosts = 150;  // answered between two losses, at most
constexpr int kMegabytes = 64;       // of so many losses; what is not used takes no room

// Of linux/fs/ext4: what is not in its own log is not written any more either.
constexpr unsigned long kShutdown = _IOR('X', 125, std::uint32_t);
constexpr std::uint32_t kWithoutFlush = 2;

// An ext4 in a mount namespace of its own, which goes with the process that holds it.
class RealDisk {
 public:
  explicit RealDisk(Pipeline& pipeline)
      : pipeline_(pipeline), image_(pipeline.path("image")), place_(pipeline.path("disk")) {
    std::filesystem::create_directory(place_);
    holder_ = pipeline.launch(
        "unshare",
        {"--mount", "--propagation", "private", "sh", "-c",
         fmt::format("truncate -s {2}M '{0}' && mkfs.ext4 -q '{0}' && mount -o loop '{0}' '{1}' && "
                     "echo mounted && exec sleep infinity",
                     image_, place_, rounds(kMegabytes))});
    ask_until([&] { return mounted() || !holder_->running(); });
  }
  bool mounted() const { return holder_->line_count(Stream::out) > 0; }
  std::string why_not() const { return holder_->text(Stream::err); }
  const std::string& place() const { return place_; }
  // As this process sees it.
  std::string from_outside(const std::string& name) const {
    return fmt::format("/proc/{}/root{}/{}", holder_->pid(), place_, name);
  }

  std::unique_ptr<Process> launch(const std::string& program, Arguments arguments) {
    Arguments all{"--mount", "--target", std::to_string(holder_->pid()), "--",
                  programs_directory() + '/' + program};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return pipeline_.launch("nsenter", all);
  }
  void lose_power() const {
    const system::Fd fd{::open(from_outside("").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    std::uint32_t flags = kWithoutFlush;
    BOOST_REQUIRE(::ioctl(fd.get(), kShutdown, &flags) == 0);
  }
  // Nobody may use it.
  void mount_again() {
    auto again = pipeline_.launch(
        "nsenter", {"--mount", "--target", std::to_string(holder_->pid()), "--", "sh", "-c",
                    fmt::format("umount '{1}' && mount -o loop '{0}' '{1}'", image_, place_)});
    BOOST_REQUIRE_MESSAGE(again->wait() == 0, again->text(Stream::err));
  }

 private:
  Pipeline& pipeline_;
  std::string image_;
  std::string place_;
  std::unique_ptr<Process> holder_;
};

struct Programs {
  Programs(RealDisk& disk, const Pipeline& pipeline) {
    const auto start = [&](const std::string& program, Arguments arguments) {
      arguments.insert(arguments.end(), {"--state", disk.place() + '/' + program});
      all.push_back(disk.launch(program, std::move(arguments)));
    };
    start("status-receiver", {"--port", std::to_string(pipeline.receiver_port())});
    start("status-store", {"--port", std::to_string(pipeline.store_port())});
    start("status-sink-file", {"--from", "start", "--path", disk.place() + "/out.jsonl"});
  }
  void kill() {
    for (const auto& program : all) {
      program->kill();
    }
  }
  std::vector<std::unique_ptr<Process>> all;
};

void add_others(const std::set<std::string>& all, const std::set<std::string>& known,
                std::set<std::string>& others) {
  std::set_difference(all.begin(), all.end(), known.begin(), known.end(),
                      std::inserter(others, others.end()));
}

BOOST_AUTO_TEST_SUITE(RealPowerLoss)

BOOST_AUTO_TEST_CASE(what_was_answered_200_survives_that_an_ext4_loses_its_power) {
  Pipeline pipeline;
  RealDisk disk(pipeline);
  if (!disk.mounted()) {
    std::fprintf(stderr, "real_power_loss: SKIPPED: no ext4 can be mounted here: %s\n",
                 disk.why_not().c_str());
    return;
  }
  pipeline.choose_lasting_ports();
  std::mt19937 random(seed());
  Senders senders(pipeline.webhook_url(), kSenders);
  auto programs = std::make_unique<Programs>(disk, pipeline);
  // Answered while it happens: in this kernel a sync that is under way may end well although what
  // it wrote is gone. With real power nobody would live to hear of it.
  std::set<std::string> meanwhile;
  for (int i = 0; i < rounds(kLosses); ++i) {
    const std::size_t posts = random() % kPosts;
    senders.allow(posts + kSenders);  // some are under way when it happens
    if (!senders.wait_for_accepted(senders.accepted_count() + posts)) {
      BOOST_FAIL(
          fmt::format("no 200 after loss {}: {}", i, programs->all.front()->text(Stream::err)));
    }
    const std::set<std::string> before = senders.accepted();
    disk.lose_power();
    BOOST_TEST(pipeline.post(incident_body("late")).status != 200);
    programs->kill();
    senders.stand_still();
    add_others(senders.accepted(), before, meanwhile);
    disk.mount_again();
    programs = std::make_unique<Programs>(disk, pipeline);
  }
  senders.allow(10);
  BOOST_REQUIRE(senders.wait_for_accepted(senders.accepted_count() + 10));
  senders.stop();
  std::set<std::string> promised;
  add_others(senders.accepted(), meanwhile, promised);
  const auto lines = [&] { return lines_of_file(disk.from_outside("out.jsonl")); };
  BOOST_TEST(ask_until([&] { return missing(promised, lines()) == 0; }));
  check_order(lines());
  check_store(pipeline, promised, Json(lines().back())["seq"].integer().value_or(0));
  BOOST_TEST_MESSAGE(fmt::format("{} posts answered 200, power lost {} times, {} 200 meanwhile",
                                 promised.size(), rounds(kLosses), meanwhile.size()));
  programs->kill();
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::tests
