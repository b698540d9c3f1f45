// What /incidents?q= finds, the other filters that came with it, and what --keep deletes.
#include <boost/test/unit_test.hpp>

#include "tests/unit/store_fixture.h"

namespace monitor::store {
namespace {

using status::State;
using Ids = std::vector<std::string>;

struct SearchFixture : StoreFixture {
  void tell(const std::string& id, const std::string& message, int at,
            const std::string& provider = "github") {
    auto update = update_of(id + std::to_string(at), State::investigating, at);
    update.incident_id = id;
    update.provider = provider;
    update.message = message;
    update.components = {{"c-" + id, "Component of " + id, State::partial_outage}};
    put(update);
  }
  Ids ids(IncidentQuery query) {
    Ids ids;
    for (const IncidentRecord& incident : reader.incidents(query).incidents) {
      ids.push_back(incident.id);
    }
    return ids;
  }
  Ids found(const std::string& words, IncidentQuery query = {}) {
    while (archive.make_searchable()) {
    }
    query.words = words_to_match(words).value();
    return ids(query);
  }
};

BOOST_FIXTURE_TEST_SUITE(store_search, SearchFixture)

BOOST_AUTO_TEST_CASE(all_words_have_to_occur_in_any_order_and_case) {
  tell("a", "Elevated error rates in pushes", 0);
  tell("b", "Elevated latency", 1);
  BOOST_TEST(found("ELEVATED") == (Ids{"b", "a"}));
  BOOST_TEST(found("rates elevated") == Ids{"a"});
  BOOST_TEST(found("nothing") == Ids{});
  BOOST_TEST(found("laten*") == Ids{"b"});
  BOOST_TEST(found("laten") == Ids{});
}

BOOST_AUTO_TEST_CASE(every_update_the_components_and_the_provider_are_searched) {
  tell("a", "first words", 0);
  tell("a", "second words", 5);
  BOOST_TEST(found("first") == Ids{"a"});
  BOOST_TEST(found("second") == Ids{"a"});
  BOOST_TEST(found("component") == Ids{"a"});
  BOOST_TEST(found("GitHub") == Ids{"a"});
}

BOOST_AUTO_TEST_CASE(what_a_person_types_is_never_an_expression) {
  tell("a", "a \"quoted\" word - and OR NEAR(x) text:y", 0);
  for (const char* typed : {"\"quoted\"", "OR", "NEAR(x)", "text:y", "a*b", "^a", "{a b}", "-a"}) {
    BOOST_CHECK_NO_THROW(found(typed));
  }
  BOOST_TEST(found("quoted OR") == Ids{"a"});
  BOOST_CHECK(!words_to_match("  \"' - * "));
}

BOOST_AUTO_TEST_CASE(filters_and_pages_go_with_words) {
  tell("a", "outage", 0);
  tell("b", "outage", 1, "gitlab");
  tell("c", "outage", 2);
  BOOST_TEST(found("outage", {.provider = "github"}) == (Ids{"c", "a"}));
  IncidentQuery query{.limit = 1, .words = "outage"};
  const IncidentPage first = reader.incidents(query);
  query.after = first.next;
  BOOST_TEST(ids(query) == Ids{"b"});
}

BOOST_AUTO_TEST_CASE(a_slug_of_several_words_is_not_that_of_another) {
  tell("a", "outage", 0, "hugging-face");
  tell("b", "outage", 1, "hugging-face-two");
  BOOST_TEST(found("outage", {.provider = "hugging-face"}) == Ids{"a"});
}

BOOST_AUTO_TEST_CASE(a_component_is_found_by_id_and_by_name) {
  tell("a", "x", 0);
  tell("b", "x", 1);
  BOOST_TEST(ids({.component = "c-a"}) == Ids{"a"});
  BOOST_TEST(ids({.component = "Component of b"}) == Ids{"b"});
  BOOST_TEST(ids({.provider = "github", .component = "c-a"}) == Ids{"a"});
  BOOST_TEST(ids({.provider = "gitlab", .component = "c-a"}) == Ids{});
}

BOOST_AUTO_TEST_CASE(times_are_of_the_last_change_the_later_one_not_included) {
  tell("a", "x", 0);
  tell("b", "x", 10);
  BOOST_TEST(ids({.since = minute(10)}) == Ids{"b"});
  BOOST_TEST(ids({.until = minute(10)}) == Ids{"a"});
}

BOOST_AUTO_TEST_CASE(what_is_to_come_is_told_soonest_first_and_page_by_page) {
  for (const auto& [id, at] :
       {std::pair("late", 300), std::pair("soon", 100), std::pair("gone", 10)}) {
    auto work = update_of("m", State::scheduled, 0);
    work.incident_id = id;
    work.kind = status::Kind::maintenance;
    work.scheduled_for = minute(at);
    work.scheduled_until = minute(at + 5);
    put(work);
  }
  MaintenanceQuery query{.limit = 1, .upcoming = true};
  const IncidentPage first = reader.maintenances(query, minute(60));
  BOOST_TEST(first.incidents.at(0).id == "soon");
  query.after = first.next;
  const IncidentPage second = reader.maintenances(query, minute(60));
  BOOST_TEST(second.incidents.at(0).id == "late");
  BOOST_CHECK(!second.next);
}

BOOST_AUTO_TEST_CASE(what_is_over_for_long_is_deleted_and_what_is_open_stays) {
  tell("open", "outage", 0);
  auto over = update_of("u", State::resolved, 1);
  over.incident_id = "over";
  over.message = "gone";
  put(over);
  BOOST_TEST(found("gone") == Ids{"over"});
  BOOST_TEST(archive.retire(minute(2)));
  BOOST_TEST(!archive.retire(minute(2)));
  BOOST_TEST(ids({}) == Ids{"open"});
  BOOST_TEST(found("gone") == Ids{});
  BOOST_TEST(reader.figures().incidents() == 1);
  BOOST_TEST(reader.figures().updates() == 2);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::store
