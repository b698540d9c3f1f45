// SIGTERM under load: what was accepted is finished, and the program leaves with 0 in time.
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <set>

#include "tests/support/bodies.h"
#include "tests/support/json.h"
#include "tests/support/pipeline.h"
#include "tests/support/raw_connection.h"
#include "tests/support/senders.h"

namespace monitor::tests {
namespace {

constexpr std::chrono::seconds kTimeToLeave{5};

BOOST_AUTO_TEST_SUITE(Stop)

BOOST_AUTO_TEST_CASE(term_while_100_senders_post_loses_no_200_and_leaves_0_within_5_seconds) {
  Pipeline pipeline;
  pipeline.receiver = pipeline.start_receiver();
  Senders senders(pipeline.webhook_url(), 100, 1000);
  senders.allow_without_end();
  BOOST_REQUIRE(senders.wait_for_accepted(500));
  const auto before = Clock::now();
  BOOST_TEST(pipeline.receiver->terminate() == 0);
  BOOST_TEST((Clock::now() - before < kTimeToLeave));
  senders.stop();

  pipeline.receiver = pipeline.start_receiver();
  auto formatter = pipeline.start("status-formatter", {"--from", "start", "--format", "json"});
  const std::set<std::string> accepted = senders.accepted();
  formatter->wait_for_lines(Stream::out, accepted.size());
  BOOST_TEST(ask_until([&] {
    std::set<std::string> missing = accepted;
    for (const std::string& line : formatter->lines(Stream::out)) {
      missing.erase(std::string(Json(line)["incident_id"].text()));
    }
    return missing.empty();
  }));
  for (const int status : senders.other_answers()) {
    BOOST_TEST(status == 503);
  }
}

BOOST_AUTO_TEST_CASE(term_does_not_wait_for_idle_and_slow_connections) {
  Pipeline pipeline;
  pipeline.receiver = pipeline.start_receiver();
  HttpClient idle;
  BOOST_TEST(idle.post(pipeline.webhook_url(), kExampleBody).status == 200);
  RawConnection slow(pipeline.receiver_port());
  slow.send("POST /webhook/statuspage HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{");
  const auto before = Clock::now();
  BOOST_TEST(pipeline.receiver->terminate() == 0);
  BOOST_TEST((Clock::now() - before < kTimeToLeave));
}

BOOST_AUTO_TEST_CASE(int_is_the_same_as_term) {
  Pipeline pipeline;
  pipeline.start_all();
  for (Process* process :
       {pipeline.receiver.get(), pipeline.store.get(), pipeline.formatter.get()}) {
    process->signal(SIGINT);
    BOOST_TEST(process->wait() == 0);
  }
}

BOOST_AUTO_TEST_CASE(nothing_is_left_in_the_runtime_directory) {
  Pipeline pipeline;
  pipeline.start_all();
  for (Process* process :
       {pipeline.receiver.get(), pipeline.store.get(), pipeline.formatter.get()}) {
    BOOST_TEST(process->terminate() == 0);
  }
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(pipeline.path("runtime"))) {
    BOOST_TEST(!entry.is_socket(), entry.path());
  }
}

BOOST_AUTO_TEST_CASE(hup_is_borne_by_servers_and_ends_a_filter) {
  Pipeline pipeline;
  pipeline.start_all();
  pipeline.receiver->signal(SIGHUP);
  pipeline.store->signal(SIGHUP);
  BOOST_TEST(pipeline.post(kExampleBody).status == 200);
  pipeline.formatter->wait_for_lines(Stream::out, 2);
  BOOST_TEST(pipeline.client.get(pipeline.store_url("/health")).status == 200);
  pipeline.formatter->signal(SIGHUP);  // its terminal is gone
  BOOST_TEST(pipeline.formatter->wait() == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::tests
