// GET /events and the rebuilding of the database, with the real programs: what a reader gets when
// the store restarts, two stores of one feed, a database that is damaged.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>

#include "tests/support/raw_connection.h"
#include "tests/support/store_world.h"

namespace monitor::tests {
namespace {

std::string body(int number, const std::string& status = "investigating") {
  return fmt::format(
      R"({{"page":{{"id":"tstpage00001","name":"Test Page"}},"incident":{{"id":"i{0}","name":"Incident {0}",)"
      R"("status":"{1}","impact":"major","updated_at":"2026-02-20T14:{2:02}:00Z",)"
      R"("components":[{{"id":"c1","name":"API","status":"partial_outage"}}],)"
      R"("incident_updates":[{{"id":"u{0}{1}","status":"{1}","body":"words of number {0}",)"
      R"("created_at":"2026-02-20T14:{2:02}:00Z"}}]}}}})",
      number, status, number % 60);
}

struct World : StoreWorld {
  void post(int number) { StoreWorld::post(body(number)); }
};

// curl listens to /events.
std::unique_ptr<Process> listen(const World& world, const std::string& last_event_id = "") {
  Arguments arguments{"--silent", "--no-buffer", world.pipeline.store_url("/events")};
  if (!last_event_id.empty()) {
    arguments.insert(arguments.end(), {"--header", "Last-Event-ID: " + last_event_id});
  }
  auto reader = std::make_unique<Process>(
      ProcessSettings{.program = "curl", .arguments = std::move(arguments)});
  reader->wait_for_line(Stream::out, "^: status-store$");
  return reader;
}

BOOST_AUTO_TEST_SUITE(Events)

BOOST_AUTO_TEST_CASE(a_reader_hears_each_update_once_and_resumes_over_a_restart) {
  World world;
  const auto reader = listen(world);
  world.post(1);
  reader->wait_for_line(Stream::out, "^id: 1$");
  reader->wait_for_line(Stream::out, "^data: .\"v\":1.*words of number 1");
  world.pipeline.store->kill();
  BOOST_TEST(reader->wait() != 0);
  world.post(2);
  world.post(3);
  world.pipeline.store = world.pipeline.start_store();
  const auto again = listen(world, "1");
  again->wait_for_line(Stream::out, "^id: 2$");
  again->wait_for_line(Stream::out, "words of number 3");
  BOOST_TEST(again->text(Stream::out).find("words of number 1") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(six_hundred_readers_hear_each_update_though_one_never_reads) {
  World world;
  const std::string ask = "GET /events HTTP/1.1\r\nHost: x\r\n\r\n";
  RawConnection lazy(world.pipeline.store_port());
  lazy.send(ask);
  std::vector<std::unique_ptr<RawConnection>> readers;
  for (int i = 0; i < 600; ++i) {
    readers.push_back(std::make_unique<RawConnection>(world.pipeline.store_port()));
    readers.back()->send(ask);
  }
  for (const auto& reader : readers) {
    BOOST_REQUIRE(reader->receive_until(": status-store").find("200 OK") != std::string::npos);
  }
  for (int number = 1; number <= 5; ++number) {
    world.post(number);
  }
  for (const auto& reader : readers) {
    const std::string text = reader->receive_until("words of number 5");
    for (int number = 1; number <= 5; ++number) {
      const std::string words = fmt::format("words of number {}\"", number);
      BOOST_REQUIRE(text.find(words) != std::string::npos);
      BOOST_REQUIRE(text.find(words) == text.rfind(words));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_reader_of_another_world_is_told_to_begin_anew) {
  World world;
  const auto reader = listen(world, "9999");
  reader->wait_for_line(Stream::out, "^event: reset$");
  world.post(1);
  reader->wait_for_line(Stream::out, "words of number 1");
}

BOOST_AUTO_TEST_CASE(streams_end_when_the_store_does) {
  World world;
  const auto reader = listen(world);
  BOOST_TEST(world.pipeline.store->terminate() == 0);
  BOOST_TEST(reader->wait() == 0);
}

BOOST_AUTO_TEST_CASE(two_stores_of_one_feed_answer_alike) {
  World world;
  auto second = world.pipeline.launch("status-store",
                                      {"--port", "0", "--state", world.pipeline.path("second")});
  const int port = wait_for_port(*second);
  for (int i = 1; i <= 20; ++i) {
    world.post(i);
  }
  BOOST_TEST(world.has_updates(20));
  const auto other = [&](const std::string& path) {
    return world.pipeline.client.get(fmt::format("http://127.0.0.1:{}{}", port, path));
  };
  BOOST_TEST(
      ask_until([&] { return Json(other("/health").body)["total_updates"].integer() == 20; }));
  for (const char* path : {"/incidents?limit=7", "/incidents?q=words", "/incidents/test-page/i7",
                           "/providers", "/providers/test-page", "/maintenances?upcoming=1",
                           "/feed.atom", "/maintenance.ics", "/badge/test-page.svg"}) {
    BOOST_TEST(ask_until([&] {
                 const HttpAnswer one = world.pipeline.client.get(world.pipeline.store_url(path));
                 const HttpAnswer two = other(path);
                 return one.status == 200 && one.body == two.body &&
                        one.headers.at("etag") == two.headers.at("etag");
               }),
               path);
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(Rebuild)

BOOST_AUTO_TEST_CASE(a_new_database_takes_the_place_of_the_one_that_serves) {
  World world;
  for (int i = 1; i <= 30; ++i) {
    world.post(i);
  }
  BOOST_TEST(world.has_updates(30));
  const std::string before = world.pipeline.client.get(world.pipeline.store_url("/incidents")).body;
  auto rebuild = world.pipeline.launch("status-store", {"--rebuild"});
  BOOST_TEST(rebuild->wait() == 0);
  BOOST_TEST(world.pipeline.client.get(world.pipeline.store_url("/incidents")).body == before);
  BOOST_TEST(std::filesystem::exists(world.database() + ".old"));
  BOOST_TEST(!std::filesystem::exists(world.database() + ".new"));
  world.post(31);
  BOOST_TEST(world.has_updates(31));
}

BOOST_AUTO_TEST_CASE(a_damaged_database_is_told_of_and_rebuilt_on_request) {
  World world;
  for (int i = 1; i <= 30; ++i) {
    world.post(i);
  }
  BOOST_TEST(world.has_updates(30));
  BOOST_TEST(world.pipeline.store->terminate() == 0);
  std::filesystem::resize_file(world.database(), std::filesystem::file_size(world.database()) / 2);
  world.pipeline.store = world.pipeline.launch(
      "status-store", {"--port", std::to_string(world.pipeline.store_port())});
  wait_for_port(*world.pipeline.store);
  const HttpAnswer health = world.pipeline.client.get(world.pipeline.store_url("/health"));
  BOOST_TEST(health.status == 503);
  BOOST_TEST(health.body.find("status-store --rebuild") != std::string::npos);
  BOOST_TEST(world.pipeline.client.get(world.pipeline.store_url("/incidents")).status == 503);
  BOOST_TEST(world.pipeline.launch("status-store", {"--rebuild"})->wait() == 0);
  BOOST_TEST(world.has_updates(30));
}

BOOST_AUTO_TEST_CASE(one_that_is_killed_changes_nothing_and_can_be_run_again) {
  World world;
  world.post(1);
  BOOST_TEST(world.has_updates(1));
  world.pipeline.receiver->signal(SIGSTOP);  // so that it can't end
  auto rebuild = world.pipeline.launch("status-store", {"--rebuild"});
  rebuild->wait_for_line(Stream::err, "reading the journals");
  rebuild->kill();
  world.pipeline.receiver->signal(SIGCONT);
  BOOST_TEST(world.has_updates(1));
  BOOST_TEST(world.pipeline.launch("status-store", {"--rebuild"})->wait() == 0);
  BOOST_TEST(world.has_updates(1));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::tests
