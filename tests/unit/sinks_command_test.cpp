#include "sinks/delivery/command.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <deque>
#include <fstream>

#include "lib/system/error.h"
#include "tests/support/deadline.h"
#include "tests/support/temp_dir.h"

using namespace monitor;
using namespace monitor::delivery;
using namespace std::chrono_literals;
using Kind = Outcome::Kind;
using system::Signal;

namespace {

constexpr auto kLong = 20s;  // never reached
constexpr auto kShort = 50ms;

struct Fixture {
  Fixture() { ::signal(SIGPIPE, SIG_IGN); }
  ~Fixture() { ::signal(SIGPIPE, SIG_DFL); }

  Command shell(const std::string& script, CommandLimits limits = {kLong, kLong}) {
    return {{"sh", "-c", script}, limits, orders};
  }
  Outcome run(const std::string& script, std::string_view input = "{}\n") {
    return shell(script).run(input, {"PATH=/usr/bin:/bin"});
  }
  // A signal that comes while the command runs, told by the descriptor.
  void send(Signal signal) {
    signals.push_back(signal);
    const std::uint64_t one = 1;
    BOOST_REQUIRE(::write(wake.get(), &one, sizeof one) == sizeof one);
  }
  std::optional<Signal> next_signal() {
    if (signals.empty()) {
      std::uint64_t count = 0;
      [[maybe_unused]] const auto size = ::read(wake.get(), &count, sizeof count);
      return std::nullopt;
    }
    const Signal signal = signals.front();
    signals.pop_front();
    return signal;
  }

  tests::TempDir directory;
  std::deque<Signal> signals;
  system::Fd wake{::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)};
  Orders orders{wake.get(), [this] { return next_signal(); }};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sinks_command, Fixture)

BOOST_AUTO_TEST_CASE(the_exit_code_decides) {
  struct Row {
    std::string script;
    Kind kind;
    std::string reason;
  };
  const std::vector<Row> rows{
      {"exit 0", Kind::delivered, ""},
      {"exit 75", Kind::retry, "sh exited with 75"},
      {"exit 1", Kind::rejected, "sh exited with 1"},
      {"exit 127", Kind::rejected, "sh exited with 127"},
      {"kill -9 $$", Kind::rejected, "sh was ended by signal Killed"},
      {"kill $$", Kind::rejected, "sh was ended by signal Terminated"},
  };
  for (const Row& row : rows) {
    const Outcome outcome = run(row.script);
    BOOST_TEST((outcome.kind == row.kind), row.script);
    BOOST_TEST(outcome.reason == row.reason);
  }
}

BOOST_AUTO_TEST_CASE(the_input_arrives_whole_and_ends) {
  const std::string input = std::string(1'000'000, 'x') + "\n";
  const std::string path = directory / "input";
  BOOST_TEST((run("cat >" + path, input).kind == Kind::delivered));
  BOOST_TEST((tests::read_file(path) == input));
}

BOOST_AUTO_TEST_CASE(a_command_need_not_read_its_input) {
  const std::string input(1'000'000, 'x');
  BOOST_TEST((run("exit 0", input).kind == Kind::delivered));
  BOOST_TEST((run("exec 0<&-; exit 3", input).kind == Kind::rejected));
  BOOST_TEST((run("head -c 10 >/dev/null", input).kind == Kind::delivered));
}

BOOST_AUTO_TEST_CASE(one_that_reads_nothing_and_stays_is_killed_with_all_it_started) {
  const std::string path = directory / "pid";
  Command command =
      shell(fmt::format("sleep 1000 & echo $! >{}.new; mv {}.new {}; wait", path, path, path),
            {1s, kLong});
  const Outcome outcome = command.run(std::string(1'000'000, 'x'), {"PATH=/usr/bin:/bin"});
  BOOST_TEST((outcome.kind == Kind::retry));
  BOOST_TEST(outcome.reason == "sh was killed after 1000 ms");
  const pid_t left = std::stoi(tests::read_file(path));
  // It dies a moment after the signal, and is a zombie at most until init takes it.
  BOOST_TEST(tests::ask_until([&] {
    std::ifstream stat("/proc/" + std::to_string(left) + "/stat");
    const std::string text(std::istreambuf_iterator<char>(stat), {});
    return text.empty() || text.find(") Z ") != std::string::npos ||
           text.find(") X ") != std::string::npos;
  }));
}

BOOST_AUTO_TEST_CASE(a_command_has_the_signals_that_we_block_and_ignore) {
  sigset_t ours;
  sigset_t before;
  sigemptyset(&ours);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
    sigaddset(&ours, signal);
  }
  BOOST_REQUIRE(::pthread_sigmask(SIG_BLOCK, &ours, &before) == 0);
  for (const std::string name : {"PIPE", "TERM", "INT", "HUP"}) {
    const Outcome outcome = run("kill -s " + name + " $$; exit 0");
    BOOST_TEST((outcome.kind == Kind::rejected), name);
    BOOST_TEST(outcome.reason.find("ended by signal") != std::string::npos, name);
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

BOOST_AUTO_TEST_CASE(a_stop_lets_the_command_finish) {
  Command command = shell("sleep 0.1");
  send(Signal::terminate);
  BOOST_TEST((command.run("{}\n", {"PATH=/usr/bin:/bin"}).kind == Kind::delivered));
  BOOST_TEST(orders.stop());
}

BOOST_AUTO_TEST_CASE(a_stop_waits_only_so_long) {
  Command command = shell("sleep 1000", {kLong, kShort});
  send(Signal::terminate);
  const Outcome outcome = command.run("{}\n", {"PATH=/usr/bin:/bin"});
  BOOST_TEST((outcome.kind == Kind::retry));
  BOOST_TEST(outcome.reason == "sh was killed because the sink stops");
}

BOOST_AUTO_TEST_CASE(a_second_stop_does_not_wait) {
  Command command = shell("sleep 1000");
  send(Signal::terminate);
  send(Signal::terminate);
  const auto begin = std::chrono::steady_clock::now();
  BOOST_TEST((command.run("{}\n", {"PATH=/usr/bin:/bin"}).kind == Kind::retry));
  BOOST_TEST((std::chrono::steady_clock::now() - begin < kLong / 2));
}

BOOST_AUTO_TEST_CASE(a_command_that_dies_of_the_signal_that_stops_us_is_not_rejected) {
  Command command = shell("kill $$");
  send(Signal::terminate);
  BOOST_TEST((command.run("{}\n", {"PATH=/usr/bin:/bin"}).kind == Kind::retry));
}

BOOST_AUTO_TEST_CASE(a_reload_does_not_disturb_the_command) {
  Command command = shell("sleep 0.1; exit 3");
  send(Signal::reload);
  BOOST_TEST((command.run("{}\n", {"PATH=/usr/bin:/bin"}).kind == Kind::rejected));
  BOOST_TEST(orders.take_reload());
  BOOST_TEST(!orders.take_reload());
}

BOOST_AUTO_TEST_CASE(what_can_not_be_run_is_told_at_the_start_and_waited_for_later) {
  BOOST_CHECK_THROW(Command({"/no/such/command"}, {}, orders), system::ConfigError);
  BOOST_CHECK_THROW(Command({"no-such-command"}, {}, orders), system::ConfigError);
  BOOST_CHECK_THROW(Command({directory.path().string()}, {}, orders), system::ConfigError);
  const std::string script = directory / "script";
  tests::write_file(script, "#!/bin/sh\nexit 0\n");
  BOOST_CHECK_THROW(Command({script}, {}, orders), system::ConfigError);
  tests::make_executable(script);
  Command command({script}, {}, orders);
  BOOST_TEST((command.run("{}\n", {}).kind == Kind::delivered));
  std::filesystem::remove(script);
  const Outcome outcome = command.run("{}\n", {});
  BOOST_TEST((outcome.kind == Kind::retry));
  BOOST_TEST(outcome.reason == "cannot start " + script + ": No such file or directory");
}

BOOST_AUTO_TEST_CASE(the_environment_tells_the_update_to_a_shell) {
  status::StatusUpdate update;
  update.provider = "kestrel-mail";
  update.provider_name = "Kestrel Mail";
  update.kind = status::Kind::maintenance;
  update.incident_id = "inc1";
  update.name = "Late $(mail) 'x'";
  update.impact = status::Impact::maintenance;
  update.state = status::State::in_progress;
  update.components = {{"1", "SMTP", {}}, {"2", "IMAP", {}}};
  update.message = std::string(5000, 'm');
  update.url = "https://status.example.com/inc1";
  update.happened_at = system::from_microseconds(0);
  update.update_id = "u1";
  const std::string path = directory / "out";
  Command command = shell(
      "printf '%s\\n' \"$STATUS_PROVIDER\" \"$STATUS_PROVIDER_NAME\" \"$STATUS_KIND\" "
      "\"$STATUS_INCIDENT_ID\" \"$STATUS_NAME\" \"$STATUS_IMPACT\" \"$STATUS_STATUS\" "
      "\"$STATUS_COMPONENTS\" \"${#STATUS_MESSAGE}\" \"$STATUS_URL\" \"$STATUS_HAPPENED_AT\" "
      "\"$STATUS_KEY\" >" +
      path);
  ::setenv("STATUS_PROVIDER", "not-this", 1);
  const auto environment = environment_of(update);
  ::unsetenv("STATUS_PROVIDER");
  BOOST_TEST((command.run("", environment).kind == Kind::delivered));
  const auto lines = tests::lines_of_file(path);
  BOOST_REQUIRE(lines.size() == 12);
  BOOST_TEST(lines[0] == "kestrel-mail");
  BOOST_TEST(lines[1] == "Kestrel Mail");
  BOOST_TEST(lines[2] == "maintenance");
  BOOST_TEST(lines[3] == "inc1");
  BOOST_TEST(lines[4] == "Late $(mail) 'x'");
  BOOST_TEST(lines[5] == "maintenance");
  BOOST_TEST(lines[6] == "in_progress");
  BOOST_TEST(lines[7] == "SMTP, IMAP");
  BOOST_TEST(std::stoi(lines[8]) <= 4003);  // dash counts bytes; the ellipsis has three
  BOOST_TEST(std::stoi(lines[8]) >= 3999);
  BOOST_TEST(lines[9] == "https://status.example.com/inc1");
  BOOST_TEST(lines[10] == "1970-01-01T00:00:00.000000Z");
  BOOST_TEST(lines[11] == update.key());
}

BOOST_AUTO_TEST_SUITE_END()
