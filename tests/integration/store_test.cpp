// What the store serves: the list, one incident with its updates, health; and that neither order
// nor repetition nor a restart of anything changes it.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <set>

#include "lib/storage/database.h"
#include "tests/support/bodies.h"
#include "tests/support/store_world.h"

namespace monitor::tests {
namespace {

std::string state_body(const std::string& status, const std::string& minute) {
  return fmt::format(
      R"({{"page":{{"id":"tstpage00001","name":"Test Page"}},"incident":{{"id":"i1","name":"Slow API","status":"{0}",)"
      R"("impact":"major","shortlink":"https://status.test.example/i1","created_at":"2026-02-20T14:00:00Z",)"
      R"("updated_at":"2026-02-20T14:{1}:00Z","components":[{{"id":"c1","name":"API","status":"partial_outage"}}],)"
      R"("incident_updates":[{{"id":"u{1}","status":"{0}","body":"now {0}","created_at":"2026-02-20T14:{1}:00Z"}}]}}}})",
      status, minute);
}

constexpr std::string_view kComponentBody =
    R"({"page":{"id":"tstpage00001","name":"Test Page"},"component":{"id":"c1","name":"API","status":"major_outage"},)"
    R"("component_update":{"id":"cu1","component_id":"c1","old_status":"operational","new_status":"major_outage",)"
    R"("created_at":"2026-02-20T14:20:00Z"}})";

// Leaves the store's database as a version without the statuspage format would have, which read
// the example as event 2.
void forget_statuspage(const Pipeline& pipeline) {
  auto database =
      storage::Database::open(pipeline.path("state/status-monitor/status-store/store.db"),
                              storage::Database::Mode::read_write);
  database.execute(
      "DELETE FROM incidents; DELETE FROM incident_components; DELETE FROM updates; "
      "DELETE FROM tallies; UPDATE providers SET unrecognised = 1 WHERE slug = 'openai'; "
      "UPDATE meta SET value = 'older'");
  auto insert = database.prepare(
      "INSERT INTO unrecognised(provider, rest, format, shape, count, last_seq, sample) "
      "VALUES('openai', 0, 'statuspage', 'incident,page', 1, 2, ?1) RETURNING id");
  BOOST_REQUIRE(insert.bind(1, kExampleBody).step());
  const std::int64_t row = insert.integer(0);
  insert.run();
  database.prepare("INSERT INTO unrecognised_streams SELECT ?1, stream, 2, 2 FROM cursors")
      .bind(1, row)
      .run();
}

using World = StoreWorld;

BOOST_AUTO_TEST_SUITE(Store)

BOOST_AUTO_TEST_CASE(health_has_the_five_keys_of_the_readme) {
  World world;
  world.post(kExampleBody);
  BOOST_TEST(world.has_updates(1));
  const Json health = world.get("/health");
  BOOST_TEST(health["status"].text() == "running");
  BOOST_TEST(health["mode"].text() == "event-based (webhooks)");
  BOOST_TEST(health["incidents_tracked"].integer().value_or(0) == 1);
  BOOST_TEST(health["total_updates"].integer().value_or(0) == 1);
  BOOST_TEST(health["timestamp"].text().size() >= 19);
}

BOOST_AUTO_TEST_CASE(incidents_are_listed_newest_first_with_all_their_keys) {
  World world;
  world.post(state_body("investigating", "10"));
  world.post(kExampleBody);
  BOOST_TEST(world.has_updates(2));
  const Json list = world.get("/incidents");
  BOOST_TEST(list["incidents"].size() == 2);
  BOOST_TEST(list["next"].present());
  for (std::size_t i = 0; i < list["incidents"].size(); ++i) {
    const json::View incident = list["incidents"].at(i);
    for (const char* key :
         {"provider", "provider_name", "id", "kind", "name", "status", "impact", "components",
          "url", "message", "created_at", "updated_at", "resolved_at"}) {
      BOOST_TEST(incident[key].present(), key);
    }
  }
  BOOST_TEST(list["incidents"].at(0)["updated_at"].text() >=
             list["incidents"].at(1)["updated_at"].text());
}

BOOST_AUTO_TEST_CASE(one_incident_has_all_its_updates) {
  World world;
  world.post(state_body("investigating", "10"));
  world.post(state_body("monitoring", "20"));
  world.post(state_body("resolved", "30"));
  BOOST_TEST(world.has_updates(3));
  const std::string provider(world.get("/incidents")["incidents"].at(0)["provider"].text());
  const Json incident = world.get("/incidents/" + provider + "/i1");
  BOOST_TEST(incident["updates"].size() == 3);
  BOOST_TEST(world.pipeline.client.get(world.pipeline.store_url("/incidents/" + provider + "/none"))
                 .status == 404);
}

BOOST_AUTO_TEST_CASE(an_old_body_that_comes_late_does_not_reopen_a_resolved_incident) {
  World world;
  world.post(state_body("resolved", "30"));
  world.post(state_body("investigating", "10"));
  BOOST_TEST(world.has_updates(2));
  const Json list = world.get("/incidents");
  BOOST_TEST(list["incidents"].at(0)["status"].text() == "resolved");
  BOOST_TEST(list["incidents"].at(0)["message"].text() == "now resolved");
}

BOOST_AUTO_TEST_CASE(a_body_that_comes_again_changes_nothing) {
  World world;
  for (int i = 0; i < 3; ++i) {
    world.post(state_body("investigating", "10"));
  }
  world.post(kExampleBody);
  BOOST_TEST(world.has_updates(2));
  BOOST_TEST(world.get("/incidents")["incidents"].size() == 2);
}

BOOST_AUTO_TEST_CASE(it_goes_on_after_a_restart_and_takes_what_came_meanwhile) {
  World world;
  world.post(state_body("investigating", "10"));
  BOOST_TEST(world.has_updates(1));
  BOOST_TEST(world.pipeline.store->terminate() == 0);
  world.post(state_body("resolved", "30"));
  world.pipeline.store = world.pipeline.start_store();
  BOOST_TEST(world.has_updates(2));
  BOOST_TEST(world.get("/incidents")["incidents"].at(0)["status"].text() == "resolved");
}

BOOST_AUTO_TEST_CASE(it_takes_the_new_stream_of_a_receiver_that_lost_its_state) {
  World world;
  world.post(state_body("investigating", "10"));
  world.post(kExampleBody);
  BOOST_TEST(world.has_updates(2));
  world.pipeline.receiver->kill();
  std::filesystem::remove_all(world.pipeline.receiver_state());
  world.pipeline.receiver = world.pipeline.start_receiver();
  world.post(state_body("resolved", "30"));
  BOOST_TEST(world.has_updates(3));
}

BOOST_AUTO_TEST_CASE(pages_of_the_list_follow_each_other_without_gap_or_repetition) {
  World world;
  for (int i = 0; i < 7; ++i) {
    world.post(incident_body(fmt::format("n{}", i)));
  }
  BOOST_TEST(world.has_updates(7));
  std::set<std::string> ids;
  std::size_t pages = 0;
  for (std::string next = "/incidents?limit=3"; !next.empty(); ++pages) {
    const Json page = world.get(next);
    for (std::size_t i = 0; i < page["incidents"].size(); ++i) {
      BOOST_TEST(ids.insert(std::string(page["incidents"].at(i)["id"].text())).second);
    }
    const json::View cursor = page["next"];
    next = cursor.is_string() ? "/incidents?limit=3&cursor=" + std::string(cursor.text()) : "";
  }
  BOOST_TEST(ids.size() == 7);
  BOOST_TEST(pages == 3);
}

BOOST_AUTO_TEST_CASE(an_outage_told_by_incident_and_component_is_listed_once) {
  World world;
  world.post(kComponentBody);
  world.post(state_body("investigating", "10"));
  BOOST_TEST(world.has_updates(2));
  const Json active = world.get("/incidents?active=1");
  BOOST_TEST(active["incidents"].size() == 1);
  BOOST_TEST(active["incidents"].at(0)["components"].at(0)["status"].text() == "major_outage");
  const Json components = world.get("/incidents?kind=component");
  BOOST_TEST(components["incidents"].at(0)["incident_ids"].at(0).text() == "i1");
  BOOST_TEST(world.get("/health")["incidents_tracked"].integer().value_or(0) == 1);
  BOOST_TEST(world.get("/health")["components_tracked"].integer().value_or(0) == 1);
}

BOOST_AUTO_TEST_CASE(what_nobody_can_read_is_listed_with_its_body) {
  World world;
  for (int i = 0; i < 2; ++i) {
    world.post(R"({"hello": "world", "ping": true})");
  }
  BOOST_TEST(world.has_unread(2));
  const Json list = world.get("/unrecognised");
  BOOST_TEST(list["unrecognised"].size() == 1);
  const json::View row = list["unrecognised"].at(0);
  BOOST_TEST(row["shape"].text() == "hello,ping");
  BOOST_TEST(row["count"].integer().value_or(0) == 2);
  BOOST_TEST(row["first"]["seq"].integer().value_or(0) == 1);
  BOOST_TEST(row["last"]["seq"].integer().value_or(0) == 2);
  BOOST_TEST(row["sample"]["hello"].text() == "world");
  BOOST_TEST(list["next"].is_null());
}

BOOST_AUTO_TEST_CASE(what_an_earlier_version_could_not_read_is_read_again) {
  World world;
  world.post(R"({"hello": "world"})");
  world.post(kExampleBody);
  world.post(R"({"hello": "again"})");
  BOOST_TEST(world.has_updates(1));
  BOOST_TEST(world.has_unread(2));
  BOOST_TEST(world.pipeline.store->terminate() == 0);
  forget_statuspage(world.pipeline);
  world.pipeline.store = world.pipeline.start_store();
  BOOST_TEST(world.has_updates(1));
  BOOST_TEST(world.has_unread(2));
  const Json list = world.get("/unrecognised");
  BOOST_TEST(list["unrecognised"].size() == 1);
  BOOST_TEST(list["unrecognised"].at(0)["count"].integer().value_or(0) == 2);
  BOOST_TEST(world.get("/incidents")["incidents"].at(0)["id"].text() == "abc123");
  BOOST_TEST(world.get("/health")["lost"].integer().value_or(-1) == 0);
}

BOOST_AUTO_TEST_CASE(something_to_look_at_is_at_the_root) {
  World world;
  BOOST_TEST(world.pipeline.client.get(world.pipeline.store_url("/")).status == 200);
}

BOOST_AUTO_TEST_CASE(unknown_paths_are_404_and_wrong_methods_405) {
  World world;
  BOOST_TEST(world.pipeline.client.get(world.pipeline.store_url("/nothing")).status == 404);
  const HttpAnswer answer =
      world.pipeline.client.post(world.pipeline.store_url("/incidents"), "{}");
  BOOST_TEST(answer.status == 405);
  BOOST_TEST(answer.headers.at("allow").find("GET") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::tests
