// The feed between two machines, which are two network namespaces joined by a cable (veth): the
// receiver on the one, formatter, store and a sink on the other. Where nobody may make namespaces
// the tests say so and are skipped. What needs no second machine is tried on loopback at the end.
#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <functional>
#include <optional>
#include <thread>

#include "lib/system/fd.h"
#include "tests/support/bodies.h"
#include "tests/support/json.h"
#include "tests/support/pipeline.h"
#include "tests/support/raw_connection.h"

namespace monitor::tests {
namespace {

constexpr const char* kFeed = "tcp://10.99.0.1:5550";
constexpr const char* kReplay = "tcp://10.99.0.1:5551";

std::unique_ptr<Process> run(Pipeline& pipeline, const std::string& program, Arguments arguments) {
  auto process = pipeline.launch(program, std::move(arguments));
  process->wait();
  return process;
}

// A network namespace that lives as long as this object.
class Machine {
 public:
  explicit Machine(Pipeline& pipeline)
      : pipeline_(pipeline),
        holder_({.program = "unshare",
                 .arguments = {"--net", "sh", "-c", "ip link set lo up && echo ready && exec cat"},
                 .with_input = true}) {
    holder_.wait_for_line(Stream::out, "ready");
  }

  std::string space() const { return fmt::format("/proc/{}/ns/net", holder_.pid()); }
  std::string pid() const { return std::to_string(holder_.pid()); }

  std::unique_ptr<Process> launch(const std::string& program, Arguments arguments) {
    const bool ours = program.starts_with("status-");
    arguments.insert(arguments.begin(),
                     {"--net=" + space(), ours ? programs_directory() + "/" + program : program});
    return pipeline_.launch("nsenter", std::move(arguments));
  }
  // On a thread of its own, as if that were a program here.
  void inside(const std::function<void()>& work) const {
    std::thread([&] {
      const system::Fd space_fd{::open(space().c_str(), O_RDONLY | O_CLOEXEC)};
      if (::setns(space_fd.get(), CLONE_NEWNET) == 0) {
        work();
      }
    }).join();
  }
  HttpAnswer post(const std::string& url, std::string_view body) const {
    HttpAnswer answer;
    inside([&] { answer = HttpClient().post(url, body); });
    return answer;
  }
  HttpAnswer get(const std::string& url) const {
    HttpAnswer answer;
    inside([&] { answer = HttpClient().get(url); });
    return answer;
  }

 private:
  Pipeline& pipeline_;
  Process holder_;
};

struct Machines {
  Machines() {
    for (const char* name : {"receiver", "office", "stranger"}) {
      auto made = run(pipeline, "status-receiver", {"--keygen", pipeline.path(name)});
      public_keys[name] = made->lines(Stream::out).at(0);
      write_file(public_file(name), made->text(Stream::out));
    }
    list({"office"});
    auto attempt = run(pipeline, "unshare", {"--net", "ip", "link", "set", "lo", "up"});
    if (attempt->wait() != 0) {
      BOOST_TEST_MESSAGE("SKIPPED: this system lets nobody make a network namespace: " +
                         attempt->text(Stream::err));
      std::fprintf(stderr, "ManyMachines: SKIPPED: nobody may make a network namespace here\n");
      return;
    }
    here.emplace(pipeline);
    there.emplace(pipeline);
    here->launch("ip", {"link", "add", "cable", "type", "veth", "peer", "name", "cable", "netns",
                        there->pid()})
        ->wait();
    plug_in(*here, "10.99.0.1/24");
    plug_in(*there, "10.99.0.2/24");
  }
  static void plug_in(Machine& machine, const std::string& address) {
    BOOST_REQUIRE(machine.launch("ip", {"addr", "add", address, "dev", "cable"})->wait() == 0);
    BOOST_REQUIRE(machine.launch("ip", {"link", "set", "cable", "up"})->wait() == 0);
  }
  std::string public_file(const std::string& name) const { return pipeline.path(name + ".pub"); }
  bool possible() const { return there.has_value(); }

  // Who may come in.
  void list(const std::vector<std::string>& names) {
    std::string text = "# who may read the feed\n";
    for (const std::string& name : names) {
      text += public_keys.at(name) + " " + name + "\n";
    }
    write_file(pipeline.path("clients"), text);
  }
  void start_receiver() {
    receiver = here->launch(
        "status-receiver",
        {"--port", "0", "--feed", "ipc://" + pipeline.path("feed"), "--feed", kFeed, "--replay",
         "ipc://" + pipeline.path("replay"), "--replay", kReplay, "--feed-key",
         pipeline.path("receiver"), "--feed-clients", pipeline.path("clients")});
    url = fmt::format("http://127.0.0.1:{}", wait_for_port(*receiver));
  }
  void post(const std::string& id) {
    BOOST_TEST(here->post(url + "/webhook/statuspage", incident_body(id, "news of " + id)).status ==
               200);
  }
  std::string metric(const std::string& name) {
    for (const std::string& line : lines_of(here->get(url + "/metrics").body)) {
      if (line.starts_with(name + " ")) {
        return line.substr(name.size() + 1);
      }
    }
    return "";
  }
  // `server_key`: empty for somebody without keys.
  Arguments by_tcp(const std::string& server_key, const std::string& own) const {
    Arguments words{"--feed", kFeed, "--replay", kReplay};
    if (!server_key.empty()) {
      words.insert(words.end(), {"--feed-server-key", public_file(server_key), "--feed-key",
                                 pipeline.path(own)});
    }
    return words;
  }
  std::unique_ptr<Process> formatter(const std::string& server_key, const std::string& own) {
    Arguments words = by_tcp(server_key, own);
    words.insert(words.end(), {"--from", "start"});
    return there->launch("status-formatter", words);
  }

  Pipeline pipeline;
  std::map<std::string, std::string> public_keys;
  std::optional<Machine> here;
  std::optional<Machine> there;
  std::unique_ptr<Process> receiver;
  std::string url;
};

bool has(const Process& process, Stream stream, const std::string& part) {
  return process.text(stream).find(part) != std::string::npos;
}

BOOST_FIXTURE_TEST_SUITE(ManyMachines, Machines)

BOOST_AUTO_TEST_CASE(with_the_right_keys_all_that_is_kept_and_all_that_comes_arrives) {
  if (!possible()) {
    return;
  }
  start_receiver();
  post("early");
  auto printer = formatter("receiver", "office");
  Arguments store_words = by_tcp("receiver", "office");
  store_words.insert(store_words.end(), {"--port", "0"});
  auto store = there->launch("status-store", store_words);
  const std::string store_url = fmt::format("http://127.0.0.1:{}", wait_for_port(*store));
  Arguments sink_words = by_tcp("receiver", "office");
  sink_words.insert(sink_words.end(), {"--path", pipeline.path("out"), "--from", "start"});
  auto sink = there->launch("status-sink-file", sink_words);
  printer->wait_for_line(Stream::out, "news of early");
  post("late");
  printer->wait_for_line(Stream::out, "news of late");
  BOOST_TEST(ask_until([&] { return lines_of_file(pipeline.path("out")).size() == 2; }));
  BOOST_TEST(ask_until([&] {
    return Json(there->get(store_url + "/health").body)["total_updates"].integer() == 2;
  }));
  BOOST_TEST(metric("status_receiver_feed_refused_total") == "0");
}

BOOST_AUTO_TEST_CASE(with_wrong_keys_or_none_nothing_is_read_and_why_is_said) {
  if (!possible()) {
    return;
  }
  start_receiver();
  post("early");
  auto unknown = formatter("receiver", "stranger");
  auto mistaken = formatter("stranger", "office");
  auto keyless = formatter("", "");
  unknown->wait_for_line(Stream::err, "does not know our key: add the line");
  mistaken->wait_for_line(Stream::err, "is --feed-server-key the public key");
  keyless->wait_for_line(Stream::err, "give --feed-server-key and --feed-key");
  receiver->wait_for_line(Stream::err, "the unknown key .* from 10.99.0.2 was refused");
  auto right = formatter("receiver", "office");
  post("late");
  right->wait_for_line(Stream::out, "news of late");
  for (const auto& one : {&unknown, &mistaken, &keyless}) {
    BOOST_TEST((*one)->text(Stream::out) == "");
    BOOST_TEST(!has(**one, Stream::err, "following"));
  }
  BOOST_TEST(has(*unknown, Stream::err, public_keys["stranger"]));
  BOOST_TEST(metric("status_receiver_feed_admitted_total") == "2");
  BOOST_TEST(std::stoi(metric("status_receiver_feed_refused_total")) >= 1);
}

BOOST_AUTO_TEST_CASE(a_reload_lets_a_client_in_and_puts_another_out) {
  if (!possible()) {
    return;
  }
  start_receiver();
  post("one");
  auto office = formatter("receiver", "office");
  auto stranger = formatter("receiver", "stranger");
  office->wait_for_line(Stream::out, "news of one");
  stranger->wait_for_line(Stream::err, "does not know our key");
  list({"stranger"});
  receiver->signal(SIGHUP);
  receiver->wait_for_line(Stream::err, "because of office, taken from the list of clients");
  stranger->wait_for_line(Stream::out, "news of one");
  office->wait_for_line(Stream::err, "does not know our key");
  post("two");
  stranger->wait_for_line(Stream::out, "news of two");
  BOOST_TEST(!has(*office, Stream::out, "news of two"));
  list({"office", "stranger"});
  receiver->signal(SIGHUP);
  office->wait_for_line(Stream::out, "news of two");
}

BOOST_AUTO_TEST_CASE(a_wrong_list_at_a_reload_changes_nothing) {
  if (!possible()) {
    return;
  }
  start_receiver();
  auto office = formatter("receiver", "office");
  office->wait_for_line(Stream::err, "following");
  write_file(pipeline.path("clients"), "somebody\n");
  receiver->signal(SIGHUP);
  receiver->wait_for_line(Stream::err, "clients: line 1 .*nothing is changed");
  post("one");
  office->wait_for_line(Stream::out, "news of one");
}

BOOST_AUTO_TEST_CASE(a_neighbour_that_speaks_something_else_disturbs_nobody) {
  if (!possible()) {
    return;
  }
  start_receiver();
  auto neighbour = there->launch(
      "curl", {"--silent", "--max-time", "20", "http://10.99.0.1:5550/", "http://10.99.0.1:5551/"});
  BOOST_TEST(neighbour->wait() != 0);
  BOOST_TEST(neighbour->text(Stream::out) == "");
  BOOST_TEST(ask_until([&] { return metric("status_receiver_feed_connections_total") == "2"; }));
  auto office = formatter("receiver", "office");
  post("one");
  office->wait_for_line(Stream::out, "news of one");
  BOOST_TEST(metric("status_receiver_feed_admitted_total") == "2");
}

BOOST_AUTO_TEST_CASE(who_is_on_the_receivers_machine_needs_no_key) {
  if (!possible()) {
    return;
  }
  start_receiver();
  post("one");
  auto local =
      here->launch("status-formatter", {"--feed", "ipc://" + pipeline.path("feed"), "--replay",
                                        "ipc://" + pipeline.path("replay"), "--from", "start"});
  local->wait_for_line(Stream::out, "news of one");
}

// The example of lib/feed/feed-format.md.
BOOST_AUTO_TEST_CASE(a_subscriber_in_python_reads_it) {
  if (!possible()) {
    return;
  }
  const std::string document = read_file(source_root() / "lib/feed/feed-format.md");
  const std::size_t begin = document.find("import zmq, zmq.auth");
  BOOST_REQUIRE(begin != std::string::npos);
  write_file(pipeline.path("subscriber.py"),
             document.substr(begin, document.find("```", begin) - begin));
  start_receiver();
  auto python = there->launch(
      "/usr/bin/python3",
      {pipeline.path("subscriber.py"), kFeed, public_file("receiver"), pipeline.path("office")});
  // When it has subscribed only it knows.
  int posted = 0;
  BOOST_TEST(ask_until([&] {
               post(fmt::format("n{}", ++posted));
               return has(*python, Stream::out, "news of n");
             }),
             python->text(Stream::err));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(FeedOverTcp, Pipeline)

BOOST_AUTO_TEST_CASE(a_feed_that_others_could_read_is_refused_without_a_key) {
  for (const char* option : {"--feed", "--replay"}) {
    auto refused = launch("status-receiver", {"--port", "0", option, "tcp://0.0.0.0:0"});
    BOOST_TEST(refused->wait() == 78);
    BOOST_TEST(has(*refused, Stream::err, "cannot publish on tcp://0.0.0.0:0"));
    BOOST_TEST(has(*refused, Stream::err, "give --feed-key FILE and --feed-clients FILE"));
    BOOST_TEST(refused->line_count(Stream::err) == 1U);
    auto check = launch("status-receiver", {"--check", option, "tcp://0.0.0.0:0"});
    BOOST_TEST(check->wait() == 78);
  }
}

BOOST_AUTO_TEST_CASE(on_loopback_it_goes_without_keys) {
  auto started = start_receiver({"--feed", "tcp://127.0.0.1:*", "--replay", "tcp://127.0.0.1:*"});
  const std::string line =
      started->wait_for_line(Stream::err, "publishing on tcp://127.0.0.1:[0-9]+");
  const std::size_t feed = line.find("tcp://");
  const std::size_t replay = line.rfind("tcp://");
  post(kExampleBody);
  auto printer = launch("status-formatter", {"--from", "start", "--feed",
                                             line.substr(feed, line.find(',', feed) - feed),
                                             "--replay", line.substr(replay)});
  printer->wait_for_lines(Stream::out, 2);
}

BOOST_AUTO_TEST_CASE(systemctl_status_shows_why_a_subscriber_hears_nothing) {
  run(*this, "status-receiver", {"--keygen", path("key")});
  write_file(path("clients"), "");
  auto started = start_receiver({"--feed", "tcp://127.0.0.1:*", "--replay", "tcp://127.0.0.1:*",
                                 "--feed-key", path("key"), "--feed-clients", path("clients")});
  const std::string line = started->wait_for_line(Stream::err, "publishing on");
  const std::size_t feed = line.find("tcp://");
  const std::string at = line.substr(feed, line.find(',', feed) - feed);
  const std::string replay = line.substr(line.rfind("tcp://"));
  const std::map<std::string, Arguments> subscribers{{"status-formatter", {}},
                                                     {"status-store", {"--port", "0"}},
                                                     {"status-sink-file", {"--path", path("out")}}};
  for (const auto& [program, own] : subscribers) {
    NotifySocket notify(path("notify-" + program));
    Arguments words{"--feed", at, "--replay", replay};
    words.insert(words.end(), own.begin(), own.end());
    auto subscriber = launch(program, words, {{"NOTIFY_SOCKET", notify.path()}});
    notify.wait_for("is closed to us: ");
  }
}

// libzmq itself would end it by an assertion.
BOOST_AUTO_TEST_CASE(where_interfaces_can_not_be_listed_that_is_said) {
  auto refused = launch("/usr/bin/python3", {source_root() / "tests/support/without_netlink.py",
                                             programs_directory() + "/status-receiver", "--port",
                                             "0", "--feed", "tcp://127.0.0.1:*"});
  BOOST_TEST(refused->wait() == 1);
  BOOST_TEST(has(*refused, Stream::err, "cannot bind tcp://127.0.0.1:*"));
  BOOST_TEST(has(*refused, Stream::err, "RestrictAddressFamilies=AF_NETLINK"));
}

BOOST_AUTO_TEST_CASE(a_key_pair_is_made_and_never_overwritten) {
  auto made = run(*this, "status-receiver", {"--keygen", path("key")});
  BOOST_TEST(made->wait() == 0);
  BOOST_TEST(made->lines(Stream::out).at(0).size() == 40U);
  struct stat found {};
  BOOST_REQUIRE(::stat(path("key").c_str(), &found) == 0);
  BOOST_TEST((found.st_mode & 0777) == 0600U);
  const std::string before = read_file(path("key"));
  auto again = run(*this, "status-receiver", {"--keygen", path("key")});
  BOOST_TEST(again->wait() == 1);
  BOOST_TEST(again->text(Stream::out) == "");
  BOOST_TEST(read_file(path("key")) == before);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::tests
