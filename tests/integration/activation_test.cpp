// Receiver and store on a socket that somebody else holds (systemd): a restart refuses nobody.
#include <fmt/format.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <thread>

#include "tests/support/bodies.h"
#include "tests/support/json.h"
#include "tests/support/pipeline.h"

namespace monitor::tests {
namespace {

struct Activated {
  explicit Activated(const std::string& program, Arguments arguments = {}) {
    arguments.insert(arguments.begin(),
                     {"tests/support/activate.py", programs_directory() + '/' + program});
    process = std::make_unique<Process>(ProcessSettings{.program = "/usr/bin/python3",
                                                        .arguments = std::move(arguments),
                                                        .environment = pipeline.environment()});
    port = process->wait_for_lines(Stream::out, 1).front();
  }
  std::string url(const std::string& path) const {
    return fmt::format("http://127.0.0.1:{}{}", port, path);
  }
  void restart() {
    const std::size_t lines = process->line_count(Stream::out);
    process->signal(SIGUSR1);
    BOOST_TEST(process->wait_for_lines(Stream::out, lines + 1).back() == "restarted 0");
  }

  Pipeline pipeline;
  std::unique_ptr<Process> process;
  std::string port;
};

BOOST_AUTO_TEST_SUITE(Activation)

BOOST_AUTO_TEST_CASE(webhooks_that_come_while_the_receiver_restarts_are_taken_all) {
  Activated receiver("status-receiver");
  std::atomic<bool> over{false};
  std::atomic<int> taken{0};
  std::atomic<int> others{0};
  std::vector<std::thread> senders;
  for (int i = 0; i < 4; ++i) {
    senders.emplace_back([&, i] {
      for (int number = 0; !over; ++number) {
        HttpClient client;  // a connection of its own, as senders' webhooks come
        const auto body = incident_body(fmt::format("{}-{}", i, number));
        ++(client.post(receiver.url("/webhook/statuspage"), body).status == 200 ? taken : others);
      }
    });
  }
  for (int restart = 0; restart < 20; ++restart) {
    const int before = taken;
    BOOST_TEST(ask_until([&] { return taken > before + 20; }));
    receiver.restart();
  }
  over = true;
  for (std::thread& sender : senders) {
    sender.join();
  }
  BOOST_TEST(others == 0);
  const Json health(HttpClient().get(receiver.url("/health")).body);
  BOOST_TEST(health["journal"]["last_seq"].integer().value_or(0) == taken);
  BOOST_TEST(receiver.process->terminate() == 0);
}

BOOST_AUTO_TEST_CASE(the_store_serves_on_it_too) {
  Activated store("status-store");
  BOOST_TEST(HttpClient().get(store.url("/providers")).status == 200);
  store.restart();
  BOOST_TEST(HttpClient().get(store.url("/providers")).status == 200);
  BOOST_TEST(store.process->text(Stream::err).find(":" + store.port) != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::tests
