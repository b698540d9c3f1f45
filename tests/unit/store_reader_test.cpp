// Lists of incidents: order, filters, and pages that stay put while incidents come in.
#include "store/reader/reader.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/store_fixture.h"

namespace monitor::store {
namespace {

using status::State;
using Ids = std::vector<std::string>;

struct ListFixture : StoreFixture {
  void put_incident(const std::string& id, int at, State state = State::investigating,
                    const std::string& provider = "github") {
    auto update = update_of("u", state, at);
    update.incident_id = id;
    update.provider = provider;
    put(update);
  }
  static Ids ids(const IncidentPage& page) {
    Ids ids;
    for (const IncidentRecord& incident : page.incidents) {
      ids.push_back(incident.id);
    }
    return ids;
  }
};

BOOST_FIXTURE_TEST_SUITE(ReaderSuite, ListFixture)

BOOST_AUTO_TEST_CASE(the_list_is_newest_first_by_the_senders_time_then_by_insertion) {
  put_incident("a", 5);
  put_incident("b", 9);
  put_incident("c", 1);
  put_incident("d", 5);
  BOOST_TEST(ids(reader.incidents({})) == (Ids{"b", "d", "a", "c"}));
}

BOOST_AUTO_TEST_CASE(pages_end_with_no_next) {
  put_incident("a", 1);
  put_incident("b", 2);
  IncidentQuery query;
  query.limit = 2;
  BOOST_CHECK(!reader.incidents(query).next);
  query.limit = 1;
  query.after = reader.incidents(query).next;
  BOOST_REQUIRE(query.after);
  BOOST_TEST(ids(reader.incidents(query)) == Ids{"a"});
  BOOST_CHECK(!reader.incidents(query).next);
}

BOOST_AUTO_TEST_CASE(pages_neither_repeat_nor_skip_while_incidents_come_in) {
  for (int i = 0; i < 7; ++i) {
    put_incident("old" + std::to_string(i), i / 2);  // pairs of equal times
  }
  const Ids expected = ids(reader.incidents({}));
  Ids paged;
  IncidentQuery query;
  query.limit = 2;
  for (int page = 0; page < 10; ++page) {
    const IncidentPage part = reader.incidents(query);
    const Ids part_ids = ids(part);
    paged.insert(paged.end(), part_ids.begin(), part_ids.end());
    put_incident("new" + std::to_string(page), 100 + page);
    query.after = part.next;
    if (!query.after) {
      break;
    }
  }
  BOOST_TEST(paged == expected);
}

BOOST_AUTO_TEST_CASE(each_filter_lets_through_what_it_names) {
  put_incident("a", 1);
  put_incident("b", 2, State::resolved);
  put_incident("c", 3, State::monitoring, "openai");
  auto maintenance = update_of("u", State::scheduled, 4);
  maintenance.kind = status::Kind::maintenance;
  maintenance.impact = status::Impact::maintenance;
  maintenance.incident_id = "d";
  put(maintenance);
  BOOST_TEST(ids(reader.incidents({.provider = "openai"})) == Ids{"c"});
  BOOST_TEST(ids(reader.incidents({.kind = "maintenance"})) == Ids{"d"});
  BOOST_TEST(ids(reader.incidents({.status = "resolved"})) == Ids{"b"});
  BOOST_TEST(ids(reader.incidents({.impact = "major"})) == (Ids{"c", "b", "a"}));
  BOOST_TEST(ids(reader.incidents({.active = true})) == (Ids{"d", "c", "a"}));
  BOOST_TEST(ids(reader.incidents({.active = false})) == Ids{"b"});
  BOOST_TEST(ids(reader.incidents({.provider = "github", .active = true})) == (Ids{"d", "a"}));
  BOOST_TEST(ids(reader.incidents({.provider = "nobody"})) == Ids{});
}

BOOST_AUTO_TEST_CASE(updates_of_an_incident_are_newest_first) {
  put(update_of("u2", State::monitoring, 10));
  put(update_of("u1", State::investigating, 0));
  put(update_of("u3", State::resolved, 20));
  const IncidentDetail found = detail();
  BOOST_TEST(update_ids() == (Ids{"u3", "u2", "u1"}));
  BOOST_TEST(found.updates[2].seq == 2);
  BOOST_TEST(found.updates[2].status == "investigating");
}

BOOST_AUTO_TEST_CASE(an_incident_that_is_not_there_is_none) {
  put_incident("a", 1);
  BOOST_CHECK(!reader.incident("github", "b", ""));
  BOOST_CHECK(!reader.incident("openai", "a", ""));
  BOOST_CHECK(!reader.incident("github", "a", "maintenance"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::store
