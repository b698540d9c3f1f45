#include <string>

#include "lib/status/format.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/status_reading.h"

using namespace monitor;
using namespace monitor::status;

namespace {

Reading read_aws(const std::string& body) { return tests::read_at("auto", body); }

StatusUpdate read_one(const std::string& body) { return tests::only_update("auto", body); }

StatusUpdate read_file(const std::string& name) {
  return read_one(tests::read_file(tests::source_root() / ("tests/data/aws/" + name + ".json")));
}

std::string health(const std::string& detail, const std::string& more = "") {
  return R"({"detail-type":"AWS Health Event","source":"aws.health","account":"111122223333",
      "time":"2026-04-14T09:02:10Z","region":"us-west-2",)" +
         more + R"("detail":{"eventArn":"arn:x","service":"SQS",
      "eventTypeCode":"AWS_SQS_OPERATIONAL_ISSUE",)" +
         detail + "}}";
}

std::string issue(const std::string& communication, const std::string& more = "") {
  return health(R"("eventTypeCategory":"issue","lastUpdatedTime":"Tue, 14 Apr 2026 09:01:50 GMT",
      "communicationId":")" +
                communication + "\"" + more);
}

std::string change(const std::string& status, const std::string& times) {
  return health(R"("eventTypeCategory":"scheduledChange","statusCode":")" + status + "\"" + times);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(aws_format)

BOOST_AUTO_TEST_CASE(pages_and_copies_of_one_communication_are_one_update) {
  BOOST_TEST(read_file("health-issue-open").key() ==
             read_file("health-issue-open-page-2-through-another-region").key());
  const std::string first = read_one(issue("c4-1", R"(,"page":"1")")).key();
  BOOST_TEST(read_one(issue("c4-12", R"(,"page":"12")")).key() == first);
  BOOST_TEST(read_one(issue("c5-1", R"(,"page":"1")")).key() != first);
  BOOST_TEST(read_one(issue("c4-1", R"(,"page":"1","statusCode":"closed")")).key() != first);
}

BOOST_AUTO_TEST_CASE(what_is_public_is_one_update_for_all_accounts) {
  const std::string ours = R"(,"affectedAccount":"111122223333","eventScopeCode":)";
  const std::string theirs = R"(,"affectedAccount":"444455556666","eventScopeCode":)";
  BOOST_TEST(read_one(issue("c", ours + R"("PUBLIC")")).key() ==
             read_one(issue("c", theirs + R"("PUBLIC")")).key());
  BOOST_TEST(read_one(issue("c", ours + R"("ACCOUNT_SPECIFIC")")).key() !=
             read_one(issue("c", theirs + R"("ACCOUNT_SPECIFIC")")).key());
}

BOOST_AUTO_TEST_CASE(without_a_communication_time_status_and_text_make_the_update) {
  const auto with = [](const std::string& time, const std::string& text) {
    return read_one(health(R"("lastUpdatedTime":")" + time +
                           R"(","eventDescription":[{"latestDescription":")" + text + R"("}])"))
        .key();
  };
  const std::string key = with("Tue, 14 Apr 2026 09:01:50 GMT", "Slow");
  BOOST_TEST(with("Tue, 14 Apr 2026 09:01:50 GMT", "Slow") == key);
  BOOST_TEST(with("Tue, 14 Apr 2026 09:31:50 GMT", "Slow") != key);
  BOOST_TEST(with("Tue, 14 Apr 2026 09:01:50 GMT", "Slower") != key);
}

BOOST_AUTO_TEST_CASE(an_issue_knows_when_it_began_and_ended) {
  const StatusUpdate open = read_file("health-issue-open");
  BOOST_TEST(open.name == "EC2 instance store drive performance degraded");
  BOOST_TEST(system::to_rfc3339_seconds(*open.created_at) == "2026-04-14T08:40:00Z");
  BOOST_TEST(!open.resolved_at);
  const StatusUpdate over = read_file("health-public-issue-closed-two-languages");
  BOOST_TEST(system::to_rfc3339_seconds(*over.resolved_at) == "2026-04-14T08:55:00Z");
}

BOOST_AUTO_TEST_CASE(a_change_has_a_window_and_its_word_goes_before_its_times) {
  const StatusUpdate update = read_file("health-change-upcoming");
  BOOST_TEST(system::to_rfc3339_seconds(*update.scheduled_for) == "2026-05-02T22:00:00Z");
  BOOST_TEST(system::to_rfc3339_seconds(*update.scheduled_until) == "2026-05-03T02:00:00Z");
  BOOST_TEST(!update.created_at);
  const std::string begun = R"(,"startTime":"Tue, 14 Apr 2026 08:00:00 GMT")";
  const std::string over = begun + R"(,"endTime":"Tue, 14 Apr 2026 09:00:00 GMT")";
  BOOST_TEST((read_one(change("", begun)).state == State::in_progress));
  BOOST_TEST((read_one(change("", over)).state == State::completed));
  BOOST_TEST((read_one(change("open", over)).state == State::in_progress));
  BOOST_TEST((read_one(change("upcoming", begun)).state == State::scheduled));
  BOOST_TEST((read_one(change("open", "")).state == State::in_progress));
  BOOST_TEST((read_one(change("", "")).state == State::scheduled));
  BOOST_TEST((read_one(change("closed", "")).state == State::completed));
}

BOOST_AUTO_TEST_CASE(an_alarm_is_the_same_by_sns_and_by_eventbridge) {
  const StatusUpdate sns = read_file("alarm-by-sns");
  BOOST_TEST(sns.key() == read_file("alarm-by-eventbridge").key());
  BOOST_TEST(system::to_rfc3339(*sns.created_at) == "2026-04-14T09:01:59.940000Z");
  const StatusUpdate over = read_file("alarm-over-raw-delivery");
  BOOST_TEST(over.incident_id == sns.incident_id);
  BOOST_TEST(over.key() != sns.key());
  BOOST_TEST(system::to_rfc3339(*over.resolved_at) == "2026-04-14T09:12:59.941000Z");
}

BOOST_AUTO_TEST_CASE(an_alarm_without_a_time_takes_that_of_the_envelope) {
  const StatusUpdate update = read_one(
      R"({"Type":"Notification","MessageId":"m","TopicArn":"arn:aws:sns:us-west-2:1:t",
      "Timestamp":"2026-04-14T09:02:11.402Z",
      "Message":"{\"AlarmName\":\"lag\",\"NewStateValue\":\"ALARM\"}"})");
  BOOST_TEST(system::to_rfc3339_seconds(update.happened_at) == "2026-04-14T09:02:11Z");
  BOOST_TEST(update.message == "lag (investigating)");
}

BOOST_AUTO_TEST_CASE(contributors_of_an_alarm_are_incidents_of_their_own) {
  const auto with = [](const std::string& contributor) {
    return read_one(R"({"AlarmName":"a","NewStateValue":"ALARM","AlarmArn":"arn:aws:a",
        "AlarmContributorId":")" +
                    contributor + "\"}")
        .incident_id;
  };
  BOOST_TEST(with("6d44") == with("6d44"));
  BOOST_TEST(with("6d44") != with("6d45"));
  BOOST_TEST(with("") == "arn:aws:a");
}

BOOST_AUTO_TEST_CASE(envelopes_with_something_else_are_left_to_be_listed) {
  for (const char* message : {"Hello", "[]", "{}", R"({\"source\":\"aws.health\"})",
                              R"({\"incident\":{\"id\":\"x\",\"name\":\"Late mail\"}})"}) {
    const std::string body = std::string(
                                 R"({"Type":"Notification","MessageId":"m",
        "TopicArn":"arn:aws:sns:us-west-2:1:t","Message":")") +
                             message + "\"}";
    BOOST_TEST(!read_aws(body).recognised, body);
  }
  BOOST_TEST(!read_aws(R"({"Type":"SubscriptionConfirmation"})").recognised);
}

BOOST_AUTO_TEST_CASE(a_code_of_any_shape_is_a_clean_name) {
  const StatusUpdate update = read_one(
      R"({"detail-type":"AWS Health Event","detail":{"eventTypeCode":"AWS_RDS__GMT_","service":"RDS"}})");
  BOOST_TEST(update.name == "RDS gmt");
}

BOOST_AUTO_TEST_SUITE_END()
