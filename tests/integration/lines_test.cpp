// A webhook in, two lines out: what the formatter prints, and how it behaves as a Unix filter.
#include <boost/test/unit_test.hpp>

#include "tests/support/bodies.h"
#include "tests/support/json.h"
#include "tests/support/pipeline.h"

namespace monitor::tests {
namespace {

BOOST_AUTO_TEST_SUITE(Lines)

BOOST_AUTO_TEST_CASE(the_example_of_the_readme_prints_exactly_its_two_lines) {
  Pipeline pipeline;
  pipeline.start_all();
  BOOST_TEST(pipeline.post(kExampleBody).status == 200);
  pipeline.formatter->wait_for_lines(Stream::out, 2);
  BOOST_TEST(pipeline.formatter->terminate() == 0);
  BOOST_TEST(pipeline.formatter->text(Stream::out) ==
             std::string(kExampleFirstLine) + '\n' + std::string(kExampleSecondLine) + '\n');
}

BOOST_AUTO_TEST_CASE(post_test_prints_a_sample_update) {
  Pipeline pipeline;
  pipeline.start_all();
  const HttpAnswer answer = pipeline.client.post(pipeline.receiver_url("/test"), "");
  BOOST_TEST(answer.status == 200);
  const auto lines = pipeline.formatter->wait_for_lines(Stream::out, 2);
  BOOST_TEST(lines[0].find("] Product: ") == 20);
  BOOST_TEST(lines[1].starts_with("Status: "));
}

BOOST_AUTO_TEST_CASE(each_post_test_prints_a_sample_of_its_own) {
  Pipeline pipeline;
  pipeline.start_all();
  for (int i = 0; i < 3; ++i) {
    BOOST_TEST(pipeline.client.post(pipeline.receiver_url("/test"), "").status == 200);
  }
  pipeline.formatter->wait_for_lines(Stream::out, 6);
}

BOOST_AUTO_TEST_CASE(the_same_update_delivered_twice_prints_once) {
  Pipeline pipeline;
  pipeline.start_all();
  pipeline.post(kExampleBody);
  pipeline.post(kExampleBody);
  pipeline.post(incident_body("last"));
  pipeline.formatter->wait_for_line(Stream::out, "Product: Test Page - API");
  BOOST_TEST(pipeline.formatter->wait_for_lines(Stream::out, 4).size() == 4);
}

BOOST_AUTO_TEST_CASE(an_unknown_shape_prints_nothing_and_is_mentioned_once_on_stderr) {
  Pipeline pipeline;
  pipeline.start_all();
  for (int i = 0; i < 3; ++i) {
    BOOST_TEST(pipeline.post(R"({"weather":"fine","temperature":21})").status == 200);
  }
  pipeline.post(kExampleBody);
  pipeline.formatter->wait_for_lines(Stream::out, 2);
  BOOST_TEST(pipeline.formatter->terminate() == 0);
  BOOST_TEST(pipeline.formatter->line_count(Stream::out) == 2);
  int mentions = 0;
  for (const std::string& line : pipeline.formatter->lines(Stream::err)) {
    mentions += line.find("temperature,weather") != std::string::npos ? 1 : 0;
  }
  BOOST_TEST(mentions == 1);
}

BOOST_AUTO_TEST_CASE(terminal_escapes_and_line_breaks_never_reach_the_terminal) {
  Pipeline pipeline;
  pipeline.start_all();
  pipeline.post(incident_body(
      "x", R"(red \u001b[31malert\u001b[0m\r\n[2026-01-01 00:00:00] Product: forged\u202e\u009b)"));
  const auto lines = pipeline.formatter->wait_for_lines(Stream::out, 2);
  BOOST_TEST(lines[1] == "Status: red [31malert[0m [2026-01-01 00:00:00] Product: forged");
}

BOOST_AUTO_TEST_CASE(json_is_one_update_a_line) {
  Pipeline pipeline;
  pipeline.receiver = pipeline.start_receiver();
  auto formatter = pipeline.start("status-formatter", {"--format", "json"});
  pipeline.post(kExampleBody);
  const Json update(formatter->wait_for_lines(Stream::out, 1)[0]);
  BOOST_TEST(update["provider_name"].text() == "OpenAI");
  BOOST_TEST(update["message"].text() == "We are investigating elevated error rates");
  BOOST_TEST(update["components"].at(0)["name"].text() == "Chat Completions API");
  BOOST_TEST(update["kind"].text() == "incident");
  BOOST_TEST(update["seq"].integer().value_or(0) == 1);
}

BOOST_AUTO_TEST_CASE(from_start_prints_what_came_before_and_live_does_not) {
  Pipeline pipeline;
  pipeline.receiver = pipeline.start_receiver();
  pipeline.post(incident_body("one", "the first"));
  auto live = pipeline.start("status-formatter", {"--state", pipeline.path("live")});
  auto all =
      pipeline.start("status-formatter", {"--from", "start", "--state", pipeline.path("all")});
  all->wait_for_line(Stream::out, "the first");
  pipeline.post(incident_body("two", "the second"));
  all->wait_for_line(Stream::out, "the second");
  live->wait_for_line(Stream::out, "the second");
  BOOST_TEST(live->line_count(Stream::out) == 2);
}

BOOST_AUTO_TEST_CASE(resume_goes_on_where_the_last_one_stopped) {
  Pipeline pipeline;
  pipeline.receiver = pipeline.start_receiver();
  auto first = pipeline.start("status-formatter", {"--from", "resume"});
  pipeline.post(incident_body("one", "the first"));
  first->wait_for_line(Stream::out, "the first");
  BOOST_TEST(first->terminate() == 0);
  pipeline.post(incident_body("two", "the second"));
  auto next = pipeline.start("status-formatter", {"--from", "resume"});
  next->wait_for_line(Stream::out, "the second");
  BOOST_TEST(next->line_count(Stream::out) == 2);
}

BOOST_AUTO_TEST_CASE(filters_choose_by_provider_kind_and_impact) {
  Pipeline pipeline;
  pipeline.receiver = pipeline.start_receiver();
  auto only =
      pipeline.start("status-formatter", {"--provider", "acme", "--state", pipeline.path("f1")});
  auto critical =
      pipeline.start("status-formatter", {"--impact", "critical", "--state", pipeline.path("f2")});
  auto maintenance =
      pipeline.start("status-formatter", {"--kind", "maintenance", "--state", pipeline.path("f3")});
  pipeline.client.post(pipeline.webhook_url("other"), incident_body("one", "from another"));
  pipeline.client.post(pipeline.webhook_url("acme"), incident_body("two", "from acme"));
  std::string bad = incident_body("three", "a critical one");
  bad.replace(bad.find("\"minor\""), 7, "\"critical\"");
  pipeline.post(bad);
  std::string work = incident_body("four", "planned work");
  work.replace(work.find("\"minor\""), 7, "\"maintenance\"");
  for (std::size_t at = 0; (at = work.find("investigating", at)) != std::string::npos;) {
    work.replace(at, 13, "scheduled");
  }
  pipeline.post(work);
  only->wait_for_line(Stream::out, "from acme");
  critical->wait_for_line(Stream::out, "a critical one");
  maintenance->wait_for_line(Stream::out, "planned work");
  for (Process* formatter : {only.get(), critical.get(), maintenance.get()}) {
    BOOST_TEST(formatter->terminate() == 0);
    BOOST_TEST(formatter->line_count(Stream::out) == 2);
  }
}

BOOST_AUTO_TEST_CASE(a_pipe_that_closes_ends_the_formatter_quietly) {
  Pipeline pipeline;
  pipeline.receiver = pipeline.start_receiver();
  NotifySocket notify(pipeline.path("notify"));
  auto shell =
      pipeline.launch("bash",
                      {"-c", "set -o pipefail; " + programs_directory() +
                                 "/status-formatter | head -n 1; echo left ${PIPESTATUS[0]}"},
                      {{"NOTIFY_SOCKET", notify.path()}});
  notify.wait_for("following");
  // The second update finds the pipe closed, if the first did not.
  pipeline.post(kExampleBody);
  shell->wait_for_line(Stream::out, "Product: OpenAI");
  int posted = 0;
  BOOST_TEST(ask_until([&] {
    pipeline.post(incident_body("n" + std::to_string(++posted)));
    return shell->line_count(Stream::out) >= 2;
  }));
  shell->wait_for_line(Stream::out, "^left 0$");
  BOOST_TEST(shell->text(Stream::err).find("fatal") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_filter_behind_it_sees_each_line_at_once) {
  Pipeline pipeline;
  pipeline.receiver = pipeline.start_receiver();
  NotifySocket notify(pipeline.path("notify"));
  auto shell = pipeline.launch(
      "bash", {"-c", programs_directory() + "/status-formatter | grep --line-buffered OpenAI"},
      {{"NOTIFY_SOCKET", notify.path()}});
  notify.wait_for("following");
  pipeline.post(incident_body("one"));
  pipeline.post(kExampleBody);
  shell->wait_for_lines(Stream::out, 1);
  BOOST_TEST(shell->lines(Stream::out)[0] == kExampleFirstLine);
}

BOOST_AUTO_TEST_CASE(stdin_takes_raw_bodies_one_a_line) {
  Pipeline pipeline;
  std::string example(kExampleBody);
  std::erase(example, '\n');
  ProcessSettings settings{.program = "status-formatter",
                           .arguments = {"--stdin"},
                           .environment = pipeline.environment(),
                           .with_input = true};
  Process formatter(settings);
  formatter.write_input(example + "\nnot json at all\n\n" + incident_body("two", "still here"));
  formatter.close_input();
  BOOST_TEST(formatter.wait() == 0);
  const auto lines = formatter.lines(Stream::out);
  BOOST_REQUIRE(lines.size() == 4);
  BOOST_TEST(lines[0] == kExampleFirstLine);
  BOOST_TEST(lines[1] == kExampleSecondLine);
  BOOST_TEST(lines[3] == "Status: still here");
}

BOOST_AUTO_TEST_CASE(stdin_prints_a_line_as_soon_as_its_body_is_there) {
  Pipeline pipeline;
  Process formatter({.program = "status-formatter",
                     .arguments = {"--stdin"},
                     .environment = pipeline.environment(),
                     .with_input = true});
  formatter.write_input(incident_body("one", "at once") + "\n");
  formatter.wait_for_line(Stream::out, "Status: at once");
  BOOST_TEST(formatter.running());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::tests
