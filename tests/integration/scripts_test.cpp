// The scripts as people call them: `make run` with Ctrl-C, samples, the check of includes.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <regex>

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

// scripts/run in a world of its own.
struct Run {
  explicit Run(Pipeline& world) : pipeline(world) {
    link_programs(world);
    process = world.launch(script("run"), {},
                           {{"BUILD", world.path("build")},
                            {"RUN_DIR", world.path("run")},
                            {"STATUS_RECEIVER_PORT", "0"},
                            {"STATUS_STORE_PORT", "0"}});
    const std::string line = process->wait_for_line(Stream::err, "^run: give http://");
    receiver_url = line.substr(10, line.find("/webhook") - 10);
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
  std::string store_url;
};

BOOST_AUTO_TEST_SUITE(Scripts)

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

BOOST_AUTO_TEST_CASE(the_samples_are_understood) {
  Pipeline pipeline;
  pipeline.start_all();
  auto samples = pipeline.launch(script("send-sample"), {pipeline.webhook_url()});
  BOOST_TEST(samples->wait() == 0);
  BOOST_TEST(samples->line_count(Stream::out) == 4);
  const auto lines = pipeline.formatter->wait_for_lines(Stream::out, 8);
  BOOST_TEST(lines[0] ==
             "[2026-02-20 14:32:00] Product: Lantern Pay - Payments API, European gateway");
  BOOST_TEST(lines[3] == "Status: A bad routing rule was taken back; payments go through again.");
  BOOST_TEST(lines[6].find("Product: Quillhost - Oslo databases") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_include_that_goes_upward_is_named_with_its_line) {
  Pipeline pipeline;
  const std::filesystem::path tree = pipeline.path("tree");
  for (const char* folder : {"scripts", "lib/json", "lib/feed", "store", "receiver"}) {
    std::filesystem::create_directories(tree / folder);
  }
  std::filesystem::copy(script("check-includes"), tree / "scripts");
  write_file(tree / "lib/feed/message.h", "// A message.\n#pragma once\n#include <zmq.hpp>\n");
  write_file(tree / "receiver/intake.h",
             "// Takes in.\n#pragma once\n#include \"lib/feed/message.h\"\n");
  auto clean = pipeline.launch(tree / "scripts/check-includes");
  BOOST_TEST(clean->wait() == 0);
  write_file(tree / "lib/json/writer.h",
             "// Writes.\n#pragma once\n#include \"lib/feed/message.h\"\n");
  write_file(tree / "store/store.cpp", "#include <sqlite3.h>\n#include \"receiver/intake.h\"\n");
  auto dirty = pipeline.launch(tree / "scripts/check-includes");
  BOOST_TEST(dirty->wait() == 1);
  dirty->wait_for_line(Stream::out, "^lib/json/writer.h:3: ");
  dirty->wait_for_line(Stream::out, "^store/store.cpp:1: .*lib/storage");
  dirty->wait_for_line(Stream::out, "^store/store.cpp:2: ");
}

BOOST_AUTO_TEST_CASE(install_deps_says_nothing_when_nothing_is_missing) {
  Pipeline pipeline;
  auto install = pipeline.launch(script("install-deps"), {"build", "test"});
  BOOST_TEST(install->wait() == 0);
  BOOST_TEST(install->text(Stream::out).empty());
  BOOST_TEST(install->text(Stream::err).empty());
  auto wrong = pipeline.launch(script("install-deps"), {"everything"});
  BOOST_TEST(wrong->wait() == 64);
}

// What man complains of, and every option of --help.
BOOST_AUTO_TEST_CASE(each_program_has_a_manual_page_without_a_fault) {
  const Pipeline world;
  const auto check = [](const std::string& page) {
    Process man({.program = "man",
                 .arguments = {"--warnings", "-l", page},
                 .environment = {{"MANWIDTH", "80"}, {"LC_ALL", "C.UTF-8"}}});
    BOOST_TEST(man.wait() == 0);
    BOOST_TEST(man.text(Stream::err) == "", page);
    BOOST_TEST(man.text(Stream::out).find("SEE ALSO") != std::string::npos);
    return man.text(Stream::out);
  };
  check(source_root() / "systemd/status-monitor.7");
  int pages = 0;
  for (const auto& entry : std::filesystem::directory_iterator(programs_directory())) {
    const std::string name = entry.path().filename();
    if (!name.starts_with("status-")) {
      continue;
    }
    ++pages;
    Process make({.program = script("make-man"), .arguments = {entry.path()}});
    BOOST_TEST(make.wait() == 0);
    const std::string page = world.path(name + ".1");
    write_file(page, make.text(Stream::out));
    const std::string text = check(page);
    BOOST_TEST(text.find(name + " - ") != std::string::npos);
    BOOST_TEST(text.find("--config FILE") != std::string::npos);
  }
  BOOST_TEST(pages >= 15);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::tests
