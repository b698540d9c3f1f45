#include "receiver/receiver.h"

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>
#include <zmq.hpp>

#include "lib/feed/subscriber.h"
#include "lib/http/address.h"
#include "lib/system/error.h"
#include "tests/support/deadline.h"
#include "tests/support/http_client.h"
#include "tests/support/raw_connection.h"
#include "tests/support/temp_dir.h"

using namespace monitor;
using system::Signal;
using system::Signals;

namespace {

// What Signals changes for the whole program, as it was afterwards.
class SignalsAsTheyWere {
 public:
  SignalsAsTheyWere() {
    ::pthread_sigmask(SIG_BLOCK, nullptr, &mask_);
    on_pipe_ = ::signal(SIGPIPE, SIG_IGN);
  }
  ~SignalsAsTheyWere() {
    ::signal(SIGPIPE, on_pipe_);
    ::pthread_sigmask(SIG_SETMASK, &mask_, nullptr);
  }
  SignalsAsTheyWere(const SignalsAsTheyWere&) = delete;
  SignalsAsTheyWere& operator=(const SignalsAsTheyWere&) = delete;

 private:
  sigset_t mask_{};
  void (*on_pipe_)(int) = SIG_DFL;
};

int free_port() { return http::port_of(http::listen_on("127.0.0.1", 0)); }

// The whole receiver in this process, in a directory of its own.
class Running {
 public:
  Running() {
    options_.state = directory_ / "state";
    options_.feed = {"ipc://" + (directory_ / "run/feed")};
    options_.replay = {"ipc://" + (directory_ / "run/replay")};
    options_.port = free_port();
    options_.providers = directory_ / "providers.toml";
    tests::write_file(options_.providers, "");
    start();
  }
  ~Running() {
    if (thread_.joinable()) {
      stop();
    }
    signals_.take();
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  void start() {
    receiver_ = std::make_unique<receiver::Receiver>(options_, signals_, fetcher_);
    thread_ = std::thread([this] { receiver_->run(); });
  }
  // As systemd does, and waits until it has left.
  void stop() {
    ::kill(::getpid(), SIGTERM);
    thread_.join();
    receiver_.reset();
  }
  std::string url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(options_.port) + path;
  }
  // As `systemctl reload` does, after the user has changed the file.
  void reload(const std::string& providers) {
    tests::write_file(options_.providers, providers);
    ::kill(::getpid(), SIGHUP);
  }
  tests::HttpAnswer post(const std::string& body) {
    return client.post(url("/webhook/statuspage/github"), body);
  }
  std::unique_ptr<feed::Subscriber> subscribe() const {
    return std::make_unique<feed::Subscriber>(feed::SubscriberSettings{
        .sources = {{options_.feed.front(), options_.replay.front()}}, .cursors = {}, .begin = feed::Begin::start});
  }
  const receiver::ReceiverOptions& options() const { return options_; }
  const Signals& signals() const { return signals_; }
  std::string wal() const { return options_.state + "/journal.db-wal"; }

  tests::HttpClient client;

 private:
  const SignalsAsTheyWere before_;
  const Signals signals_;
  http::Client fetcher_;
  tests::TempDir directory_;
  receiver::ReceiverOptions options_;
  std::unique_ptr<receiver::Receiver> receiver_;
  std::thread thread_;
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(system_signals)

BOOST_AUTO_TEST_CASE(signals_are_read_and_not_suffered) {
  const SignalsAsTheyWere before;
  const Signals signals;
  BOOST_TEST(!signals.take());
  ::raise(SIGHUP);
  BOOST_TEST((signals.take() == Signal::reload));
  ::raise(SIGTERM);
  BOOST_TEST((signals.take() == Signal::terminate));
  ::raise(SIGINT);
  BOOST_TEST((signals.take() == Signal::terminate));
  ::raise(SIGPIPE);
  BOOST_TEST(!signals.take());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(receiver_receiver)

BOOST_AUTO_TEST_CASE(a_reload_counts_at_once_and_a_broken_file_changes_nothing) {
  constexpr const char kEntry[] = "[[provider]]\nslug = \"github\"\ntoken = \"0123456789abcdef\"\n";
  Running running;
  BOOST_TEST(running.post("{}").status == 200);
  running.reload(kEntry);
  BOOST_TEST(tests::ask_until([&] { return running.post("{}").status == 401; }));
  running.reload("[[provider]]\nslugg = \"github\"\n");
  BOOST_TEST(running.post("{}").status == 401);
  running.stop();  // signals are taken in order: the reload has been tried
  running.reload(kEntry);
  running.signals().take();
  running.start();
  BOOST_TEST(running.post("{}").status == 401);
  running.reload("");
  BOOST_TEST(tests::ask_until([&] { return running.post("{}").status == 200; }));
}

BOOST_AUTO_TEST_CASE(what_is_answered_200_is_kept_numbered_and_published) {
  Running running;
  const auto subscriber = running.subscribe();
  for (int i = 1; i <= 5; ++i) {
    const auto answer = running.post("{\"n\":" + std::to_string(i) + "}");
    BOOST_TEST(answer.status == 200);
    BOOST_TEST(contains(answer.body, "\"seq\":" + std::to_string(i) + "}"));
  }
  for (std::uint64_t seq = 1; seq <= 5; ++seq) {
    const auto event = subscriber->next(tests::kPatience, {});
    BOOST_REQUIRE(event);
    BOOST_TEST(event->seq == seq);
    BOOST_TEST(event->body == "{\"n\":" + std::to_string(seq) + "}");
    BOOST_TEST(event->provider == "github");
  }
  running.stop();
  const receiver::Journal journal(running.options().state);
  BOOST_TEST(journal.last_seq() == 5U);
}

BOOST_AUTO_TEST_CASE(a_quick_subscriber_hears_of_it_at_once) {
  Running running;
  zmq::context_t context;
  zmq::socket_t quick(context, zmq::socket_type::sub);
  quick.set(zmq::sockopt::linger, 0);
  quick.set(zmq::sockopt::subscribe, "webhook/github/");
  quick.set(zmq::sockopt::rcvtimeo, 50);
  quick.connect(running.options().feed.front());
  zmq::message_t topic;
  BOOST_REQUIRE(tests::ask_until([&] {  // it takes a while to connect
    return running.post("{}").status == 200 && quick.recv(topic).has_value();
  }));
  BOOST_TEST(topic.to_string() == "webhook/github/");
}

BOOST_AUTO_TEST_CASE(it_goes_on_after_a_restart) {
  Running running;
  const auto subscriber = running.subscribe();
  running.post("{}");
  running.stop();
  running.start();
  BOOST_TEST(contains(running.post("{}").body, "\"seq\":2}"));
  BOOST_TEST(subscriber->next(tests::kPatience, {}).value().seq == 1U);
  BOOST_TEST(subscriber->next(tests::kPatience, {}).value().seq == 2U);
}

BOOST_AUTO_TEST_CASE(a_journal_that_cannot_be_written_is_503_until_it_can) {
  Running running;
  BOOST_TEST(running.post("{}").status == 200);
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  auto* const handler = ::signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{std::filesystem::file_size(running.wal()), before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &limit);
  const auto refused = running.post("{}");
  const auto health = running.client.get(running.url("/health"));
  ::setrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, handler);
  BOOST_TEST(refused.status == 503);
  BOOST_TEST(refused.headers.contains("retry-after"));
  BOOST_TEST(health.status == 503);
  BOOST_TEST(contains(running.post("{}").body, "\"seq\":2}"));
  BOOST_TEST(running.client.get(running.url("/health")).status == 200);
}

// They are answered, refused or cut off, and nobody touches what is gone.
BOOST_AUTO_TEST_CASE(kept_connections_may_ask_until_the_very_end) {
  Running running;
  std::vector<std::unique_ptr<tests::RawConnection>> kept;
  for (int i = 0; i < 200; ++i) {
    kept.push_back(std::make_unique<tests::RawConnection>(running.options().port));
  }
  std::thread asking([&] {
    for (const auto& connection : kept) {
      try {
        connection->send(
            "POST /webhook/aws HTTP/1.1\r\nHost: x\r\nContent-Length: 36\r\n\r\n"
            R"({"TopicArn":"arn:aws","MessageId":1})");
      } catch (const std::exception&) {
        continue;  // cut off
      }
    }
  });
  running.stop();
  asking.join();
}

BOOST_AUTO_TEST_CASE(told_to_end_it_finishes_what_is_being_sent) {
  Running running;
  tests::RawConnection connection(running.options().port);
  connection.send(
      "POST /webhook/statuspage HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
      "Content-Length: 2\r\n\r\n");
  std::string said;  // "100 Continue": its head has been judged
  BOOST_REQUIRE(tests::ask_until([&] {
    said += connection.receive_answer(tests::Deadline(std::chrono::milliseconds(20)));
    return contains(said, "100 Continue");
  }));
  ::kill(::getpid(), SIGTERM);
  BOOST_REQUIRE(tests::ask_until([&] {  // the door is closed
    try {
      tests::RawConnection other(running.options().port);
      return false;
    } catch (const std::runtime_error&) {
      return true;
    }
  }));
  connection.send("{}");
  BOOST_TEST(contains(connection.receive_answer(), "\"seq\":1}"));
}

BOOST_AUTO_TEST_CASE(a_second_one_on_the_same_state_or_sockets_is_refused) {
  Running running;
  const auto refused = [&](const receiver::ReceiverOptions& options, const std::string& expected) {
    http::Client fetcher;
    BOOST_CHECK_EXCEPTION(receiver::Receiver(options, running.signals(), fetcher), system::Failure,
                          [&](const system::Failure& error) {
                            BOOST_TEST(contains(error.what(), expected), error.what());
                            return true;
                          });
  };
  const tests::TempDir other;
  receiver::ReceiverOptions options = running.options();
  refused(options, "another process uses it");
  options.state = other / "state";
  refused(options, "another process listens there");
  options.feed = {"ipc://" + (other / "feed")};
  refused(options, "another process listens there");
  options.replay = {"ipc://" + (other / "replay")};
  refused(options, "Address already in use");
  BOOST_TEST(running.post("{}").status == 200);
  const auto subscriber = running.subscribe();
  BOOST_TEST(subscriber->next(tests::kPatience, {}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
