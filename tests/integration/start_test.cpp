// How the programs start and refuse to: options, environment, configuration, exit codes, and what
// two of them may not share.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <sys/stat.h>

#include "tests/support/bodies.h"
#include "tests/support/json.h"
#include "tests/support/pipeline.h"

namespace monitor::tests {
namespace {

namespace data = boost::unit_test::data;

const std::string kPrograms[] = {"status-receiver", "status-formatter", "status-store",
                                 "status-sink-file", "status-sink-exec"};

struct Ending {
  int code;
  std::string out;
  std::string err;
};

Ending run(Pipeline& pipeline, const std::string& program, Arguments arguments,
           std::map<std::string, std::string> environment = {}) {
  auto process = pipeline.launch(program, std::move(arguments), std::move(environment));
  const int code = process->wait();
  return {code, process->text(Stream::out), process->text(Stream::err)};
}

BOOST_AUTO_TEST_SUITE(Start)

BOOST_DATA_TEST_CASE(help_and_version_are_printed_on_stdout, data::make(kPrograms), program) {
  Pipeline pipeline;
  const Ending help = run(pipeline, program, {"--help"});
  BOOST_TEST(help.code == 0);
  BOOST_TEST(help.out.find("--config") != std::string::npos);
  BOOST_TEST(help.out.find("--state") != std::string::npos);
  const Ending version = run(pipeline, program, {"--version"});
  BOOST_TEST(version.code == 0);
  BOOST_TEST(version.out.starts_with(program + " "));
}

BOOST_DATA_TEST_CASE(a_wrong_flag_is_64_and_one_line_on_stderr, data::make(kPrograms), program) {
  Pipeline pipeline;
  const Ending ending = run(pipeline, program, {"--no-such-flag"});
  BOOST_TEST(ending.code == 64);
  BOOST_TEST(ending.out.empty());
  BOOST_TEST(ending.err.starts_with(program + ": fatal: cannot "));
  BOOST_TEST(lines_of(ending.err).size() == 1);
}

BOOST_DATA_TEST_CASE(a_config_file_that_is_not_there_is_78, data::make(kPrograms), program) {
  Pipeline pipeline;
  BOOST_TEST(run(pipeline, program, {"--config", pipeline.path("nowhere.toml")}).code == 78);
}

BOOST_AUTO_TEST_CASE(wrong_values_are_64_from_a_flag_and_78_from_elsewhere) {
  Pipeline pipeline;
  BOOST_TEST(run(pipeline, "status-receiver", {"--port", "70000"}).code == 64);
  BOOST_TEST(run(pipeline, "status-receiver", {"--max-body", "much"}).code == 64);
  BOOST_TEST(run(pipeline, "status-formatter", {"--from", "yesterday"}).code == 64);
  BOOST_TEST(run(pipeline, "status-formatter", {"--format", "xml"}).code == 64);
  BOOST_TEST(run(pipeline, "status-sink-file", {}).code == 64);
  BOOST_TEST(run(pipeline, "status-sink-exec", {}).code == 64);
  BOOST_TEST(run(pipeline, "status-receiver", {}, {{"STATUS_RECEIVER_PORT", "many"}}).code == 78);
  BOOST_TEST(run(pipeline, "status-receiver", {}, {{"PORT", "http"}}).code == 78);
  write_file(pipeline.path("bad.toml"), "port = [\n");
  BOOST_TEST(run(pipeline, "status-receiver", {"--config", pipeline.path("bad.toml")}).code == 78);
  BOOST_TEST(
      run(pipeline, "status-receiver", {"--port", "0", "--token-file", pipeline.path("none")})
          .code == 78);
  BOOST_TEST(run(pipeline, "status-receiver", {"--port", "0", "--providers", pipeline.path("none")})
                 .code == 78);
}

BOOST_AUTO_TEST_CASE(a_public_address_without_token_is_refused) {
  Pipeline pipeline;
  const Ending ending = run(pipeline, "status-receiver", {"--port", "0", "--host", "0.0.0.0"});
  BOOST_TEST(ending.code == 78);
  BOOST_TEST(ending.err.find("--token-file") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_public_address_with_token_or_on_demand_is_served) {
  Pipeline pipeline;
  write_file(pipeline.path("token"), "s3cret-s3cret-s3cret\n");
  ::chmod(pipeline.path("token").c_str(), 0600);
  auto open = pipeline.start_receiver({"--host", "0.0.0.0", "--allow-unauthenticated"});
  BOOST_TEST(pipeline.post(kExampleBody).status == 200);
  BOOST_TEST(pipeline.client.post(pipeline.receiver_url("/test"), "").status >= 400);
  BOOST_TEST(open->terminate() == 0);
  auto closed =
      pipeline.start_receiver({"--host", "0.0.0.0", "--token-file", pipeline.path("token")});
  BOOST_TEST(pipeline.post(kExampleBody).status == 401);
  BOOST_TEST(
      pipeline.client.post(pipeline.webhook_url() + "?token=s3cret-s3cret-s3cret", kExampleBody)
          .status == 200);
}

BOOST_AUTO_TEST_CASE(an_empty_token_file_is_refused) {
  Pipeline pipeline;
  write_file(pipeline.path("token"), "\n");
  ::chmod(pipeline.path("token").c_str(), 0600);
  BOOST_TEST(
      run(pipeline, "status-receiver", {"--port", "0", "--token-file", pipeline.path("token")})
          .code == 78);
}

BOOST_AUTO_TEST_CASE(the_port_comes_from_the_flag_then_the_variables_then_the_file) {
  Pipeline pipeline;
  write_file(pipeline.path("receiver.toml"), "port = 1\n");
  const Arguments config{"--config", pipeline.path("receiver.toml")};
  // Port 1 and 2 are privileged or taken nowhere: what matters is which one is named.
  auto by_variable = pipeline.launch("status-receiver", config, {{"PORT", "0"}});
  BOOST_TEST(wait_for_port(*by_variable) > 1024);
  BOOST_TEST(by_variable->terminate() == 0);
  auto by_own =
      pipeline.launch("status-receiver", config, {{"PORT", "2"}, {"STATUS_RECEIVER_PORT", "0"}});
  BOOST_TEST(wait_for_port(*by_own) > 1024);
  BOOST_TEST(by_own->terminate() == 0);
  auto by_flag = pipeline.launch("status-receiver", {"--port", "0"},
                                 {{"PORT", "2"}, {"STATUS_RECEIVER_PORT", "3"}});
  BOOST_TEST(wait_for_port(*by_flag) > 1024);
}

BOOST_AUTO_TEST_CASE(the_config_file_is_read) {
  Pipeline pipeline;
  write_file(pipeline.path("receiver.toml"), "port = 0\nmax-body = \"1KiB\"\n");
  auto receiver = pipeline.launch("status-receiver", {"--config", pipeline.path("receiver.toml")});
  const std::string url =
      "http://127.0.0.1:" + std::to_string(wait_for_port(*receiver)) + "/webhook/statuspage";
  BOOST_TEST(pipeline.client.post(url, incident_body("a", "m", 2000)).status == 413);
  BOOST_TEST(pipeline.client.post(url, incident_body("a")).status == 200);
}

BOOST_AUTO_TEST_CASE(it_says_where_it_listens_and_which_url_to_give_to_a_provider) {
  Pipeline pipeline;
  auto receiver = pipeline.start_receiver();
  receiver->wait_for_line(Stream::err, "/webhook/statuspage");
  receiver->wait_for_line(Stream::err, pipeline.receiver_url());
}

BOOST_AUTO_TEST_CASE(a_second_receiver_on_the_same_state_is_refused) {
  Pipeline pipeline;
  auto first = pipeline.start_receiver();
  const Ending second = run(pipeline, "status-receiver", {"--port", "0"});
  BOOST_TEST((second.code == 1 || second.code == 78));
  BOOST_TEST(second.err.find("another process") != std::string::npos);
  BOOST_TEST(pipeline.post(kExampleBody).status == 200);
}

BOOST_AUTO_TEST_CASE(a_second_receiver_on_the_same_feed_is_refused) {
  Pipeline pipeline;
  auto first = pipeline.start_receiver();
  const Ending second =
      run(pipeline, "status-receiver", {"--port", "0", "--state", pipeline.path("other")});
  BOOST_TEST((second.code == 1 || second.code == 78));
  auto formatter = pipeline.start("status-formatter");
  BOOST_TEST(pipeline.post(kExampleBody).status == 200);
  formatter->wait_for_lines(Stream::out, 2);
}

BOOST_AUTO_TEST_CASE(a_port_that_is_taken_is_1_and_named) {
  Pipeline pipeline;
  auto first = pipeline.start_receiver();
  const std::string port = std::to_string(pipeline.receiver_port());
  const Ending second = run(pipeline, "status-store", {"--port", port});
  BOOST_TEST(second.code == 1);
  BOOST_TEST(second.err.find(port) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_receiver_that_was_killed_leaves_nothing_that_hinders_the_next) {
  Pipeline pipeline;
  auto first = pipeline.start_receiver();
  pipeline.post(kExampleBody);
  first->kill();
  auto second = pipeline.start_receiver();
  const HttpAnswer answer = pipeline.post(incident_body("next"));
  BOOST_TEST(Json(answer.body)["seq"].integer().value_or(0) == 2);
}

BOOST_AUTO_TEST_CASE(subscribers_may_start_before_the_receiver) {
  Pipeline pipeline;
  auto formatter = pipeline.launch("status-formatter", {"--from", "start"});
  auto store = pipeline.start_store();
  pipeline.receiver = pipeline.start_receiver();
  pipeline.post(kExampleBody);
  formatter->wait_for_lines(Stream::out, 2);
  BOOST_TEST(ask_until([&] {
    return Json(pipeline.client.get(pipeline.store_url("/health")).body)["incidents_tracked"]
               .integer() == 1;
  }));
}

BOOST_AUTO_TEST_CASE(state_and_sockets_are_for_their_owner_only) {
  Pipeline pipeline;
  pipeline.start_all();
  const auto closed_to_others = [](const std::string& path) {
    struct stat st {};
    return ::stat(path.c_str(), &st) == 0 && (st.st_mode & 077) == 0;
  };
  BOOST_TEST(closed_to_others(pipeline.path("runtime/status-monitor")));
  BOOST_TEST(closed_to_others(pipeline.receiver_state()));
}

BOOST_DATA_TEST_CASE(term_ends_each_program_with_0_although_nobody_is_there,
                     data::make(std::vector<std::string>{"status-formatter", "status-store"}),
                     program) {
  Pipeline pipeline;
  NotifySocket notify(pipeline.path("notify"));
  auto process =
      pipeline.launch(program, program == "status-store" ? Arguments{"--port", "0"} : Arguments{},
                      {{"NOTIFY_SOCKET", notify.path()}});
  notify.wait_for("READY=1");
  BOOST_TEST(process->terminate() == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::tests
