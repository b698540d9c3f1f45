// What README.md shows, run as it stands there. A comment before a fenced block says what the block
// is:
//   <!-- test: file NAME -->  saved under NAME in the test's directory, executable
//   <!-- test: sink -->       a custom sink; the fence's language says how it is run (python, js,
//   sh, bash). It runs in that
//                             directory, where build/bin are the programs, until it prints the
//                             update that was posted
//   <!-- test: body -->       a webhook body, and
//   <!-- test: lines -->      the lines that the formatter prints for it, exactly
#include <boost/test/unit_test.hpp>
#include <map>
#include <regex>

#include "tests/support/bodies.h"
#include "tests/support/pipeline.h"

namespace monitor::tests {
namespace {

struct Block {
  std::string role;
  std::string name;
  std::string language;
  std::string text;
  std::size_t line = 0;
};

std::vector<Block> blocks_of(const std::string& markdown) {
  const std::regex mark(R"(^<!-- test: (\S+)( \S+)? -->$)");
  const std::regex fence(R"(^\s*```(\w*)\s*$)");
  std::vector<Block> blocks;
  const std::vector<std::string> lines = lines_of(markdown);
  std::smatch found;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!std::regex_match(lines[i], found, mark)) {
      continue;
    }
    Block block{found[1], found[2].length() > 1 ? found[2].str().substr(1) : "", "", "", i + 1};
    while (++i < lines.size() && !std::regex_match(lines[i], found, fence)) {
      BOOST_REQUIRE_MESSAGE(lines[i].empty(),
                            "README.md: no fenced block follows the mark in line " << block.line);
    }
    BOOST_REQUIRE(i < lines.size());
    block.language = found[1];
    while (++i < lines.size() && !std::regex_match(lines[i], fence)) {
      block.text += lines[i] + '\n';
    }
    blocks.push_back(block);
  }
  return blocks;
}

std::vector<Block> readme(const std::string& role) {
  std::vector<Block> chosen;
  for (Block& block : blocks_of(read_file(source_root() / "README.md"))) {
    if (block.role == role) {
      chosen.push_back(std::move(block));
    }
  }
  return chosen;
}

// The directory that the README's reader stands in.
std::string prepare_workplace(Pipeline& pipeline) {
  const std::filesystem::path place = pipeline.path("workplace");
  std::filesystem::create_directories(place / "build");
  std::filesystem::create_symlink(programs_directory(), place / "build/bin");
  for (const Block& file : readme("file")) {
    write_file(place / file.name, file.text);
    make_executable(place / file.name);
  }
  return place;
}

const std::map<std::string, std::string> kInterpreters{{"python", "/usr/bin/python3"},
                                                       {"js", "node"},
                                                       {"javascript", "node"},
                                                       {"sh", "sh"},
                                                       {"bash", "bash"}};

BOOST_AUTO_TEST_SUITE(Readme)

BOOST_AUTO_TEST_CASE(each_sink_that_it_shows_prints_what_is_posted) {
  const std::vector<Block> sinks = readme("sink");
  BOOST_TEST(!sinks.empty());
  for (const Block& sink : sinks) {
    BOOST_TEST_CONTEXT("README.md:" << sink.line) {
      Pipeline pipeline;
      pipeline.receiver = pipeline.start_receiver();
      const std::string place = prepare_workplace(pipeline);
      write_file(place + "/sink", sink.text);
      Process process({.program = kInterpreters.at(sink.language),
                       .arguments = {"sink"},
                       .environment = pipeline.environment(),
                       .directory = place});
      // When it has subscribed only it knows: posts until it has heard one.
      int posted = 0;
      const bool heard = ask_until([&] {
        pipeline.post(incident_body("n" + std::to_string(++posted), "hello sink"));
        return process.text(Stream::out).find("hello sink") != std::string::npos;
      });
      BOOST_TEST(heard, process.text(Stream::out) + process.text(Stream::err));
    }
  }
}

BOOST_AUTO_TEST_CASE(the_example_body_prints_the_lines_beside_it) {
  const std::vector<Block> bodies = readme("body");
  const std::vector<Block> lines = readme("lines");
  BOOST_REQUIRE(!bodies.empty());
  BOOST_REQUIRE(bodies.size() == lines.size());
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    Pipeline pipeline;
    pipeline.receiver = pipeline.start_receiver();
    auto formatter = pipeline.start("status-formatter");
    BOOST_TEST(pipeline.post(bodies[i].text).status == 200);
    formatter->wait_for_lines(Stream::out, lines_of(lines[i].text).size());
    BOOST_TEST(formatter->text(Stream::out) == lines[i].text);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::tests
