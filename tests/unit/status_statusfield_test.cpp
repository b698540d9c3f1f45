#include <string>

#include "tests/unit/status_reading.h"

using namespace monitor;
using namespace monitor::status;

namespace {

Reading read_as(std::string_view format, const std::string& body, std::int64_t arrival = 0) {
  return tests::read_at(format, body, std::chrono::microseconds(arrival));
}

StatusUpdate read_one(const std::string& body, std::int64_t arrival = 0) {
  return tests::only_update("auto", body, std::chrono::microseconds(arrival));
}

// `more`: members after the fixed ones, each begun by a comma.
std::string change(const std::string& more, const std::string& id = "dlv_1") {
  return R"({"id":")" + id + R"(","service":{"name":"Osprey DNS"},"component":{"name":"Zones"})" +
         more + "}";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(statusfield_format)

BOOST_AUTO_TEST_CASE(the_user_may_choose_the_verb) {
  BOOST_TEST(find_format("statusfield")->any_verb);
}

BOOST_AUTO_TEST_CASE(the_id_of_the_delivery_is_the_updates) {
  const std::string down = R"(,"status":"major_outage")";
  const StatusUpdate update = read_one(change(down));
  BOOST_TEST(update.update_id == "dlv_1");
  BOOST_TEST(!update.happened_at_known);
  BOOST_TEST(update.key() == read_one(change(down), 5'000'000).key());
  BOOST_TEST(update.key() != read_one(change(down, "dlv_2")).key());
}

BOOST_AUTO_TEST_CASE(the_documented_states_are_known_however_they_are_written) {
  const std::pair<const char*, State> words[] = {
      {"operational", State::operational},       {"Degraded", State::degraded_performance},
      {"PARTIAL_OUTAGE", State::partial_outage}, {"Major outage", State::major_outage},
      {"majorOutage", State::major_outage},      {"maintenance", State::under_maintenance}};
  for (const auto& [word, state] : words) {
    BOOST_TEST((read_one(change(R"(,"status":")" + std::string(word) + "\"")).state == state),
               word);
  }
}

BOOST_AUTO_TEST_CASE(the_words_are_found_where_such_senders_have_them) {
  for (const char* more : {R"(,"currentStatus":"down","previousStatus":"up")",
                           R"(,"new_status":"down","old_status":"up")",
                           R"(,"status":{"current":"down","previous":"up"})",
                           R"(,"change":{"from":"up","to":"down"})"}) {
    BOOST_TEST(read_one(change(more)).message == "Major outage (was operational)", more);
  }
}

BOOST_AUTO_TEST_CASE(a_component_without_an_id_is_told_apart_by_its_service) {
  const auto named = [](const std::string& service) {
    return read_one(R"({"id":"1","service":")" + service +
                    R"(","component":"API","status":"down"})");
  };
  BOOST_TEST(named("Osprey DNS").incident_id == named("Osprey DNS").incident_id);
  BOOST_TEST(named("Osprey DNS").incident_id != named("Heron Queues").incident_id);
}

BOOST_AUTO_TEST_CASE(a_link_is_the_changes_own_or_the_services_page) {
  const std::string service =
      R"({"id":"1","service":{"name":"x","url":"https://x.example"},"component":"API","status":"down")";
  BOOST_TEST(read_one(service + "}").url == "https://x.example");
  BOOST_TEST(read_one(service + R"(,"url":"https://y.example/7"})").url == "https://y.example/7");
}

BOOST_AUTO_TEST_CASE(other_bodies_are_left_alone) {
  for (
      const char* foreign :
      {// what a health check answers
       R"({"id":"1","service":"checkout","status":"ok"})",
       // an EventBridge event
       R"({"id":"1","source":"aws.health","detail":{"service":"EC2"},"service":"EC2","component":"x",
            "status":"up"})",
       R"({"event":"component.status_changed","component":{"displayName":"API",
            "previousStatus":"operational","currentStatus":"major_outage"}})",
       R"({"id":"1","type":"order.created","data":{"service":"post","status":"sent"}})",
       R"({"id":"","service":"x","component":"y","status":"down"})", R"({"id":"1"})", "[]", "null",
       "{}"}) {
    BOOST_TEST(!read_as("statusfield", foreign).recognised, foreign);
  }
}

BOOST_AUTO_TEST_SUITE_END()
