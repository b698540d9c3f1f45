#include "store/rebuild.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "lib/system/directory_watch.h"
#include "lib/system/error.h"
#include "lib/system/log.h"
#include "lib/system/service.h"
#include "store/following.h"
#include "store/generations.h"
#include "store/progress.h"
#include "store/reader/figures.h"

namespace monitor::store {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 200ms;
// A running store takes over within milliseconds, unless it is stopped or its disk is slow.
constexpr auto kTakeOver = 30s;

bool is_complete(const Following& following) {
  const feed::Subscriber::Progress progress = following.progress();
  return progress.following && progress.lag == 0 && !following.untidy();
}

// Reads the feed into the new file; false when told to end before it is complete.
bool fill(Following& following, const system::Signals& signals) {
  Progress progress;
  pollfd wake{signals.fd(), POLLIN, 0};
  while (!is_complete(following)) {
    following.gather(kPatience, {&wake, 1});
    if (wake.revents != 0 && signals.take() == system::Signal::terminate) {
      return false;
    }
    following.keep(true);
    following.tidy(0s);
    if (!following.trouble().empty()) {
      system::fail("rebuild the database", following.trouble());
    }
    if (following.progress().following) {
      progress.tell(following.taken(), following.progress().lag);
    }
  }
  return true;
}

// What the journals no longer keep can't be read again.
void tell_losses(const std::string& path) {
  storage::Database database = storage::Database::open(path, storage::Database::Mode::read_write);
  const std::int64_t lost = read_figures(database).lost;
  if (lost > 0) {
    system::log_warning(
        fmt::format("the journals no longer keep the first {} events: what they "
                    "told is only in {}.old from now on",
                    lost, kDatabaseName));
  }
  database.checkpoint(storage::Database::Checkpoint::truncate);
}

// False: a running status-store has it, and will see the new one.
bool adopt_ourselves(const std::string& state) {
  try {
    const system::Fd claim = system::claim_directory(state);
    adopt_rebuilt(state);
    return true;
  } catch (const system::Failure&) {
    return false;
  }
}

// The file is gone when the running store has taken it.
bool await_adoption(const std::string& state) {
  const std::string rebuilt = fmt::format("{}/{}", state, kRebuiltName);
  const system::DirectoryWatch watch(state);
  const auto deadline = std::chrono::steady_clock::now() + kTakeOver;
  while (std::filesystem::exists(rebuilt)) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left <= 0ms) {
      return false;
    }
    pollfd moved{watch.fd(), POLLIN, 0};
    ::poll(&moved, 1, static_cast<int>(left.count()));
    watch.take();
  }
  return true;
}

void put_in_place(const std::string& path, const std::string& state) {
  hand_over(path, state);
  if (adopt_ourselves(state)) {
    system::log_info("the new database is in place; status-store uses it from its next start on");
  } else if (await_adoption(state)) {
    system::log_info("the running status-store uses the new database");
  } else {
    system::log_warning(
        "the running status-store has not taken the new database yet; it does so "
        "when it is started again");
  }
}

}  // namespace

int rebuild(const Settings& settings, const system::Signals& signals) {
  const std::string directory = fmt::format("{}/{}", settings.state, kRebuildDirectory);
  const std::string path = fmt::format("{}/{}", directory, kDatabaseName);
  const system::Fd claim = system::claim_directory(directory);
  remove_database(path);  // of a rebuild that was killed
  system::log_info("reading the journals from their beginning; the present database stays in use");
  bool complete = false;
  {
    Measures measures(system::now());
    Following following(path, settings.sources, measures);
    complete = fill(following, signals);
  }
  if (complete) {
    tell_losses(path);
    put_in_place(path, settings.state);
  } else {
    system::log_warning("given up; nothing was changed");
  }
  remove_database(path);
  std::error_code ignored;
  std::filesystem::remove(directory, ignored);
  return complete ? system::kExitOk : system::kExitFailed;
}

}  // namespace monitor::store
