// What other tools read of the store: the Atom feed, the calendar, the badge, fetched over HTTP and
// read by readers of those forms.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "tests/support/bodies.h"
#include "tests/support/form_reader.h"
#include "tests/support/pipeline.h"

namespace monitor::tests {
namespace {

constexpr std::string_view kMaintenanceBody =
    R"({"page":{"id":"tstpage00001","name":"Test Page"},"incident":{"id":"m1","name":"New disks, <b>all</b>",)"
    R"("status":"scheduled","impact":"maintenance","shortlink":"https://status.test.example/m1","created_at":"2026-02-20T14:00:00Z",)"
    R"("updated_at":"2026-02-20T14:00:00Z","scheduled_for":"2026-02-21T01:00:00Z","scheduled_until":"2026-02-21T03:30:00Z",)"
    R"("components":[{"id":"c1","name":"API","status":"operational"}],)"
    R"("incident_updates":[{"id":"mu1","status":"scheduled","body":"We replace disks; reads go on","created_at":"2026-02-20T14:00:00Z"}]}})";

struct World {
  World() {
    pipeline.receiver = pipeline.start_receiver();
    pipeline.store = pipeline.start_store();
    BOOST_TEST(pipeline.post(incident_body("i1", "Looking & seeing")).status == 200);
    BOOST_TEST(pipeline.post(kMaintenanceBody).status == 200);
    BOOST_TEST(pipeline.post(kExampleBody).status == 200);
    BOOST_REQUIRE(
        ask_until([&] { return Json(get("/health").body)["total_updates"].integer() == 3; }));
    // A page's slug is the receiver's affair.
    const Json list(get("/incidents?kind=maintenance").body);
    page = list["incidents"].at(0)["provider"].text();
  }

  HttpAnswer get(const std::string& path, const std::vector<std::string>& headers = {}) {
    return pipeline.client.get(pipeline.store_url(path), headers);
  }
  Json read(const std::string& form, const std::string& path, const std::string& content_type) {
    const HttpAnswer answer = get(path);
    BOOST_REQUIRE(answer.status == 200);
    BOOST_TEST(answer.headers.at("content-type") == content_type);
    return read_form(form, answer.body);
  }
  Json feed(const std::string& query = "") {
    return read("atom", "/feed.atom" + query, "application/atom+xml; charset=utf-8");
  }
  Json calendar(const std::string& query = "") {
    return read("calendar", "/maintenance.ics" + query, "text/calendar; charset=utf-8");
  }
  Json badge(const std::string& slug) {
    return read("badge", "/badge/" + slug + ".svg", "image/svg+xml");
  }

  Pipeline pipeline;
  std::string page;
};

BOOST_AUTO_TEST_SUITE(Feeds)

BOOST_AUTO_TEST_CASE(a_feed_reader_reads_incidents_and_maintenances_newest_first) {
  World world;
  const Json feed = world.feed();
  BOOST_TEST(!*feed["bozo"].boolean());
  BOOST_REQUIRE(feed["entries"].size() == 3U);
  BOOST_TEST(feed["entries"].at(2)["title"].text() ==
             "[Test Page] New disks, <b>all</b>: scheduled");
  BOOST_TEST(feed["updated"].text() == feed["entries"].at(0)["updated"].text());
  for (std::size_t i = 1; i < 3; ++i) {
    BOOST_TEST(feed["entries"].at(i - 1)["updated"].text() >=
               feed["entries"].at(i)["updated"].text());
  }
}

BOOST_AUTO_TEST_CASE(a_component_is_no_entry) {
  World world;
  constexpr std::string_view kComponent =
      R"({"page":{"id":"tstpage00001","name":"Test Page"},"component":{"id":"c9","name":"Web","status":"major_outage"},)"
      R"("component_update":{"id":"cu1","component_id":"c9","old_status":"operational","new_status":"major_outage",)"
      R"("created_at":"2026-02-20T15:00:00Z"}})";
  BOOST_TEST(world.pipeline.post(kComponent).status == 200);
  BOOST_REQUIRE(ask_until(
      [&] { return Json(world.get("/health").body)["components_tracked"].integer() == 1; }));
  BOOST_TEST(world.feed()["entries"].size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_providers_feed_and_calendar_have_what_is_its_own) {
  World world;
  const Json feed = world.feed("?provider=openai");
  BOOST_TEST(feed["title"].text() == "Status of OpenAI");
  BOOST_REQUIRE(feed["entries"].size() == 1U);
  BOOST_TEST(feed["entries"].at(0)["author"].text() == "OpenAI");
  BOOST_TEST(feed["links"]["self"].text() == "feed.atom?provider=openai");
  BOOST_TEST(world.calendar("?provider=openai")["events"].size() == 0U);
  BOOST_TEST(world.calendar("?provider=" + world.page)["events"].size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_calendar_has_the_window_that_was_told) {
  World world;
  const Json calendar = world.calendar();
  BOOST_REQUIRE(calendar["events"].size() == 1U);
  const json::View event = calendar["events"].at(0);
  BOOST_TEST(event["dtstart"].text() == "2026-02-21T01:00:00+00:00");
  BOOST_TEST(event["dtend"].text() == "2026-02-21T03:30:00+00:00");
  BOOST_TEST(event["url"].text() == "https://status.test.example/m1");
  BOOST_TEST(event["description"].text().find("We replace disks; reads go on") !=
             std::string_view::npos);
}

BOOST_AUTO_TEST_CASE(a_badge_says_what_the_provider_is) {
  World world;
  const Json provider(world.get("/providers/" + world.page).body);
  std::string status(provider["status"].text());
  std::replace(status.begin(), status.end(), '_', ' ');
  const Json badge = world.badge(world.page);
  BOOST_TEST(badge["title"].text() == "Test Page: " + status);
}

BOOST_AUTO_TEST_CASE(a_provider_that_was_never_heard_of_has_none_of_them) {
  World world;
  for (const char* path :
       {"/feed.atom?provider=nobody", "/maintenance.ics?provider=nobody", "/badge/nobody.svg"}) {
    BOOST_TEST(world.get(path).status == 404, path);
  }
}

BOOST_AUTO_TEST_CASE(two_stores_of_one_feed_give_entries_the_same_ids) {
  World world;
  const Json before = world.feed();
  world.pipeline.store->terminate();
  std::filesystem::remove_all(world.pipeline.path("state/status-monitor/status-store"));
  world.pipeline.store = world.pipeline.start_store();
  BOOST_REQUIRE(
      ask_until([&] { return Json(world.get("/health").body)["total_updates"].integer() == 3; }));
  const Json after = world.feed();
  BOOST_TEST(before["id"].text() == after["id"].text());
  for (std::size_t i = 0; i < 3; ++i) {
    BOOST_TEST(before["entries"].at(i)["id"].text() == after["entries"].at(i)["id"].text());
  }
}

BOOST_AUTO_TEST_CASE(whoever_has_the_newest_is_told_so) {
  World world;
  for (const std::string& path : {std::string("/feed.atom"), std::string("/maintenance.ics"),
                                  "/badge/" + world.page + ".svg"}) {
    const HttpAnswer first = world.get(path);
    BOOST_REQUIRE_MESSAGE(first.headers.contains("etag"), path);
    const HttpAnswer second = world.get(path, {"If-None-Match: " + first.headers.at("etag")});
    BOOST_TEST(second.status == 304, path);
    BOOST_TEST(second.body.empty());
  }
}

BOOST_AUTO_TEST_CASE(nothing_of_a_requests_host_gets_into_a_feed) {
  World world;
  const std::vector<std::string> headers{"Host: evil.example", "X-Forwarded-Host: evil.example"};
  BOOST_TEST(world.get("/feed.atom", headers).body.find("evil") == std::string::npos);
  BOOST_TEST(world.get("/maintenance.ics", headers).body.find("evil") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::tests
