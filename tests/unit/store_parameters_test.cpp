// The parameters of /incidents: what is taken, and what a client is told otherwise.
#include "store/api/parameters.h"

#include <boost/test/unit_test.hpp>

namespace monitor::store {
namespace {

using Parameters = std::vector<std::pair<std::string, std::string>>;

std::optional<IncidentQuery> query_of(Parameters parameters, std::string& problem) {
  http::Request request;
  request.parameters = std::move(parameters);
  return incident_query(request, problem);
}

IncidentQuery good(Parameters parameters) {
  std::string problem;
  return query_of(std::move(parameters), problem).value();
}

std::string problem_of(Parameters parameters) {
  std::string problem;
  BOOST_CHECK(!query_of(std::move(parameters), problem));
  return problem;
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

BOOST_AUTO_TEST_SUITE(QuerySuite)

BOOST_AUTO_TEST_CASE(without_parameters_it_is_the_first_fifty_of_all) {
  const IncidentQuery query = good({});
  BOOST_TEST(query.limit == 50);
  BOOST_CHECK(!query.after);
  BOOST_CHECK(!query.active);
}

BOOST_AUTO_TEST_CASE(every_parameter_is_taken) {
  const IncidentQuery query = good({{"limit", "500"},
                                    {"cursor", to_cursor({123, 45})},
                                    {"provider", "github"},
                                    {"kind", "maintenance"},
                                    {"status", "in_progress"},
                                    {"impact", "critical"},
                                    {"active", "0"},
                                    {"token", "whatever"}});
  BOOST_TEST(query.limit == 500);
  BOOST_TEST(query.after->at == 123);
  BOOST_TEST(query.after->row == 45);
  BOOST_TEST(query.provider == "github");
  BOOST_TEST(query.kind == "maintenance");
  BOOST_TEST(query.status == "in_progress");
  BOOST_TEST(query.impact == "critical");
  BOOST_TEST(*query.active == false);
}

BOOST_AUTO_TEST_CASE(a_bad_value_is_refused_with_the_parameter_and_what_it_takes) {
  for (const char* bad : {"0", "501", "-1", "", "ten", "5x", "99999999999"}) {
    const std::string problem = problem_of({{"limit", bad}});
    BOOST_TEST(holds(problem, "limit"));
    BOOST_TEST(holds(problem, "from 1 to 500"));
  }
  BOOST_TEST(holds(problem_of({{"kind", "outage"}}), "incident, maintenance or component"));
  BOOST_TEST(holds(problem_of({{"status", "Resolved"}}), "resolved"));
  BOOST_TEST(holds(problem_of({{"impact", "bad"}}), "minor"));
  BOOST_TEST(holds(problem_of({{"active", "yes"}}), "1 "));
  BOOST_TEST(holds(problem_of({{"provider", ""}}), "slug"));
}

BOOST_AUTO_TEST_CASE(a_cursor_that_is_not_ours_is_refused) {
  for (const char* bad : {"", "-", "1", "1-", "-1", "1-2-3", "1-2x", "zz-1", "1 -2"}) {
    BOOST_TEST_CONTEXT(bad) { BOOST_TEST(holds(problem_of({{"cursor", bad}}), "cursor")); }
  }
}

BOOST_AUTO_TEST_CASE(an_unknown_or_repeated_parameter_is_refused) {
  BOOST_TEST(holds(problem_of({{"colour", "red"}}), "colour"));
  BOOST_TEST(holds(problem_of({{"colour", "red"}}), "impact"));
  BOOST_TEST(holds(problem_of({{"limit", "1"}, {"limit", "2"}}), "once"));
}

BOOST_AUTO_TEST_CASE(one_incident_takes_a_kind_and_nothing_else) {
  http::Request request;
  std::string problem;
  BOOST_TEST(one_incident_query(request, "github/a/b", problem).value().id == "a/b");
  request.parameters = {{"kind", "component"}};
  BOOST_TEST(one_incident_query(request, "github/a", problem).value().kind == "component");
  for (const char* name : {"limit", "id"}) {
    request.parameters = {{name, "1"}};
    BOOST_CHECK(!one_incident_query(request, "github/a", problem));
    BOOST_TEST(holds(problem, name));
  }
}

BOOST_AUTO_TEST_CASE(without_an_id_in_its_path_one_incident_takes_it_as_a_parameter) {
  http::Request request;
  std::string problem;
  request.parameters = {{"id", "../b"}, {"kind", "incident"}};
  const auto query = one_incident_query(request, "github", problem).value();
  BOOST_TEST(query.provider == "github");
  BOOST_TEST(query.id == "../b");
  BOOST_TEST(query.kind == "incident");
  request.parameters = {};
  BOOST_CHECK(!one_incident_query(request, "github", problem));
  BOOST_TEST(holds(problem, "id"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::store
