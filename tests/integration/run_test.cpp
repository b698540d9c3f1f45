// scripts/run: `make run` with Ctrl-C, and what a container asks of it besides: sinks, tokens,
// ends.
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <map>

#include "tests/support/bodies.h"
#include "tests/support/json.h"
#include "tests/support/pipeline.h"

namespace monitor::tests {
namespace {

std::string script(const std::string& name) { return source_root() / "scripts" / name; }

// Makes "build" in this world hold the programs under test, wherever they were built.
std::string link_programs(const Pipeline& world) {
  if (std::filesystem::create_directory(world.path("build"))) {
    std::filesystem::create_symlink(programs_directory(), world.path("build/bin"));
  }
  return world.path("build");
}

using Environment = std::map<std::string, std::string>;

std::unique_ptr<Process> launch(Pipeline& world, Environment environment) {
  environment.merge(Environment{{"BUILD", link_programs(world)},
                                {"RUN_DIR", world.path("run")},
                                {"STATUS_RECEIVER_PORT", "0"},
                                {"STATUS_STORE_PORT", "0"}});
  return world.launch(script("run"), {}, environment);
}

// Puts a program in the place of one of ours; the others stay.
void replace_program(const Pipeline& world, const std::string& name, const std::string& text) {
  std::filesystem::create_directories(world.path("build/bin"));
  for (const auto& entry : std::filesystem::directory_iterator(programs_directory())) {
    if (entry.path().filename() != name) {
      std::filesystem::create_symlink(entry.path(),
                                      world.path("build/bin/" + entry.path().filename().string()));
    }
  }
  write_file(world.path("build/bin/" + name), text);
  std::filesystem::permissions(world.path("build/bin/" + name), std::filesystem::perms::owner_all);
}

// scripts/run in a world of its own.
struct Run {
  explicit Run(Pipeline& world, Environment environment = {})
      : pipeline(world), process(launch(world, std::move(environment))) {
    const std::string line = process->wait_for_line(Stream::err, "^run: give http://");
    receiver_url = line.substr(10, line.find("/webhook") - 10);
    const std::size_t query = line.find('?');
    token = query == std::string::npos ? "" : line.substr(query, line.find(' ', query) - query);
    const std::string look = process->wait_for_line(Stream::err, "^run: look at http://");
    store_url = look.substr(13, look.find("/ ") - 13);
  }

  // Programs whose state is in this world, as seen in /proc.
  std::vector<std::string> alive() const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      std::error_code gone;
      if (!std::filesystem::exists(entry.path() / "cmdline", gone)) {
        continue;
      }
      std::string words;
      try {
        words = read_file(entry.path() / "cmdline");
      } catch (const std::runtime_error&) {
        continue;  // it ended just now
      }
      if (words.find(pipeline.path("run/")) != std::string::npos) {
        found.push_back(words.c_str());
      }
    }
    return found;
  }
  void check_nothing_is_left() const {
    BOOST_TEST(ask_until([&] { return alive().empty(); }));
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(pipeline.path("runtime"))) {
      BOOST_TEST(!entry.is_socket(), entry.path());
    }
  }
  pid_t pid_of(const std::string& name) const {
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      std::error_code gone;
      const auto target = std::filesystem::read_symlink(entry.path() / "exe", gone);
      if (!gone && target.filename() == name) {
        const std::string words = read_file(entry.path() / "cmdline");
        if (words.find(pipeline.path("run/")) != std::string::npos) {
          return std::stoi(entry.path().filename());
        }
      }
    }
    return -1;
  }

  Pipeline& pipeline;
  std::unique_ptr<Process> process;
  std::string receiver_url;
  std::string token;  // as it stands behind the URL
  std::string store_url;
};

BOOST_AUTO_TEST_SUITE(RunScript)

BOOST_AUTO_TEST_CASE(run_shows_the_lines_and_ctrl_c_leaves_nothing_behind) {
  Pipeline pipeline;
  Run run(pipeline);
  BOOST_TEST(pipeline.client.post(run.receiver_url + "/test", "").status == 200);
  run.process->wait_for_line(Stream::out, "^Status: ");
  BOOST_TEST(pipeline.client.get(run.store_url + "/").status == 200);
  run.process->signal_group(SIGINT);
  BOOST_TEST(run.process->wait() == 0);
  run.check_nothing_is_left();
}

BOOST_AUTO_TEST_CASE(a_formatter_in_a_second_terminal_finds_it_without_flags) {
  Pipeline pipeline;
  Run run(pipeline);
  auto second = pipeline.start("status-formatter");
  BOOST_TEST(pipeline.client.post(run.receiver_url + "/webhook/statuspage", kExampleBody).status ==
             200);
  second->wait_for_line(Stream::out, "Product: OpenAI");
}

BOOST_AUTO_TEST_CASE(a_second_run_goes_on_with_the_state_of_the_first) {
  Pipeline pipeline;
  {
    Run first(pipeline);
    BOOST_TEST(
        pipeline.client.post(first.receiver_url + "/webhook/statuspage", kExampleBody).status ==
        200);
    first.process->wait_for_lines(Stream::out, 2);
    BOOST_TEST(ask_until([&] {
      return Json(pipeline.client.get(first.store_url + "/health").body)["total_updates"]
                 .integer() == 1;
    }));
    BOOST_TEST(first.process->terminate() == 0);
    first.check_nothing_is_left();
  }
  Run second(pipeline);
  const HttpAnswer answer =
      pipeline.client.post(second.receiver_url + "/webhook/statuspage", incident_body("next"));
  BOOST_TEST(Json(answer.body)["seq"].integer().value_or(0) == 2);
  BOOST_TEST(second.process->wait_for_lines(Stream::out, 2)[0].find("Test Page") !=
             std::string::npos);
  BOOST_TEST(ask_until([&] {
    return Json(pipeline.client.get(second.store_url + "/health").body)["total_updates"]
               .integer() == 2;
  }));
}

BOOST_AUTO_TEST_CASE(when_one_program_ends_the_others_are_stopped_and_it_is_named) {
  Pipeline pipeline;
  Run run(pipeline);
  const pid_t store = run.pid_of("status-store");
  BOOST_REQUIRE(store > 0);
  ::kill(store, SIGKILL);
  BOOST_TEST(run.process->wait() == 128 + SIGKILL);
  run.process->wait_for_line(Stream::err, "^run: status-store ended by itself");
  run.check_nothing_is_left();
}

BOOST_AUTO_TEST_CASE(a_port_that_is_taken_ends_it_with_the_reason) {
  Pipeline pipeline;
  pipeline.receiver = pipeline.start_receiver();
  auto run = pipeline.launch(script("run"), {},
                             {{"BUILD", link_programs(pipeline)},
                              {"RUN_DIR", pipeline.path("run")},
                              {"XDG_RUNTIME_DIR", pipeline.path("elsewhere")},
                              {"STATUS_RECEIVER_PORT", std::to_string(pipeline.receiver_port())}});
  BOOST_TEST(run->wait() == 1);
  run->wait_for_line(Stream::err, "status-receiver: fatal: cannot ");
}

BOOST_AUTO_TEST_CASE(a_program_that_is_killed_at_once_ends_it_too) {
  Pipeline pipeline;
  replace_program(pipeline, "status-formatter", "#!/bin/sh\nkill -KILL $$\n");
  auto run = launch(pipeline, {});
  BOOST_TEST(run->wait() == 128 + SIGKILL);
  run->wait_for_line(Stream::err, "^run: status-formatter ended by itself \\(137\\)");
}

BOOST_AUTO_TEST_CASE(a_second_term_reaches_who_does_not_leave_at_the_first) {
  Pipeline pipeline;
  replace_program(pipeline, "status-formatter",
                  "#!/bin/bash\n"
                  "trap 'echo told >&2; [ -z \"$once\" ] || exit 0; once=1' TERM\n"
                  "while :; do sleep 0.1; done\n");
  Run run(pipeline);
  run.process->signal(SIGTERM);
  run.process->wait_for_line(Stream::err, "^told$");
  run.process->signal(SIGTERM);
  BOOST_TEST(run.process->wait() == 0);
  run.check_nothing_is_left();
}

BOOST_AUTO_TEST_CASE(sinks_are_named_in_the_environment_or_by_their_files) {
  Pipeline pipeline;
  std::filesystem::create_directories(pipeline.path("etc/sinks"));
  const auto configure = [&](const std::string& file, const std::string& output) {
    write_file(pipeline.path("etc/sinks/" + file), "path = \"" + pipeline.path(output) + "\"\n");
  };
  configure("file@second.toml", "second");
  configure("third.toml", "third");
  configure("nobody.toml", "nobody");
  Run run(pipeline, {{"CONFIG_DIR", pipeline.path("etc")},
                     {"STATUS_SINKS", "file file@third"},
                     {"STATUS_SINK_FILE_FROM", "start"},
                     {"STATUS_SINK_FILE_PATH", pipeline.path("first")}});
  run.process->wait_for_line(Stream::err, "^run: warning: .*/sinks/nobody.toml is not started");
  BOOST_TEST(pipeline.client.post(run.receiver_url + "/test", "").status == 200);
  // The environment beats the files: all three write there, each with a cursor of its own.
  BOOST_TEST(ask_until([&] {
    return std::filesystem::exists(pipeline.path("first")) &&
           lines_of(read_file(pipeline.path("first"))).size() == 3;
  }));
  for (const char* state : {"sink-file", "sink-file@second", "sink-file@third"}) {
    BOOST_TEST(std::filesystem::exists(pipeline.path("run") + "/" + state + "/sink.db"), state);
  }
  BOOST_TEST(run.process->terminate() == 0);
  run.check_nothing_is_left();
}

BOOST_AUTO_TEST_CASE(a_sink_that_is_killed_starts_again_and_hurts_nobody) {
  Pipeline pipeline;
  Run run(pipeline, {{"STATUS_SINKS", "file"},
                     {"STATUS_SINK_FILE_FROM", "start"},
                     {"STATUS_SINK_FILE_PATH", pipeline.path("lines")}});
  pid_t sink = 0;
  BOOST_REQUIRE(ask_until([&] { return (sink = run.pid_of("status-sink-file")) > 0; }));
  ::kill(sink, SIGKILL);
  run.process->wait_for_line(Stream::err, "^run: status-sink-file ended by itself .*137.*again");
  BOOST_TEST(pipeline.client.post(run.receiver_url + "/test", "").status == 200);
  BOOST_TEST(ask_until([&] { return std::filesystem::exists(pipeline.path("lines")); }));
  BOOST_TEST(run.process->terminate() == 0);
}

BOOST_AUTO_TEST_CASE(a_sink_that_is_set_up_wrongly_ends_it) {
  Pipeline pipeline;
  auto unknown = launch(pipeline, {{"STATUS_SINKS", "carrier-pigeon"}});
  BOOST_TEST(unknown->wait() == 78);
  unknown->wait_for_line(Stream::err,
                         "there is no status-sink-carrier-pigeon: .* KIND one of .*slack");
  auto nowhere = launch(pipeline, {{"STATUS_SINKS", "webhook@ops"}});
  BOOST_TEST(nowhere->wait() == 78);
  nowhere->wait_for_line(Stream::err, "there is no .*/sinks/ops.toml");
  auto wrong = launch(pipeline, {{"STATUS_SINKS", "webhook"}, {"STATUS_SINK_WEBHOOK_URL", "ftp:"}});
  BOOST_TEST(wrong->wait() == 78);
  wrong->wait_for_line(Stream::err, "^run: status-sink-webhook ended by itself \\(78\\)");
}

BOOST_AUTO_TEST_CASE(beyond_loopback_a_token_is_made_once_and_told_at_every_start) {
  Pipeline pipeline;
  std::string token;
  for (int start = 0; start < 2; ++start) {
    Run run(pipeline, {{"STATUS_RECEIVER_HOST", "0.0.0.0"}, {"STATUS_STORE_HOST", "0.0.0.0"}});
    BOOST_TEST(run.token.size() == std::string("?token=").size() + 48);
    BOOST_TEST((token.empty() || token == run.token));
    token = run.token;
    const std::string webhook = run.receiver_url + "/webhook/statuspage";
    BOOST_TEST(pipeline.client.post(webhook + token, kExampleBody).status == 200);
    BOOST_TEST(pipeline.client.post(webhook + token + "0", kExampleBody).status == 401);
    BOOST_TEST(pipeline.client.post(webhook, kExampleBody).status == 401);
    BOOST_TEST(pipeline.client.get(run.store_url + "/incidents").status == 401);
    BOOST_TEST(pipeline.client.get(run.store_url + "/incidents" + token).status == 200);
    BOOST_TEST(run.process->terminate() == 0);
  }
  struct stat kept {};
  BOOST_REQUIRE(::stat(pipeline.path("run/token").c_str(), &kept) == 0);
  BOOST_TEST((kept.st_mode & 0777) == 0600u);
}

BOOST_AUTO_TEST_CASE(a_token_of_the_environment_is_neither_told_nor_handed_on) {
  Pipeline pipeline;
  const std::string secret = "taken-from-the-environment";
  Run run(pipeline, {{"STATUS_RECEIVER_HOST", "0.0.0.0"},
                     {"STATUS_TOKEN", secret},
                     {"TMPDIR", pipeline.path("")},
                     {"STATUS_STORE_HOST", "0.0.0.0"}});
  BOOST_TEST(pipeline.client.post(run.receiver_url + "/test?token=" + secret, "").status == 200);
  BOOST_TEST(pipeline.client.post(run.receiver_url + "/test", "").status == 401);
  run.process->wait_for_lines(Stream::out, 2);
  for (const char* name : {"status-receiver", "status-store", "status-formatter"}) {
    const std::string pid = std::to_string(run.pid_of(name));
    BOOST_TEST(read_file("/proc/" + pid + "/environ").find(secret) == std::string::npos, name);
  }
  BOOST_TEST(!std::filesystem::exists(pipeline.path("run/token")));
  BOOST_TEST(run.process->terminate() == 0);
  BOOST_TEST(run.process->text(Stream::err).find(secret) == std::string::npos);
  for (const auto& entry : std::filesystem::directory_iterator(pipeline.path(""))) {
    BOOST_TEST(!entry.path().filename().string().starts_with("tmp."), entry.path());
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::tests
