#include "lib/system/service.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <vector>

#include "lib/system/directory.h"
#include "lib/system/error.h"

namespace monitor::system {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

std::string fallback_runtime_directory() {
  return fmt::format("/tmp/status-monitor-{}", ::getuid());
}

// systemd separates several directories by colons; the first is the program's own.
std::string first_of_list(const std::string& list) { return list.substr(0, list.find(':')); }

// A new directory is on the disk when the one that it is in is; else a power loss takes it with all
// that was synced in it.
void make_directories(const std::string& path) {
  std::filesystem::path whole = std::filesystem::absolute(path).lexically_normal();
  if (!whole.has_filename()) {
    whole = whole.parent_path();  // without the slash at the end
  }
  std::vector<std::string> made;
  std::error_code unreadable;
  for (auto one = whole; !std::filesystem::exists(one, unreadable) && one.has_relative_path();
       one = one.parent_path()) {
    made.push_back(one);
  }
  const std::filesystem::path parent = whole.parent_path();
  std::error_code error;
  std::filesystem::create_directories(parent, error);
  if (error) {
    fail(fmt::format("make directory {}", parent.string()), error.message());
  }
  if (::mkdir(whole.c_str(), 0700) != 0 && errno != EEXIST) {
    fail_errno(fmt::format("make directory {}", path));
  }
  for (const std::string& one : made) {
    sync_directory_of(one);
  }
}

// In /tmp somebody else could have made it first, and would then own what our subscribers connect
// to; a link there could lead anywhere. A directory that the user chose is the user's business.
bool is_ours(const std::string& directory) {
  struct stat st {};
  if (::stat(directory.c_str(), &st) != 0) {
    return false;
  }
  if (directory == fallback_runtime_directory()) {
    return ::lstat(directory.c_str(), &st) == 0 && S_ISDIR(st.st_mode) &&
           st.st_uid == ::geteuid() && (st.st_mode & 022) == 0;
  }
  return directory != default_runtime_directory() || st.st_uid == ::geteuid();
}

bool somebody_listens(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    fail(fmt::format("bind {}", path), fmt::format("the path of a Unix socket has at most {} bytes",
                                                   sizeof address.sun_path - 1));
  }
  std::memcpy(address.sun_path, path.c_str(), path.size());
  const Fd probe{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  // EAGAIN: it listens, but is too busy (or stopped) to accept.
  return ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ||
         errno == EAGAIN;
}

// Of an ipc endpoint with a file; empty for other transports and for the abstract name space.
std::string path_of(const std::string& endpoint) {
  constexpr std::string_view kScheme = "ipc://";
  return endpoint.starts_with(kScheme) && !endpoint.starts_with("ipc://@")
             ? endpoint.substr(kScheme.size())
             : std::string();
}

void notify(const std::string& message) { ::sd_notify(0, message.c_str()); }

}  // namespace

void notify_ready(std::string_view status) { notify(fmt::format("READY=1\nSTATUS={}", status)); }
void notify_status(std::string_view status) { notify(fmt::format("STATUS={}", status)); }
void notify_stopping() { notify("STOPPING=1"); }

void notify_alive() {
  using Clock = std::chrono::steady_clock;
  static std::atomic<Clock::rep> last{0};
  const auto now = Clock::now().time_since_epoch();
  if (now - Clock::duration(last.load()) >= std::chrono::seconds(1)) {
    last = now.count();
    notify("WATCHDOG=1");
  }
}

int inherited_socket() {
  const int count = ::sd_listen_fds(0);
  if (count <= 0) {
    return -1;
  }
  if (count > 1 || ::sd_is_socket(SD_LISTEN_FDS_START, AF_UNSPEC, SOCK_STREAM, 1) <= 0 ||
      ::sd_is_socket(SD_LISTEN_FDS_START, AF_UNIX, 0, -1) > 0) {
    throw ConfigError(
        "cannot use the sockets handed over by $LISTEN_FDS: give one that listens on TCP "
        "(ListenStream= of the .socket unit)");
  }
  return SD_LISTEN_FDS_START;
}

std::string default_state_directory(std::string_view program) {
  if (const std::string given = environment("STATE_DIRECTORY"); !given.empty()) {
    return first_of_list(given);
  }
  std::string base = environment("XDG_STATE_HOME");
  if (base.empty()) {
    const std::string home = environment("HOME");
    base = (home.empty() ? "/var/lib" : home + "/.local/state");
  }
  return fmt::format("{}/status-monitor/{}", base, program);
}

std::string default_runtime_directory() {
  if (const std::string given = environment("RUNTIME_DIRECTORY"); !given.empty()) {
    return first_of_list(given);
  }
  if (const std::string base = environment("XDG_RUNTIME_DIR"); !base.empty()) {
    return base + "/status-monitor";
  }
  return fallback_runtime_directory();
}

std::string default_feed_endpoint() { return "ipc://" + default_runtime_directory() + "/feed"; }
std::string default_replay_endpoint() { return "ipc://" + default_runtime_directory() + "/replay"; }

Fd claim_directory(const std::string& path) {
  make_directories(path);
  Fd directory{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!directory) {
    fail_errno(fmt::format("open directory {}", path));
  }
  if (::flock(directory.get(), LOCK_EX | LOCK_NB) != 0) {
    fail(fmt::format("use state directory {}", path),
         errno == EWOULDBLOCK ? "another process uses it (--state DIR gives this one its own)"
                              : std::strerror(errno));
  }
  return directory;
}

void prepare_to_bind(const std::string& endpoint) {
  const std::string path = path_of(endpoint);
  const std::string directory = std::filesystem::path(path).parent_path().string();
  if (directory.empty()) {
    return;  // not ipc, or relative to the working directory
  }
  make_directories(directory);
  if (!is_ours(directory)) {
    fail(fmt::format("use directory {}", directory),
         "it belongs to another user, or others may write to it");
  }
  if (somebody_listens(path)) {
    fail(fmt::format("bind {}", endpoint),
         "another process listens there (is a second status-receiver running?)");
  }
}

void let_group_connect(const std::string& endpoint) {
  constexpr mode_t kOwnerAndGroup = 0660;  // connecting to a Unix socket is writing to it
  if (const std::string path = path_of(endpoint); !path.empty()) {
    ::chmod(path.c_str(), kOwnerAndGroup);
  }
}

void clean_up_after(const std::string& endpoint) {
  const std::string path = path_of(endpoint);
  if (path.empty()) {
    return;
  }
  ::unlink(path.c_str());
  const std::string directory = std::filesystem::path(path).parent_path().string();
  if (environment("RUNTIME_DIRECTORY").empty() && directory == default_runtime_directory()) {
    ::rmdir(directory.c_str());  // fails as long as somebody else's socket is in it
  }
}

}  // namespace monitor::system
