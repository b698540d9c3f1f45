// The sinks of mail and of the system's log, and the rotation of the file sink, as real programs:
// a mail server that refuses as it is told, sockets that come and go, kill -9.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <zlib.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <set>
#include <stdexcept>

#include "lib/http/address.h"
#include "tests/support/json.h"
#include "tests/support/pipeline.h"

namespace monitor::tests {
namespace {

std::string body(const std::string& incident, int number, const std::string& state,
                 const std::string& name) {
  return fmt::format(
      R"({{"page":{{"id":"tstpage00001","name":"Test Page"}},"incident":{{"id":"{0}","name":"{3}",)"
      R"("status":"{2}","impact":"major","incident_updates":[{{"id":"{0}-{1}",)"
      R"("status":"{2}","body":"update {1} of {0}"}}]}}}})",
      incident, number, state, name);
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// One header of a mail, unfolded; empty when there is none.
std::string header_of(const std::string& mail, const std::string& name) {
  std::string text = mail.substr(0, mail.find("\r\n\r\n"));
  for (std::size_t at = 0; (at = text.find("\r\n ", at)) != std::string::npos;) {
    text.erase(at, 2);
  }
  const auto begin = ("\r\n" + text).find("\r\n" + name + ": ");
  if (begin == std::string::npos) {
    return "";
  }
  const std::string rest = text.substr(begin + name.size() + 2);
  return rest.substr(0, rest.find("\r\n"));
}

// tests/support/mail_server.py
class MailServer {
 public:
  explicit MailServer(const Arguments& arguments = {})
      : process_({.program = "/usr/bin/python3", .arguments = with_script(arguments)}) {
    port_ = static_cast<int>(
        Json(process_.wait_for_line(Stream::out, "\"port\""))["port"].integer().value_or(0));
  }

  int port() const { return port_; }
  std::string url(const std::string& scheme = "smtp") const {
    return fmt::format("{}://localhost:{}", scheme, port_);
  }
  // Waits for so many mails; all of them in order, as JSON.
  std::vector<std::string> wait_for(std::size_t count) {
    BOOST_TEST(ask_until([&] { return mails().size() >= count; }), said());
    return mails();
  }
  std::vector<std::string> mails() const {
    std::vector<std::string> found;
    for (const std::string& line : process_.lines(Stream::out)) {
      if (holds(line, "\"data\"")) {
        found.push_back(line);
      }
    }
    return found;
  }
  std::string said() const { return process_.text(Stream::out) + process_.text(Stream::err); }

 private:
  static Arguments with_script(Arguments arguments) {
    arguments.insert(arguments.begin(), source_root() / "tests/support/mail_server.py");
    return arguments;
  }

  Process process_;
  int port_ = 0;
};

std::string data_of(const std::string& mail) { return std::string(Json(mail)["data"].text()); }

std::vector<std::string> recipients_of(const std::string& mail) {
  const Json read(mail);
  std::vector<std::string> found;
  for (std::size_t i = 0; i < read["to"].size(); ++i) {
    found.emplace_back(read["to"].at(i).text());
  }
  return found;
}

struct World {
  World() { pipeline.receiver = pipeline.start_receiver(); }

  void post(const std::string& incident, int number = 1, const std::string& state = "investigating",
            const std::string& name = "Pushes fail") {
    BOOST_TEST(pipeline.post(body(incident, number, state, name)).status == 200);
  }
  std::string file(const std::string& name, const std::string& text) const {
    write_file(pipeline.path(name), text);
    std::filesystem::permissions(pipeline.path(name), std::filesystem::perms::owner_read |
                                                          std::filesystem::perms::owner_write);
    return pipeline.path(name);
  }
  static Arguments mail_to(const std::string& url, const std::vector<std::string>& recipients,
                           const Arguments& more = {"--plaintext"}) {
    Arguments arguments{"--server", url, "--sender", "status@test.example"};
    for (const std::string& recipient : recipients) {
      arguments.insert(arguments.end(), {"--to", recipient});
    }
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  // Runs to its end.
  std::string ask(const std::string& program, const Arguments& arguments, int code = 0) {
    const auto sink = pipeline.launch(program, arguments);
    BOOST_TEST(sink->wait() == code, sink->text(Stream::err));
    return sink->text(Stream::out) + sink->text(Stream::err);
  }
  // A certificate of localhost that signs itself, and its key.
  void make_certificate() {
    Process openssl(
        {.program = "openssl",
         .arguments = {"req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                       "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout",
                       pipeline.path("key.pem"), "-out", pipeline.path("cert.pem")}});
    BOOST_TEST(openssl.wait() == 0, openssl.text(Stream::err));
  }
  Arguments tls(const Arguments& more = {}) const {
    Arguments arguments{"--cert", pipeline.path("cert.pem"), "--key", pipeline.path("key.pem")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  Arguments login(const std::string& password) const {
    return {"--ca-file", pipeline.path("cert.pem"), "--user",
            "me",        "--password-file",         file("password", password + "\n")};
  }

  Pipeline pipeline;
};

BOOST_AUTO_TEST_SUITE(MailSinks)

// ---- mail

BOOST_AUTO_TEST_CASE(an_incident_is_one_thread_over_a_restart) {
  World world;
  MailServer server;
  const Arguments arguments = world.mail_to(server.url(), {"a@test.example", "b@test.example"},
                                            {"--plaintext", "--list-id", "status.test.example"});
  auto sink = world.pipeline.start("status-sink-email", arguments);
  world.post("one", 1, "investigating", "Gro\\u00dfe St\\u00f6rung");
  world.post("other");
  server.wait_for(2);
  BOOST_TEST(sink->terminate() == 0);
  sink = world.pipeline.start("status-sink-email", arguments);
  world.post("one", 2, "resolved");
  const auto mails = server.wait_for(3);
  BOOST_REQUIRE(mails.size() == 3U);
  BOOST_TEST(
      recipients_of(mails[0]) == (std::vector<std::string>{"a@test.example", "b@test.example"}),
      boost::test_tools::per_element());
  BOOST_TEST(Json(mails[0])["from"].text() == "status@test.example");
  const std::string first = data_of(mails[0]);
  const std::string last = data_of(mails[2]);
  const std::string root = header_of(first, "Message-ID");
  BOOST_TEST(root.ends_with("@test.example>"), first);
  BOOST_TEST(header_of(first, "In-Reply-To").empty());
  BOOST_TEST(header_of(data_of(mails[1]), "In-Reply-To").empty());
  BOOST_TEST(header_of(last, "In-Reply-To") == root);
  BOOST_TEST(header_of(last, "References") == root);
  BOOST_TEST(header_of(last, "Message-ID") != root);
  BOOST_TEST(header_of(first, "Subject").starts_with("=?UTF-8?B?"));
  BOOST_TEST(header_of(last, "Subject") == "Test Page: Pushes fail (resolved)");
  BOOST_TEST(header_of(last, "List-Id") == "<status.test.example>");
  BOOST_TEST(holds(last, "update 2 of one"));
}

BOOST_AUTO_TEST_CASE(tls_is_required_and_verified_and_the_login_is_made) {
  World world;
  world.make_certificate();
  MailServer server(world.tls({"--login", "me:s3cret"}));
  const Arguments arguments =
      world.mail_to(server.url(), {"a@test.example"}, world.login("s3cret"));
  auto sink = world.pipeline.start("status-sink-email", arguments);
  world.post("one");
  const auto mails = server.wait_for(1);
  BOOST_REQUIRE(mails.size() == 1U);
  BOOST_TEST(holds(mails[0], "\"tls\": true"));
  BOOST_TEST(Json(mails[0])["user"].text() == "me");

  const std::string unknown = world.ask(
      "status-sink-email", world.mail_to(server.url(), {"a@test.example"}, {"--send-test"}), 1);
  BOOST_TEST(holds(unknown, "certificate"), unknown);
  MailServer plain;
  const std::string none = world.ask(
      "status-sink-email", world.mail_to(plain.url(), {"a@test.example"}, {"--send-test"}), 1);
  BOOST_TEST(holds(none, "it offers no TLS"), none);
  BOOST_TEST(plain.mails().empty());
}

BOOST_AUTO_TEST_CASE(tls_from_the_first_byte) {
  World world;
  world.make_certificate();
  MailServer server(world.tls({"--implicit", "--login", "me:s3cret"}));
  Arguments arguments =
      world.mail_to(server.url("smtps"), {"a@test.example"}, world.login("s3cret"));
  arguments.emplace_back("--send-test");
  BOOST_TEST(holds(world.ask("status-sink-email", arguments), "a test was delivered"));
  BOOST_TEST(server.wait_for(1).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_login_that_is_refused_buries_nothing) {
  for (const std::string reply : {"", "454 4.7.0 Temporary authentication failure"}) {
    World world;
    world.make_certificate();
    Arguments options{"--login", "me:s3cret"};
    if (!reply.empty()) {
      options.insert(options.end(), {"--login-reply", reply});
    }
    auto server = std::make_unique<MailServer>(world.tls(options));
    Arguments arguments = world.mail_to(server->url(), {"a@test.example"},
                                        world.login(reply.empty() ? "wrong" : "s3cret"));
    auto sink = world.pipeline.start("status-sink-email", arguments);
    world.post("one");
    sink->wait_for_line(Stream::err, reply.empty()
                                         ? "refuses the login of me \\(535 .*\\): check --user"
                                         : "login of me: 454 .*; trying again until it works");
    BOOST_TEST(!holds(sink->text(Stream::err), "s3cret"));
    BOOST_TEST(sink->terminate() == 0);
    // The operator mends it.
    const std::string port = std::to_string(server->port());
    server.reset();
    server = std::make_unique<MailServer>(world.tls({"--login", "me:s3cret", "--port", port}));
    world.login("s3cret");
    sink = world.pipeline.start("status-sink-email", arguments);
    BOOST_TEST(server->wait_for(1).size() == 1U);
  }
}

BOOST_AUTO_TEST_CASE(what_is_put_off_comes_later_in_order_and_with_the_same_id) {
  World world;
  MailServer server({"--answer", "MAIL=451 busy", "--answer", "RCPT=450 greylisted", "--answer",
                     "DATA=452 full"});
  auto sink =
      world.pipeline.start("status-sink-email", world.mail_to(server.url(), {"a@test.example"}));
  world.post("one");
  world.post("two");
  const auto mails = server.wait_for(2);
  BOOST_REQUIRE(mails.size() == 2U);
  BOOST_TEST(holds(data_of(mails[0]), "update 1 of one"));
  BOOST_TEST(holds(data_of(mails[1]), "update 1 of two"));
  for (const char* reply : {"451 busy", "450 greylisted", "452 full"}) {
    BOOST_TEST(holds(server.said(), fmt::format("\"planned\": \"{}\"", reply)));
    BOOST_TEST(holds(sink->text(Stream::err), reply));
  }
}

BOOST_AUTO_TEST_CASE(one_recipient_who_is_put_off_gets_it_later_and_the_other_once) {
  World world;
  MailServer server({"--answer", "RCPT=450 greylisted"});
  auto sink = world.pipeline.start(
      "status-sink-email", world.mail_to(server.url(), {"a@test.example", "b@test.example"}));
  world.post("one");
  const auto mails = server.wait_for(2);
  BOOST_REQUIRE(mails.size() == 2U);
  BOOST_TEST(recipients_of(mails[0]).front() == "b@test.example");
  BOOST_TEST(recipients_of(mails[1]).front() == "a@test.example");
  BOOST_TEST(data_of(mails[0]) == data_of(mails[1]));
  world.post("two");
  BOOST_TEST(recipients_of(server.wait_for(3).back()).size() == 2U);
}

BOOST_AUTO_TEST_CASE(one_recipient_who_is_refused_is_told_of_and_the_others_get_it) {
  World world;
  MailServer server({"--refuse", "gone@test.example=550 no such user"});
  auto sink = world.pipeline.start(
      "status-sink-email", world.mail_to(server.url(), {"gone@test.example", "b@test.example"}));
  world.post("one");
  const auto mails = server.wait_for(1);
  BOOST_TEST(recipients_of(mails[0]) == (std::vector<std::string>{"b@test.example"}),
             boost::test_tools::per_element());
  sink->wait_for_line(Stream::err, "refuses gone@test.example: 550 no such user");
  BOOST_TEST(world
                 .ask("status-sink-email",
                      world.mail_to(server.url(), {"b@test.example"}, {"--dead-letters"}))
                 .empty());
}

BOOST_AUTO_TEST_CASE(a_connection_that_is_cut_costs_nobody_a_mail) {
  World world;
  MailServer server({"--refuse", "gone@test.example=550 no such user", "--answer", "RCPT=drop",
                     "--answer", "DATA=drop"});
  auto sink = world.pipeline.start(
      "status-sink-email", world.mail_to(server.url(), {"gone@test.example", "b@test.example"}));
  world.post("one");
  const auto mails = server.wait_for(1);
  BOOST_TEST(recipients_of(mails[0]) == (std::vector<std::string>{"b@test.example"}),
             boost::test_tools::per_element());
  BOOST_TEST(!holds(sink->text(Stream::err), "dead letter"));
}

BOOST_AUTO_TEST_CASE(refused_by_all_or_as_a_whole_it_becomes_a_dead_letter) {
  World world;
  MailServer server(
      {"--refuse", "gone@test.example=550 no such user", "--answer", "DATA=554 looks like spam"});
  const Arguments arguments = world.mail_to(server.url(), {"gone@test.example"});
  auto sink = world.pipeline.start("status-sink-email", arguments);
  world.post("one");
  sink->wait_for_line(Stream::err, "rejected and kept as a dead letter: .*550 no such user");
  BOOST_TEST(sink->terminate() == 0);
  sink = world.pipeline.start("status-sink-email", world.mail_to(server.url(), {"b@test.example"}));
  world.post("two");
  sink->wait_for_line(Stream::err, "rejected and kept as a dead letter: .*554 looks like spam");
  world.post("three");
  BOOST_TEST(holds(data_of(server.wait_for(1)[0]), "update 1 of three"));
  const std::string listed = world.ask(
      "status-sink-email", world.mail_to(server.url(), {"b@test.example"}, {"--dead-letters"}));
  BOOST_TEST(holds(listed, "update 1 of one"), listed);
  BOOST_TEST(holds(listed, "update 1 of two"), listed);
}

BOOST_AUTO_TEST_CASE(a_mail_server_that_is_down_is_waited_for) {
  World world;
  auto server = std::make_unique<MailServer>();
  const std::string port = std::to_string(server->port());
  auto sink =
      world.pipeline.start("status-sink-email", world.mail_to(server->url(), {"a@test.example"}));
  world.post("zero");
  server->wait_for(1);
  server.reset();  // with the connection that was kept
  world.post("one");
  sink->wait_for_line(Stream::err, "takes no mail: .*; trying again until it works");
  server = std::make_unique<MailServer>(Arguments{"--port", port});
  BOOST_TEST(holds(data_of(server->wait_for(1)[0]), "update 1 of one"));
}

BOOST_AUTO_TEST_CASE(mail_is_shown_in_a_dry_run_and_wrong_settings_are_told) {
  World world;
  MailServer server;
  const auto ask = [&](const std::string& url, const Arguments& more, int code) {
    return world.ask("status-sink-email", world.mail_to(url, {"a@test.example"}, more), code);
  };
  world.post("one");
  auto dry = world.pipeline.launch("status-sink-email",
                                   world.mail_to(server.url(), {"a@test.example"},
                                                 {"--dry-run", "--from", "start", "--plaintext"}));
  dry->wait_for_line(Stream::out, "Subject: Test Page: Pushes fail \\(investigating\\)");
  dry->wait_for_line(Stream::out, "update 1 of one");
  BOOST_TEST(server.mails().empty());

  BOOST_TEST(holds(ask(server.url(), {"--check"}, 0), "the configuration is right"));
  BOOST_TEST(holds(ask("mail.example", {"--check"}, 78), "cannot use --server"));
  BOOST_TEST(holds(ask("smtp://u:p@mail.example", {"--check"}, 78), "cannot use --server"));
  BOOST_TEST(holds(ask("smtps://mail.example", {"--check", "--plaintext"}, 78), "which is TLS"));
  BOOST_TEST(holds(ask(server.url(), {"--check", "--to", "a@b\nBcc: c@d"}, 78), "cannot use --to"));
  BOOST_TEST(holds(ask(server.url(), {"--check", "--list-id", "x"}, 78), "cannot use --list-id"));
  BOOST_TEST(holds(ask(server.url(), {"--check", "--user", "me"}, 64), "go together"));
  BOOST_TEST(holds(ask("smtp://192.0.2.1:25",
                       {"--check", "--plaintext", "--user", "me", "--password-file",
                        world.file("password", "x\n")},
                       78),
                   "could read the password"));
  BOOST_TEST(
      holds(world.ask("status-sink-email", {"--server", server.url(), "--sender", "a@b"}, 64),
            "--to ADDRESS is missing"));
}

// ---- the system's log

// A socket that is read by the test.
class Reader {
 public:
  explicit Reader(system::Fd socket) : socket_(std::move(socket)) {}
  static Reader at_path(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    system::Fd socket{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    BOOST_REQUIRE(::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    return Reader(std::move(socket));
  }
  static Reader of_udp() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    system::Fd socket{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    BOOST_REQUIRE(::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    return Reader(std::move(socket));
  }
  static Reader accept(const system::Fd& listener) {
    wait(listener);
    system::Fd socket{::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC)};
    BOOST_REQUIRE(static_cast<bool>(socket));
    return Reader(std::move(socket));
  }

  int port() const { return http::port_of(socket_); }
  // A datagram, or what has come of a stream.
  std::string receive() {
    wait(socket_);
    std::string bytes(1 << 16, '\0');
    const ssize_t n = ::recv(socket_.get(), bytes.data(), bytes.size(), 0);
    bytes.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    return bytes;
  }
  // The next frame of a stream, RFC 6587 3.4.1.
  std::string receive_frame() {
    for (;;) {
      const auto blank = stream_.find(' ');
      if (blank != std::string::npos) {
        const std::size_t size = std::stoul(stream_.substr(0, blank));
        if (stream_.size() >= blank + 1 + size) {
          const std::string frame = stream_.substr(blank + 1, size);
          stream_.erase(0, blank + 1 + size);
          return frame;
        }
      }
      const std::string more = receive();
      BOOST_REQUIRE(!more.empty());
      stream_ += more;
    }
  }

 private:
  static void wait(const system::Fd& socket) {
    pollfd readable{socket.get(), POLLIN, 0};
    BOOST_REQUIRE(::poll(&readable, 1, Deadline().left_ms()) == 1);
  }

  system::Fd socket_;
  std::string stream_;
};

BOOST_AUTO_TEST_CASE(journald_gets_fields_and_is_waited_for) {
  World world;
  const std::string path = world.pipeline.path("journal");
  auto sink = world.pipeline.start("status-sink-syslog", {"--to", "journald:" + path});
  world.post("one");
  sink->wait_for_line(Stream::err, "cannot reach .*journal: No such file.*trying again");
  {
    Reader journal = Reader::at_path(path);
    const std::string entry = journal.receive();
    for (const char* line :
         {"MESSAGE=Test Page: Pushes fail: Investigating. update 1 of one\n", "PRIORITY=3\n",
          "STATUS_PROVIDER=test-page\n", "STATUS_INCIDENT=one\n"}) {
      BOOST_TEST(holds("\n" + entry, std::string("\n") + line), entry);
    }
  }
  std::filesystem::remove(path);  // journald is restarted
  Reader journal = Reader::at_path(path);
  world.post("two");
  BOOST_TEST(holds(journal.receive(), "STATUS_INCIDENT=two\n"));
  // Nobody needs to be told of that.
  BOOST_TEST(!holds(sink->text(Stream::err), "cannot write"), sink->text(Stream::err));
}

BOOST_AUTO_TEST_CASE(rfc_5424_over_a_unix_socket_and_udp) {
  World world;
  const std::string path = world.pipeline.path("log");
  Reader log = Reader::at_path(path);
  Reader udp = Reader::of_udp();
  auto first = world.pipeline.start("status-sink-syslog",
                                    {"--to", "unix:" + path, "--state", world.pipeline.path("s1")});
  auto second = world.pipeline.start(
      "status-sink-syslog", {"--to", fmt::format("udp://127.0.0.1:{}", udp.port()), "--facility",
                             "local0", "--state", world.pipeline.path("s2")});
  world.post("one", 1, "investigating", "a \\\"quoted\\\"] name");
  const std::string by_path = log.receive();
  const std::string by_udp = udp.receive();
  BOOST_TEST(by_path.starts_with("<27>1 20"), by_path);
  BOOST_TEST(by_udp.starts_with("<131>1 20"), by_udp);
  for (const std::string& text : {by_path, by_udp}) {
    BOOST_TEST(holds(text, " status-monitor - incident [status@32473 provider=\"test-page\""));
    BOOST_TEST(holds(text, R"( name="a \"quoted\"\] name")"), text);
    BOOST_TEST(text.ends_with("] \xEF\xBB\xBFTest Page: a \"quoted\"] name: Investigating. update "
                              "1 of one"),
               text);
  }
}

BOOST_AUTO_TEST_CASE(tcp_frames_come_again_when_the_log_was_away) {
  World world;
  system::Fd listener = http::listen_on("127.0.0.1", 0);
  const int port = http::port_of(listener);
  auto sink =
      world.pipeline.start("status-sink-syslog", {"--to", fmt::format("tcp://127.0.0.1:{}", port)});
  world.post("one");
  {
    Reader log = Reader::accept(listener);
    BOOST_TEST(holds(log.receive_frame(), "incident=\"one\""));
    world.post("two");
    BOOST_TEST(holds(log.receive_frame(), "incident=\"two\""));
    listener.reset();
  }
  world.post("three");
  sink->wait_for_line(Stream::err, "cannot reach 127.0.0.1:.*refused; trying again");
  listener = http::listen_on("127.0.0.1", port);
  Reader log = Reader::accept(listener);
  BOOST_TEST(holds(log.receive_frame(), "incident=\"three\""));
  BOOST_TEST(holds(world.ask("status-sink-syslog", {"--to", "nowhere", "--check"}, 78),
                   "cannot use --to nowhere"));
}

// ---- rotation

std::string unpacked(const std::string& path) {
  const gzFile file = ::gzopen(path.c_str(), "rb");
  std::string text(1 << 20, '\0');
  const int n = ::gzread(file, text.data(), static_cast<unsigned>(text.size()));
  BOOST_REQUIRE(n >= 0);
  text.resize(static_cast<std::size_t>(n));
  BOOST_TEST(::gzclose(file) == Z_OK, path);
  return text;
}

// The ids of the updates in all files of a sink, from the oldest file to the one that is written.
// Nothing while files are being moved.
std::vector<std::string> ids_in(const std::string& directory) {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::string text;
  std::string newest;
  for (const std::string& path : paths) {
    const bool packed = path.ends_with(".gz");
    if (path.ends_with(".part") ||
        (packed && std::filesystem::exists(path.substr(0, path.size() - 3)))) {
      continue;  // the plain one counts
    }
    (path.ends_with("out") ? newest : text) += packed ? unpacked(path) : read_file(path);
  }
  std::vector<std::string> ids;
  for (const std::string& line : lines_of(text + newest)) {
    ids.emplace_back(Json(line)["update_id"].text());
  }
  return ids;
}

// "" also while the file is being rotated and is not there.
std::string last_id_in(const std::string& path) {
  try {
    const auto lines = lines_of_file(path);
    return lines.empty() ? "" : std::string(Json(lines.back())["update_id"].text());
  } catch (const std::runtime_error&) {
    return "";
  }
}

BOOST_AUTO_TEST_CASE(rotation_loses_nothing_over_kills) {
  constexpr int kUpdates = 300;
  constexpr int kKills = 8;
  World world;
  const std::string directory = world.pipeline.path("logs");
  std::filesystem::create_directory(directory);
  const Arguments arguments{"--path",     directory + "/out", "--rotate-size", "4KiB",
                            "--compress", "--from",           "start"};
  for (int number = 1; number <= kUpdates; ++number) {
    world.post("one", number);
  }
  for (int kill = 1; kill <= kKills; ++kill) {
    const std::size_t before = ids_in(directory).size();
    auto sink = world.pipeline.launch("status-sink-file", arguments);
    ask_until(
        [&] {
          const auto files = std::filesystem::directory_iterator(directory);
          return std::distance(begin(files), end(files)) > kill * 2 || !sink->running();
        },
        Deadline(std::chrono::milliseconds(300)));
    sink->kill();
    BOOST_TEST(ids_in(directory).size() >= before, "a kill took lines away");
  }
  auto sink = world.pipeline.start("status-sink-file", arguments);
  std::string last;
  BOOST_TEST(ask_until([&] {
               last = last_id_in(directory + "/out");
               return last == fmt::format("one-{}", kUpdates);
             }),
             last);
  BOOST_TEST(sink->terminate() == 0);
  std::set<std::string> different;
  for (const std::string& id : ids_in(directory)) {
    different.insert(id);
  }
  BOOST_TEST(different.size() == static_cast<std::size_t>(kUpdates));
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    const std::string name = entry.path().filename();
    BOOST_TEST((name.ends_with(".gz") || name.ends_with("out") || name.ends_with('Z') ||
                name.ends_with(".part")),
               name);
    BOOST_TEST((name.ends_with(".gz") || std::filesystem::file_size(entry.path()) <= 4096U), name);
  }
}

BOOST_AUTO_TEST_CASE(rotation_by_age_keeps_so_many) {
  World world;
  const std::string directory = world.pipeline.path("logs");
  std::filesystem::create_directory(directory);
  auto sink = world.pipeline.start(
      "status-sink-file", {"--path", directory + "/out", "--rotate-age", "1s", "--keep", "2"});
  const auto files = [&] {
    const auto all = std::filesystem::directory_iterator(directory);
    return std::distance(begin(all), end(all));
  };
  int number = 0;
  const auto rotates = [&] {  // at least once
    std::set<std::string> before;
    for (const auto& entry : std::filesystem::directory_iterator(directory)) {
      before.insert(entry.path());
    }
    return ask_until([&] {
      world.post("one", ++number);
      for (const auto& entry : std::filesystem::directory_iterator(directory)) {
        if (before.count(entry.path()) == 0) {
          return true;
        }
      }
      return false;
    });
  };
  for (int i = 0; i < 4; ++i) {
    BOOST_TEST(rotates());
  }
  BOOST_TEST(ask_until([&] { return files() == 3; }));
  BOOST_TEST(holds(world.ask("status-sink-file", {"--path", "x", "--keep", "2"}, 64),
                   "without --rotate-size"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::tests
