// examples/nginx.conf, nginx-board.conf and Caddyfile as they are, but for ports, names and files,
// in Debian's nginx and Caddy before the real programs.
#include <fmt/format.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <thread>

#include "tests/support/bodies.h"
#include "tests/support/certificates.h"
#include "tests/support/destination.h"
#include "tests/support/json.h"
#include "tests/support/pipeline.h"
#include "tests/support/ports.h"

namespace monitor::tests {
namespace {

constexpr const char* kToken = "a-token-of-the-test";

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// Each must be there: an example that changed would no longer be the one that is tried.
std::string with(std::string text, const std::vector<std::pair<std::string, std::string>>& edits) {
  for (const auto& [from, to] : edits) {
    BOOST_TEST_REQUIRE(has(text, from), from);
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
      text.replace(at, from.size(), to);
    }
  }
  return text;
}

std::string example(const std::string& name) {
  return read_file(source_root() / "examples" / name);
}

// The receiver on a socket that outlives it, with a token, and the board's store.
struct Proxied : Pipeline {
  Proxied() {
    make_certificate(path(""), "proxy");
    client.trust(path("proxy.pem"));
    write_file(path("token"), std::string(kToken) + '\n');
    std::filesystem::permissions(path("token"), std::filesystem::perms(0600));
    held = std::make_unique<Process>(ProcessSettings{
        .program = "/usr/bin/python3",
        .arguments = {"tests/support/activate.py", programs_directory() + "/status-receiver",
                      "--token-file", path("token")},
        .environment = environment()});
    behind = held->wait_for_lines(Stream::out, 1).front();
    store = start_store();
  }
  ~Proxied() { proxy.reset(); }

  std::string url(const std::string& path_in_url) const {
    return fmt::format("https://localhost:{}{}", port, path_in_url);
  }
  std::string webhook() const { return url(std::string("/webhook/statuspage?token=") + kToken); }
  int answer(const std::string& method, const std::string& path_in_url,
             const std::string& body = "") {
    return client.request(method, url(path_in_url), body, {}).status;
  }
  std::string metrics() {
    return client.get(fmt::format("http://127.0.0.1:{}/metrics?token={}", behind, kToken)).body;
  }

  void start_nginx(const std::string& example_name, const std::string& upstream);
  void start_caddy(const std::string& receiver_site, const std::string& board_site);
  void run(const std::string& program, const Arguments& arguments);

  void check_that_only_webhooks_pass(int wrong_method);
  void check_refusals();
  void check_that_answers_pass(Destination& upstream);
  void check_that_a_restart_refuses_nobody();
  void check_board(const std::string& password);

  std::unique_ptr<Process> held;  // activate.py
  std::string behind;             // the receiver's port
  int port = lasting_port();      // the proxy's
  std::unique_ptr<Process> proxy;
};

void Proxied::run(const std::string& program, const Arguments& arguments) {
  proxy = launch(program, arguments);
  BOOST_TEST_REQUIRE(ask_until([&] {
    BOOST_TEST_REQUIRE(proxy->running(), proxy->text(Stream::err));
    return client.get(url("/")).status != 0;
  }));
}

// Whole, it is one file among others inside http {}.
void Proxied::start_nginx(const std::string& example_name, const std::string& upstream) {
  const std::string listen = fmt::format("listen 127.0.0.1:{} ssl;", port);
  const std::string name = example_name == "nginx.conf" ? "status.example" : "board.example";
  const std::string letsencrypt = "/etc/letsencrypt/live/" + name;
  std::vector<std::pair<std::string, std::string>> edits{
      {"listen 443 ssl;", listen},
      {"listen [::]:443 ssl;", ""},
      {"server_name " + name, "server_name localhost"},
      {letsencrypt + "/fullchain.pem", path("proxy.pem")},
      {letsencrypt + "/privkey.pem", path("proxy.key")}};
  if (example_name == "nginx.conf") {
    edits.insert(edits.end(), {{"127.0.0.1:5000", upstream}, {"/var/log/nginx", path("")}});
  } else {
    edits.insert(edits.end(),
                 {{"127.0.0.1:5001", upstream}, {"/etc/nginx/board.passwords", path("passwords")}});
  }
  std::string temporary;
  for (const char* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
    temporary += fmt::format("{}_temp_path {};\n", kind, path(kind));
  }
  write_file(path("nginx.conf"),
             fmt::format("daemon off;\nmaster_process off;\npid {};\nevents {{}}\nhttp "
                         "{{\naccess_log off;\n{}{}}}\n",
                         path("nginx.pid"), temporary, with(example(example_name), edits)));
  const bool packaged = std::filesystem::exists("/usr/sbin/nginx");  // not in everybody's PATH
  run(packaged ? "/usr/sbin/nginx" : "nginx", {"-e", path("errors"), "-c", path("nginx.conf")});
}

void Proxied::start_caddy(const std::string& receiver_site, const std::string& board_site) {
  const std::string tls = fmt::format("{{\n\ttls {} {}\n", path("proxy.pem"), path("proxy.key"));
  Process hash({.program = "caddy",
                .arguments = {"hash-password", "--plaintext", "word"},
                .environment = environment()});
  const std::string hashed = hash.wait_for_lines(Stream::out, 1).front();
  write_file(path("Caddyfile"),
             with(example("Caddyfile"),
                  {{"\tservers {\n", "\tadmin off\n\tauto_https disable_redirects\n\tservers {\n"},
                   {"status.example {\n", receiver_site + ' ' + tls},
                   {"board.example {\n", board_site + ' ' + tls},
                   {"127.0.0.1:5000", "127.0.0.1:" + behind},
                   {"127.0.0.1:5001", fmt::format("127.0.0.1:{}", store_port())},
                   {"PASSWORD-HASH", hashed}}));
  run("caddy", {"run", "--adapter", "caddyfile", "--config", path("Caddyfile")});
}

void Proxied::check_that_only_webhooks_pass(int wrong_method) {
  formatter = start("status-formatter");
  BOOST_TEST(client.post(webhook(), kExampleBody).status == 200);
  formatter->wait_for_line(Stream::out, "Product: OpenAI - Chat Completions API");
  BOOST_TEST(answer("PUT", std::string("/webhook?token=") + kToken, std::string(kExampleBody)) ==
             200);
  for (const std::string& way :
       {std::string("/test"), std::string("/test/"), std::string("//test"),
        std::string("/webhook/../test"), std::string("/webhook/%2e%2e/test"),
        std::string("/webhook/..%2ftest"), std::string("/webhookx"), std::string("/"),
        std::string("/health"), std::string("/metrics"), std::string("/incidents")}) {
    for (const char* method : {"POST", "GET"}) {
      const int status = answer(method, way + "?token=" + kToken);
      BOOST_TEST((status == 404 || (status == wrong_method && way.starts_with("/webhook/"))),
                 method << ' ' << way << ' ' << status);
    }
  }
  BOOST_TEST(answer("GET", "/webhook/statuspage") == wrong_method);
  BOOST_TEST(answer("DELETE", "/webhook/statuspage") == wrong_method);
  const std::string counted = metrics();
  BOOST_TEST(has(counted, "\nstatus_receiver_webhooks_total 2\n"));
  BOOST_TEST(has(counted, "\nstatus_receiver_tests_total 0\n"));
}

void Proxied::check_refusals() {
  BOOST_TEST(answer("POST", "/webhook/statuspage", std::string(kExampleBody)) == 401);
  BOOST_TEST(answer("POST", "/webhook/statuspage?token=wrong", std::string(kExampleBody)) == 401);
  BOOST_TEST(client.post(webhook(), "{").status == 400);
  const std::string whole = "{\"x\":\"" + std::string((1 << 20) - 8, 'x') + "\"}";
  BOOST_TEST(whole.size() == 1U << 20);
  BOOST_TEST(client.post(webhook(), whole).status == 200);
  BOOST_TEST(client.post(webhook(), whole + ' ').status == 413);
  BOOST_TEST(client.post(webhook(), whole + ' ', {"Transfer-Encoding: chunked"}).status == 413);
}

// `upstream` stands where the receiver would. What a stranger claims about himself goes no further.
void Proxied::check_that_answers_pass(Destination& upstream) {
  const std::vector<std::string> claimed{"X-Forwarded-For: 10.1.2.3"};
  for (const int status : {503, 408, 413, 401}) {
    http::Response answer = http::error_response(status, "as it is");
    answer.headers.emplace_back("Retry-After", "7");
    upstream.answer_next(std::move(answer));
    const auto got = client.post(webhook(), kExampleBody, claimed);
    BOOST_TEST(got.status == status);
    BOOST_TEST(got.headers.at("retry-after") == "7");
    BOOST_TEST(has(got.body, "as it is"));
  }
  BOOST_TEST(client.post(webhook(), kExampleBody, claimed).status == 200);
}

void Proxied::check_that_a_restart_refuses_nobody() {
  std::atomic<bool> over{false};
  std::atomic<int> taken{0};
  std::atomic<int> others{0};
  std::vector<std::thread> senders;
  for (int i = 0; i < 4; ++i) {
    senders.emplace_back([&, i] {
      HttpClient sender;
      sender.trust(path("proxy.pem"));
      for (int number = 0; !over; ++number) {
        const auto body = incident_body(fmt::format("{}-{}", i, number));
        ++(sender.post(webhook(), body).status == 200 ? taken : others);
      }
    });
  }
  for (int restart = 0; restart < 5; ++restart) {
    const int before = taken;
    BOOST_TEST(ask_until([&] { return taken > before + 10; }));
    const std::size_t lines = held->line_count(Stream::out);
    held->signal(SIGUSR1);
    BOOST_TEST(held->wait_for_lines(Stream::out, lines + 1).back() == "restarted 0");
  }
  over = true;
  for (std::thread& sender : senders) {
    sender.join();
  }
  BOOST_TEST(others == 0);
}

void Proxied::check_board(const std::string& password) {
  BOOST_TEST(client.get(url("/")).status == 401);
  BOOST_TEST(client.get(url("/events")).status == 401);
  const std::vector<std::string> known{"Authorization: Basic " + password};
  BOOST_TEST(client.get(url("/"), known).status == 200);
  BOOST_TEST(client.get(url("/providers"), known).status == 200);
  BOOST_TEST(client.get(url("/metrics"), known).status == 404);
  Process events({.program = "curl",
                  .arguments = {"-sSN", "--noproxy", "*", "--cacert", path("proxy.pem"), "-u",
                                "operator:word", url("/events")}});
  BOOST_TEST(ask_until([&] {
    return has(client.get(store_url("/metrics")).body, "status_store_event_readers 1\n");
  }));
  client.post(fmt::format("http://127.0.0.1:{}/webhook/statuspage?token={}", behind, kToken),
              kExampleBody);
  events.wait_for_line(Stream::out, "^data: .*We are investigating");
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(Proxies, Proxied)

BOOST_AUTO_TEST_CASE(nginx_lets_webhooks_through_and_nothing_else) {
  start_nginx("nginx.conf", "127.0.0.1:" + behind);
  check_that_only_webhooks_pass(403);
  check_refusals();
  check_that_a_restart_refuses_nobody();
  BOOST_TEST(held->terminate() == 0);
  BOOST_TEST(client.post(webhook(), kExampleBody).status == 502);
  proxy->terminate();
  const std::string log = read_file(path("webhooks.log"));
  BOOST_TEST(has(log, "POST /webhook/statuspage 200"));
  for (const char* file : {"webhooks.log", "webhooks.error.log", "errors"}) {
    BOOST_TEST(!has(read_file(path(file)), kToken), file);
  }
}

BOOST_AUTO_TEST_CASE(what_the_receiver_answers_passes_nginx_as_it_is) {
  Destination receiver_of_ours;
  start_nginx("nginx.conf", receiver_of_ours.url().substr(7));
  check_that_answers_pass(receiver_of_ours);
  const http::Request taken = receiver_of_ours.wait_for(1).front();
  BOOST_TEST(taken.header("X-Forwarded-For").value_or("") == "127.0.0.1");
  BOOST_TEST(taken.header("X-Forwarded-Proto").value_or("") == "https");
}

BOOST_AUTO_TEST_CASE(nginx_shows_the_board_to_those_who_know_the_password) {
  const std::string crypted = ask_openssl({"passwd", "-apr1", "word"});
  write_file(path("passwords"), "operator:" + crypted);
  start_nginx("nginx-board.conf", fmt::format("127.0.0.1:{}", store_port()));
  check_board("b3BlcmF0b3I6d29yZA==");
}

BOOST_AUTO_TEST_CASE(caddy_lets_webhooks_through_and_nothing_else) {
  start_caddy(fmt::format("https://localhost:{}", port), fmt::format("https://127.0.0.1:{}", port));
  check_that_only_webhooks_pass(404);
  check_refusals();
  check_that_a_restart_refuses_nobody();
  BOOST_TEST(held->terminate() == 0);
  BOOST_TEST(client.post(webhook(), kExampleBody).status == 502);
  proxy->wait_for_line(Stream::err, "statuspage\\?token=hidden");
  proxy->terminate();
  BOOST_TEST(!has(proxy->text(Stream::err), kToken));
}

BOOST_AUTO_TEST_CASE(caddy_shows_the_board_to_those_who_know_the_password) {
  start_caddy(fmt::format("https://127.0.0.1:{}", port), fmt::format("https://localhost:{}", port));
  check_board("b3BlcmF0b3I6d29yZA==");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace monitor::tests
