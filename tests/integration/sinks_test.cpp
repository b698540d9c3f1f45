// The sinks: what the exit code of a command means, what a file sink does on HUP, and that a
// stopped sink hurts only itself.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <csignal>

#include "lib/storage/database.h"
#include "tests/support/bodies.h"
#include "tests/support/json.h"
#include "tests/support/pipeline.h"
#include "tests/support/senders.h"

namespace monitor::tests {
namespace {

struct World {
  World() { pipeline.receiver = pipeline.start_receiver(); }

  // A command for status-sink-exec: `body` is a shell script with the update's JSON in $update and
  // its message in $message.
  std::string command(const std::string& body) {
    const std::string file = pipeline.path("command");
    write_file(file,
               "#!/bin/"
               "bash\nupdate=$(cat)\nmessage=${update#*\\\"message\\\":\\\"}\nmessage=${message%%"
               "\\\"*}\n" +
                   fmt::format("cd '{}'\n", pipeline.path("")) + body);
    make_executable(file);
    return file;
  }
  std::string sink_state(const std::string& name) const {
    return pipeline.path("state/status-monitor/status-sink-" + name + "/sink.db");
  }
  std::string file(const std::string& name) const { return pipeline.path(name); }
  bool file_has(const std::string& name, const std::vector<std::string>& lines) {
    return ask_until([&] { return lines_of_file(file(name)) == lines; });
  }
  void post(const std::string& id) {
    BOOST_TEST(pipeline.post(incident_body(id, "message " + id)).status == 200);
  }

  Pipeline pipeline;
};

BOOST_AUTO_TEST_SUITE(Sinks)

BOOST_AUTO_TEST_CASE(exec_gives_json_on_stdin_and_0_is_delivered) {
  World world;
  auto sink =
      world.pipeline.start("status-sink-exec", {"--", world.command("echo \"$update\" >> got")});
  BOOST_TEST(world.pipeline.post(kExampleBody).status == 200);
  BOOST_TEST(ask_until([&] { return lines_of_file(world.file("got")).size() == 1; }));
  const Json update(lines_of_file(world.file("got"))[0]);
  BOOST_TEST(update["provider_name"].text() == "OpenAI");
  BOOST_TEST(update["message"].text() == "We are investigating elevated error rates");
  BOOST_TEST(sink->terminate() == 0);
}

BOOST_AUTO_TEST_CASE(exec_75_is_tried_again_until_it_is_delivered_and_nothing_overtakes_it) {
  World world;
  auto sink = world.pipeline.start(
      "status-sink-exec",
      {"--",
       world.command(
           "echo x >> tries\n[ $(wc -l < tries) -ge 3 ] || exit 75\necho \"$message\" >> got")});
  world.post("a");
  world.post("b");
  BOOST_TEST(world.file_has("got", {"message a", "message b"}));
  BOOST_TEST(lines_of_file(world.file("tries")).size() == 4);
}

BOOST_AUTO_TEST_CASE(exec_any_other_code_is_rejected_and_kept_with_its_reason) {
  World world;
  auto sink = world.pipeline.start(
      "status-sink-exec",
      {"--", world.command("echo \"$message\" >> tries\n[ \"$message\" != 'message a' ] || { echo "
                           "no such room >&2; exit 3; }\n"
                           "echo \"$message\" >> got")});
  world.post("a");
  world.post("b");
  BOOST_TEST(world.file_has("got", {"message b"}));
  BOOST_TEST(world.file_has("tries", {"message a", "message b"}));
  BOOST_TEST(sink->terminate() == 0);
  const auto database =
      storage::Database::open(world.sink_state("exec"), storage::Database::Mode::read_only);
  auto letters = database.prepare("SELECT reason, json FROM dead_letters");
  BOOST_REQUIRE(letters.step());
  BOOST_TEST(letters.text(0).find("exited with 3") != std::string_view::npos, letters.text(0));
  BOOST_TEST(Json(std::string(letters.text(1)))["message"].text() == "message a");
  BOOST_TEST(!letters.step());
}

BOOST_AUTO_TEST_CASE(exec_without_a_cursor_starts_live_and_with_one_goes_on) {
  World world;
  world.post("before");
  const Arguments arguments{"--", world.command("echo \"$message\" >> got")};
  auto sink = world.pipeline.start("status-sink-exec", arguments);
  world.post("one");
  BOOST_TEST(world.file_has("got", {"message one"}));
  BOOST_TEST(sink->terminate() == 0);
  world.post("two");
  sink = world.pipeline.start("status-sink-exec", arguments);
  world.post("three");
  BOOST_TEST(world.file_has("got", {"message one", "message two", "message three"}));
}

BOOST_AUTO_TEST_CASE(exec_from_start_takes_everything) {
  World world;
  world.post("before");
  auto sink = world.pipeline.start(
      "status-sink-exec", {"--from", "start", "--", world.command("echo \"$message\" >> got")});
  BOOST_TEST(world.file_has("got", {"message before"}));
}

BOOST_AUTO_TEST_CASE(exec_finishes_the_delivery_under_way_when_it_is_told_to_stop) {
  World world;
  auto sink = world.pipeline.start(
      "status-sink-exec",
      {"--", world.command("echo x >> begun\nread -r _ < gate\necho \"$message\" >> got")});
  BOOST_TEST(std::system(("mkfifo " + world.file("gate")).c_str()) == 0);
  world.post("a");
  BOOST_TEST(world.file_has("begun", {"x"}));
  sink->signal(SIGTERM);
  write_file(world.file("gate"), "open\n");
  BOOST_TEST(sink->wait() == 0);
  BOOST_TEST(world.file_has("got", {"message a"}));
}

BOOST_AUTO_TEST_CASE(file_reopens_on_hup) {
  World world;
  auto sink = world.pipeline.start("status-sink-file", {"--path", world.file("out")});
  world.post("one");
  BOOST_TEST(ask_until([&] { return lines_of_file(world.file("out")).size() == 1; }));
  std::filesystem::rename(world.file("out"), world.file("out.1"));
  sink->signal(SIGHUP);
  BOOST_TEST(ask_until([&] { return std::filesystem::exists(world.file("out")); }));
  world.post("two");
  BOOST_TEST(ask_until([&] { return lines_of_file(world.file("out")).size() == 1; }));
  BOOST_TEST(lines_of_file(world.file("out.1")).size() == 1);
}

BOOST_AUTO_TEST_CASE(a_second_sink_on_the_same_state_is_refused) {
  World world;
  auto first = world.pipeline.start("status-sink-file", {"--path", world.file("out")});
  auto second = world.pipeline.launch("status-sink-file", {"--path", world.file("out2")});
  BOOST_TEST(second->wait() != 0);
  BOOST_TEST(second->text(Stream::err).find("another process") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_stopped_sink_changes_nothing_for_the_others_and_catches_up) {
  World world;
  Pipeline& pipeline = world.pipeline;
  pipeline.store = pipeline.start_store();
  pipeline.formatter = pipeline.start("status-formatter", {"--format", "json"});
  auto sink = pipeline.start("status-sink-file", {"--path", world.file("out")});
  world.post("first");
  BOOST_TEST(ask_until([&] { return lines_of_file(world.file("out")).size() == 1; }));

  sink->signal(SIGSTOP);
  // More than the 1,000 messages that wait for a subscriber on the feed.
  constexpr std::size_t kPosts = 3000;
  Senders senders(pipeline.webhook_url(), 8, 1000);
  senders.allow(kPosts);
  BOOST_TEST(senders.wait_for_accepted(kPosts));
  BOOST_TEST(senders.other_answers().empty());
  pipeline.formatter->wait_for_lines(Stream::out, kPosts + 1);
  BOOST_TEST(ask_until([&] {
    const Json health(pipeline.client.get(pipeline.store_url("/health")).body);
    return health["total_updates"].integer() == static_cast<std::int64_t>(kPosts + 1);
  }));
  BOOST_TEST(lines_of_file(world.file("out")).size() == 1);

  sink->signal(SIGCONT);
  BOOST_TEST(ask_until([&] { return lines_of_file(world.file("out")).size() >= kPosts + 1; }));
  std::int64_t seq = 0;
  for (const std::string& line : lines_of_file(world.file("out"))) {
    BOOST_REQUIRE(Json(line)["seq"].integer().value_or(0) == ++seq);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::tests
