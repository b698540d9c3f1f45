// The scripts as people call them: samples, the check of includes, what is to be installed.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <regex>

#include "tests/support/bodies.h"
#include "tests/support/pipeline.h"

namespace monitor::tests {
namespace {

std::string script(const std::string& name) { return source_root() / "scripts" / name; }

BOOST_AUTO_TEST_SUITE(Scripts)

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
  auto ask = pipeline.launch(script("install-deps"), {"--missing", "build", "test"});
  BOOST_TEST(ask->wait() == 0);
  BOOST_TEST(ask->text(Stream::out).empty());
  auto wrong = pipeline.launch(script("install-deps"), {"everything"});
  BOOST_TEST(wrong->wait() == 64);
}

BOOST_AUTO_TEST_CASE(the_package_is_built_from_what_install_deps_brings) {
  const std::string deps = read_file(script("install-deps"));
  const std::size_t begin = deps.find("\nbuild=(");
  BOOST_REQUIRE(begin != std::string::npos);
  const std::string build = deps.substr(begin, deps.find(')', begin) - begin);
  const std::string control = read_file(source_root() / "debian/control");
  const std::regex library("[a-z0-9-]+-dev");
  int libraries = 0;
  for (std::sregex_iterator one(build.begin(), build.end(), library), end; one != end; ++one) {
    ++libraries;
    const std::regex line(fmt::format(R"([ :]{},?\n)", one->str()));
    BOOST_TEST(std::regex_search(control, line), "debian/control lacks " << one->str());
  }
  BOOST_TEST(libraries >= 10);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::tests
