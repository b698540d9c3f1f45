#include "formatter/follow.h"

#include <fmt/format.h>
#include <poll.h>

#include <array>
#include <chrono>
#include <string>

#include "formatter/printer.h"
#include "formatter/record.h"
#include "lib/feed/subscriber.h"
#include "lib/system/error.h"
#include "lib/system/service.h"

namespace monitor::formatter {
namespace {

using namespace std::chrono_literals;

// How often an idle program looks whether its STATUS= is still true; often until the feed is there,
// because others wait for that.
constexpr auto kIdlePatience = 1000ms;
constexpr auto kJoiningPatience = 50ms;

std::string database_path(const Settings& settings) {
  return settings.resumes() ? settings.state + "/formatter.db" : ":memory:";
}

// A place that was never kept is the journal's start: resuming must miss nothing.
feed::Begin begin_of(const Settings& settings) {
  return settings.from == "live" ? feed::Begin::live : feed::Begin::start;
}

std::string describe(const feed::Subscriber::Progress& progress, std::uint64_t printed) {
  if (!progress.following) {
    return progress.trouble.empty() ? "waiting for the feed" : progress.trouble;
  }
  return fmt::format("following {} stream{}, {} updates printed{}", progress.cursors.size(),
                     progress.cursors.size() == 1 ? "" : "s", printed,
                     progress.trouble.empty() ? (progress.silent ? ", the feed is silent" : "")
                                              : ", " + progress.trouble);
}

class Loop {
 public:
  Loop(const Settings& settings, DescriptorOutput& output, Stop& stop)
      : output_(output),
        stop_(stop),
        record_(
            storage::Database::open(database_path(settings), storage::Database::Mode::read_write)),
        subscriber_({settings.sources, record_.cursors(), begin_of(settings)}),
        printer_(settings.style(), status::Filter(settings.filter), record_, output) {}

  void run() {
    status_ = describe(subscriber_.progress(), 0);
    system::notify_ready(status_);
    while (step()) {
    }
    system::notify_stopping();
    record_.commit_at_once();
  }

 private:
  // False: leave.
  bool step() {
    std::array<pollfd, 2> wake{{{stop_.fd(), POLLIN, 0}, {output_.fd(), 0, 0}}};
    const auto event = subscriber_.next(patience(), wake);
    stop_.look();
    system::notify_alive();
    if (stop_.asked() || reader_left(wake[1].revents)) {
      return false;
    }
    if (event) {
      return printer_.print(*event) == Written::whole;
    }
    record_.commit();
    tell();
    return true;
  }

  std::chrono::milliseconds patience() const {
    if (record_.wants_commit()) {
      return 0ms;
    }
    return following_ ? kIdlePatience : kJoiningPatience;
  }

  void tell() {
    const auto progress = subscriber_.progress();
    following_ = progress.following;
    if (std::string now = describe(progress, printer_.printed()); now != status_) {
      status_ = std::move(now);
      system::notify_status(status_);
    }
  }

  DescriptorOutput& output_;
  Stop& stop_;
  Record record_;
  feed::Subscriber subscriber_;
  Printer printer_;
  bool following_ = false;
  std::string status_;
};

}  // namespace

int follow(const Settings& settings, DescriptorOutput& output, Stop& stop) {
  // Only who resumes keeps something there: any number may follow live.
  const system::Fd claim =
      settings.resumes() ? system::claim_directory(settings.state) : system::Fd();
  try {
    Loop(settings, output, stop).run();
  } catch (const storage::Error& error) {
    storage::give_up(database_path(settings), error,
                     "a new one is begun, and all that the journal keeps is printed");
  }
  return system::kExitOk;
}

}  // namespace monitor::formatter
