// What is installed beside the programs and speaks of them: manual pages and completion. Both know
// what the programs know, and no more.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/test/unit_test.hpp>
#include <regex>
#include <set>

#include "tests/support/pipeline.h"

namespace monitor::tests {
namespace {

std::string script(const std::string& name) { return source_root() / "scripts" / name; }

std::vector<std::filesystem::path> programs() {
  std::vector<std::filesystem::path> found;
  for (const auto& entry : std::filesystem::directory_iterator(programs_directory())) {
    if (entry.path().filename().string().starts_with("status-")) {
      found.push_back(entry.path());
    }
  }
  BOOST_TEST(found.size() >= 15);
  return found;
}

std::string output_of(const std::string& program, const std::vector<std::string>& arguments) {
  Process process({.program = program, .arguments = arguments});
  BOOST_TEST(process.wait() == 0, process.text(Stream::err));
  return process.text(Stream::out);
}

// The page as it is read; man must have nothing to complain of.
std::string page_text(const std::string& page) {
  Process man({.program = "man",
               .arguments = {"--warnings", "-l", page},
               .environment = {{"MANWIDTH", "80"}, {"LC_ALL", "C.UTF-8"}}});
  BOOST_TEST(man.wait() == 0);
  BOOST_TEST(man.text(Stream::err) == "", page);
  BOOST_TEST(man.text(Stream::out).find("SEE ALSO") != std::string::npos);
  return man.text(Stream::out);
}

// The keys that a program knows, as it says when it is given another.
std::vector<std::string> known_keys(const std::string& program, const std::string& option,
                                    const std::string& toml, Pipeline& world) {
  write_file(world.path("wrong.toml"), toml);
  std::vector<std::string> arguments{option, world.path("wrong.toml"), "--check"};
  if (program == "status-sink-file") {
    arguments.insert(arguments.end(), {"--path", world.path("out")});
  }
  const auto process = world.launch(programs_directory() + "/" + program, arguments);
  BOOST_TEST(process->wait() == 78);
  const std::string text = process->text(Stream::err);
  const std::regex list(R"(\(known: ([^)]*)\))");
  std::smatch found;
  BOOST_REQUIRE_MESSAGE(std::regex_search(text, found, list), text);
  const std::string keys = found[1];
  const std::regex word("[a-z_]+");
  return {std::sregex_token_iterator(keys.begin(), keys.end(), word), {}};
}

// As an entry of its own or in a list of such.
void check_entry(const std::string& source, const std::string& key, const std::string& page) {
  const std::regex entry(fmt::format(R"(\.TP\n\.BR? ([a-z_]+ ", " )*(" and " )?{}\b)", key));
  BOOST_TEST(std::regex_search(source, entry), page << " says nothing of " << key);
}

// Every --option of a program's --help.
std::vector<std::string> options_of(const std::string& program) {
  const std::string help = output_of(program, {"--help"});
  const std::regex option(R"(\n  (?:-h,)?(--[a-z-]+))");
  return {std::sregex_token_iterator(help.begin(), help.end(), option, 1), {}};
}

std::set<std::string> words_of(const std::string& text) {
  const std::vector<std::string> lines = lines_of(text);
  return {lines.begin(), lines.end()};
}

using Words = std::set<std::string>;

// Completion of every program for one shell, and what that shell offers.
struct Completion {
  explicit Completion(const std::string& shell) : shell_(shell) {
    std::filesystem::create_directories(world.path("files/folder"));
    write_file(world.path("files/file.toml"), "");
    for (const std::filesystem::path& program : programs()) {
      const std::string name = program.filename();
      write_file(world.path((shell == "zsh" ? "_" : "") + name),
                 output_of(script("make-completion"), {shell, program}));
    }
  }
  Words offers(const std::vector<std::string>& line) const {
    std::vector<std::string> arguments{world.path("")};
    if (shell_ == "zsh") {
      arguments.push_back(fmt::format("{}", fmt::join(line, " ")));
    } else {
      arguments.insert(arguments.end(), line.begin(), line.end());
    }
    return words_of(output_of(source_root() / ("tests/completion/ask-" + shell_), arguments));
  }
  Pipeline world;
  std::string shell_;
};

BOOST_AUTO_TEST_SUITE(Manual)

BOOST_AUTO_TEST_CASE(each_program_has_a_page_without_a_fault) {
  const Pipeline world;
  for (const std::filesystem::path& program : programs()) {
    const std::string name = program.filename();
    const std::string page = world.path(name + ".1");
    write_file(page, output_of(script("make-man"), {program}));
    const std::string text = page_text(page);
    BOOST_TEST(text.find(name + " - ") != std::string::npos);
    BOOST_TEST(text.find("--config FILE") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(each_page_written_by_hand_is_without_a_fault) {
  std::set<std::string> pages;
  for (const auto& entry : std::filesystem::directory_iterator(source_root() / "man")) {
    pages.insert(entry.path().filename());
    page_text(entry.path());
  }
  BOOST_TEST(pages.contains("status-monitor.7"));
  BOOST_TEST(pages.contains("status-monitor-config.5"));
}

BOOST_AUTO_TEST_CASE(each_key_of_each_file_has_an_entry) {
  Pipeline world;
  const auto check = [&](const std::string& page, const std::string& program,
                         const std::string& option, const std::string& toml) {
    const std::string source = read_file(source_root() / "man" / page);
    for (const std::string& key : known_keys(program, option, toml, world)) {
      check_entry(source, key, page);
    }
  };
  const std::string entry = "[[provider]]\nslug = \"a\"\n";
  for (const char* wrong : {"wrong = 1", "signature = { wrong = 1 }",
                            "format = \"generic\"\nmapping = { wrong = 1 }"}) {
    check("status-monitor-providers.5", "status-receiver", "--providers", entry + wrong);
  }
  check("status-monitor-mutes.5", "status-sink-file", "--mute", "[[mute]]\nwrong = 1");
}

BOOST_AUTO_TEST_CASE(bash_completes_what_each_program_knows) {
  const Completion bash("bash");
  for (const std::filesystem::path& program : programs()) {
    const Words offered = bash.offers({program.filename(), "-"});
    for (const std::string& option : options_of(program)) {
      BOOST_TEST(offered.contains(option), program << " " << option);
    }
  }
  BOOST_TEST(bash.offers({"status-formatter", "--format", ""}) == Words({"json", "text"}));
  BOOST_TEST(bash.offers({"status-formatter", "--format=j"}) == Words({"json"}));
  const std::string files = bash.world.path("files/f");
  BOOST_TEST(bash.offers({"status-receiver", "--providers", files}) ==
             Words({files + "ile.toml", files + "older"}));
  BOOST_TEST(bash.offers({"status-receiver", "--state", files}) == Words({files + "older"}));
  BOOST_TEST(bash.offers({"status-receiver", "--port", ""}).empty());
  BOOST_TEST(bash.offers({"status-sink-exec", "--", "whoam"}) == Words({"whoami"}));
}

BOOST_AUTO_TEST_CASE(zsh_completes_what_each_program_knows) {
  const Completion zsh("zsh");
  for (const std::filesystem::path& program : programs()) {
    const Words offered = zsh.offers({program.filename(), "--"});
    for (const std::string& option : options_of(program)) {
      BOOST_TEST(offered.contains(option), program << " " << option);
    }
  }
  BOOST_TEST(zsh.offers({"status-formatter", "--format", ""}) == Words({"json", "text"}));
  BOOST_TEST(zsh.offers({"status-formatter", "--format=j"}) == Words({"json"}));
  const std::string files = zsh.world.path("files/f");
  BOOST_TEST(zsh.offers({"status-receiver", "--providers", files}) ==
             Words({"file.toml", "folder"}));
  BOOST_TEST(zsh.offers({"status-receiver", "--state", files}) == Words({"folder"}));
  BOOST_TEST(zsh.offers({"status-sink-exec", "--", "whoam"}) == Words({"whoami"}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::tests
