#include "lib/system/service.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "lib/system/error.h"
#include "tests/support/temp_dir.h"

namespace fs = std::filesystem;
using namespace monitor;
using system::Failure;

namespace {

using Variables = std::map<std::string, std::string>;

// The variables that directories come from: those given, the others not set. As they were
// afterwards.
class Directories {
 public:
  explicit Directories(const Variables& given) {
    for (const char* name :
         {"STATE_DIRECTORY", "XDG_STATE_HOME", "HOME", "RUNTIME_DIRECTORY", "XDG_RUNTIME_DIR"}) {
      const char* before = std::getenv(name);
      before_[name] = before != nullptr ? std::optional<std::string>(before) : std::nullopt;
      const auto found = given.find(name);
      set(name, found != given.end() ? std::optional(found->second) : std::nullopt);
    }
  }
  ~Directories() {
    for (const auto& [name, value] : before_) {
      set(name, value);
    }
  }
  Directories(const Directories&) = delete;
  Directories& operator=(const Directories&) = delete;

 private:
  static void set(const std::string& name, const std::optional<std::string>& value) {
    if (value) {
      ::setenv(name.c_str(), value->c_str(), 1);
    } else {
      ::unsetenv(name.c_str());
    }
  }
  std::map<std::string, std::optional<std::string>> before_;
};

class WorkingDirectory {
 public:
  explicit WorkingDirectory(const fs::path& path) : before_(fs::current_path()) {
    fs::current_path(path);
  }
  ~WorkingDirectory() { fs::current_path(before_); }
  WorkingDirectory(const WorkingDirectory&) = delete;
  WorkingDirectory& operator=(const WorkingDirectory&) = delete;

 private:
  fs::path before_;
};

system::Fd listen_at(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size());
  system::Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  BOOST_REQUIRE(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) ==
                0);
  BOOST_REQUIRE(::listen(socket.get(), 1) == 0);
  return socket;
}

mode_t mode_of(const std::string& path) {
  struct stat st {};
  BOOST_REQUIRE(::stat(path.c_str(), &st) == 0);
  return st.st_mode & 0777;
}

template <typename Action>
void check_fails(Action action, const std::string& expected) {
  BOOST_CHECK_EXCEPTION(action(), Failure, [&](const Failure& error) {
    BOOST_TEST(std::string(error.what()).find(expected) != std::string::npos, error.what());
    return true;
  });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(system_default_directories)

BOOST_AUTO_TEST_CASE(state_comes_from_systemd_then_xdg_then_home) {
  {
    const Directories directories(
        Variables{{"STATE_DIRECTORY", "/var/lib/a"}, {"XDG_STATE_HOME", "/x"}, {"HOME", "/h"}});
    BOOST_TEST(system::default_state_directory("status-store") == "/var/lib/a");
  }
  {
    const Directories directories(Variables{{"STATE_DIRECTORY", "/var/lib/a:/var/lib/b"}});
    BOOST_TEST(system::default_state_directory("status-store") == "/var/lib/a");
  }
  {
    const Directories directories(Variables{{"XDG_STATE_HOME", "/x"}, {"HOME", "/h"}});
    BOOST_TEST(system::default_state_directory("status-store") == "/x/status-monitor/status-store");
  }
  const Directories directories(Variables{{"HOME", "/h"}});
  BOOST_TEST(system::default_state_directory("status-store") ==
             "/h/.local/state/status-monitor/status-store");
}

BOOST_AUTO_TEST_CASE(the_runtime_directory_comes_from_systemd_then_xdg_then_tmp) {
  {
    const Directories directories(
        Variables{{"RUNTIME_DIRECTORY", "/run/a:/run/b"}, {"XDG_RUNTIME_DIR", "/r"}});
    BOOST_TEST(system::default_runtime_directory() == "/run/a");
    BOOST_TEST(system::default_feed_endpoint() == "ipc:///run/a/feed");
    BOOST_TEST(system::default_replay_endpoint() == "ipc:///run/a/replay");
  }
  {
    const Directories directories(Variables{{"XDG_RUNTIME_DIR", "/run/user/7"}});
    BOOST_TEST(system::default_runtime_directory() == "/run/user/7/status-monitor");
  }
  const Directories directories(Variables{});
  BOOST_TEST(system::default_runtime_directory() ==
             "/tmp/status-monitor-" + std::to_string(::getuid()));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(system_claim_directory)

BOOST_AUTO_TEST_CASE(a_directory_is_made_for_us_alone) {
  const tests::TempDir directory;
  const std::string path = directory / "a/b/c";
  const system::Fd claim = system::claim_directory(path);
  BOOST_TEST(mode_of(path) == 0700U);
}

BOOST_AUTO_TEST_CASE(a_slash_at_the_end_changes_nothing) {
  const tests::TempDir directory;
  const system::Fd claim = system::claim_directory((directory / "a/b") + "/");
  BOOST_TEST(mode_of(directory / "a/b") == 0700U);
}

BOOST_AUTO_TEST_CASE(a_path_may_be_relative) {
  const tests::TempDir directory;
  const WorkingDirectory here(directory.path());
  const system::Fd claim = system::claim_directory("state");
  BOOST_TEST(mode_of(directory / "state") == 0700U);
}

BOOST_AUTO_TEST_CASE(it_can_be_claimed_once_at_a_time) {
  const tests::TempDir directory;
  const std::string path = directory / "state";
  {
    const system::Fd claim = system::claim_directory(path);
    check_fails([&] { system::claim_directory(path); }, "another process uses it");
  }
  BOOST_TEST(static_cast<bool>(system::claim_directory(path)));
}

BOOST_AUTO_TEST_CASE(what_is_no_directory_is_refused) {
  const tests::TempDir directory;
  tests::write_file(directory / "file", "");
  check_fails([&] { system::claim_directory(directory / "file"); }, "Not a directory");
  check_fails([&] { system::claim_directory(directory / "file/below"); }, "Not a directory");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(system_prepare_to_bind)

BOOST_AUTO_TEST_CASE(the_directory_of_an_ipc_endpoint_is_made_for_us_alone) {
  const tests::TempDir directory;
  system::prepare_to_bind("ipc://" + (directory / "run/feed"));
  BOOST_TEST(mode_of(directory / "run") == 0700U);
}

BOOST_AUTO_TEST_CASE(a_socket_that_somebody_listens_on_is_refused) {
  const tests::TempDir directory;
  const std::string path = directory / "feed";
  {
    const system::Fd socket = listen_at(path);
    check_fails([&] { system::prepare_to_bind("ipc://" + path); }, "another process listens there");
    BOOST_TEST(fs::exists(path));
  }
  // What a killed program left behind is in nobody's way.
  BOOST_TEST(fs::exists(path));
  system::prepare_to_bind("ipc://" + path);
}

BOOST_AUTO_TEST_CASE(a_listener_whose_queue_is_full_listens_all_the_same) {
  const tests::TempDir directory;
  const std::string path = directory / "feed";
  const system::Fd socket = listen_at(path);
  for (int i = 0; i < 4; ++i) {
    check_fails([&] { system::prepare_to_bind("ipc://" + path); }, "another process listens there");
  }
}

BOOST_AUTO_TEST_CASE(a_path_too_long_for_a_socket_is_refused_with_the_bound) {
  const tests::TempDir directory;
  check_fails([&] { system::prepare_to_bind("ipc://" + (directory / std::string(108, 'x'))); },
              "at most 107 bytes");
}

BOOST_AUTO_TEST_CASE(other_transports_are_left_alone) {
  for (const char* endpoint :
       {"tcp://127.0.0.1:1", "inproc://a", "ipc://@abstract", "ipc://name"}) {
    BOOST_CHECK_NO_THROW(system::prepare_to_bind(endpoint));
  }
}

BOOST_AUTO_TEST_CASE(cleaning_up_removes_the_file_of_an_ipc_endpoint) {
  const tests::TempDir directory;
  const std::string path = directory / "feed";
  tests::write_file(path, "");
  system::clean_up_after("tcp://127.0.0.1:1");
  BOOST_TEST(fs::exists(path));
  system::clean_up_after("ipc://" + path);
  BOOST_TEST(!fs::exists(path));
  system::clean_up_after("ipc://" + path);
}

BOOST_AUTO_TEST_SUITE_END()
