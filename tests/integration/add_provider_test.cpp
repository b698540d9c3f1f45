// scripts/add-provider as a person calls it: from the name of a page to webhooks that are taken.
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <set>
#include <sstream>

#include "lib/status/format.h"
#include "tests/support/bodies.h"
#include "tests/support/json.h"
#include "tests/support/pipeline.h"

namespace monitor::tests {
namespace {

const std::string kScript = source_root() / "scripts/add-provider";

struct World : Pipeline {
  World() {
    std::filesystem::create_directory(path("build"));
    std::filesystem::create_symlink(programs_directory(), path("build/bin"));
    write_file(providers, "");
  }
  // Its exit code; what it said is in `out` and `err`.
  int add(Arguments arguments) {
    auto script =
        launch(kScript, std::move(arguments), {{"BUILD", path("build")}, {"RUN_DIR", path("run")}});
    const int code = script->wait();
    out = script->text(Stream::out);
    err = script->text(Stream::err);
    return code;
  }
  std::string printed_url() const {
    const std::size_t begin = out.find("URL: ") + 5;
    return out.substr(begin, out.find('\n', begin) - begin);
  }

  std::string providers =
      (std::filesystem::create_directory(path("run")), path("run/providers.toml"));
  std::string out;
  std::string err;
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(AddProvider, World)

BOOST_AUTO_TEST_CASE(the_url_it_prints_is_taken_and_without_its_token_nothing_is) {
  receiver = start_receiver({"--providers", providers});
  BOOST_TEST(post(kExampleBody).status == 200);
  const std::string base = receiver_url().substr(0, receiver_url().find('/', 8));
  BOOST_REQUIRE_MESSAGE(add({"GitHub", "--url", base}) == 0, err);
  BOOST_TEST(contains(out, "Subscribe to updates"));
  receiver->signal(SIGHUP);
  receiver->wait_for_line(Stream::err, "reloaded: .* 1 of them with credentials");
  const HttpAnswer answer = client.post(printed_url(), kExampleBody);
  BOOST_TEST(answer.status == 200, answer.body);
  BOOST_TEST(client.post(base + "/webhook/statuspage/github", kExampleBody).status == 401);
  BOOST_TEST(client.post(base + "/webhook/statuspage", kExampleBody).status == 200);  // OpenAI's
}

BOOST_AUTO_TEST_CASE(an_aggregator_is_taken_for_everybody_it_tells_of) {
  receiver = start_receiver({"--providers", providers});
  const std::string base = receiver_url().substr(0, receiver_url().find('/', 8));
  BOOST_REQUIRE_MESSAGE(add({"statusgator", "--url", base + "/"}) == 0, err);
  BOOST_REQUIRE_MESSAGE(add({"GitHub"}) == 0, err);
  receiver->signal(SIGHUP);
  receiver->wait_for_line(Stream::err, "reloaded: .* 2 of them with credentials");
  BOOST_REQUIRE(add({"--help"}) == 0);
  const std::string body =
      R"({"type":"StatusChange","recorded_at":"2026-07-17T02:20:45Z","status":"down","previous_status":"up",)"
      R"("service":{"name":"GitHub","slug":"github","status_page_url":"https://www.githubstatus.com"},)"
      R"("monitor":{"id":"m","type":"ServiceMonitor","display_name":"GitHub"},"message":"Slow"})";
  const std::string entries = read_file(providers);
  const std::size_t token = entries.find("token = \"") + 9;
  const std::string url = base + "/webhook/statusgator?token=" +
                          entries.substr(token, entries.find('"', token) - token);
  BOOST_TEST(client.post(url, body).status == 200);
  BOOST_TEST(client.post(base + "/webhook/statusgator", body).status == 401);
}

BOOST_AUTO_TEST_CASE(what_it_can_not_do_it_says_and_leaves_the_file_as_it_was) {
  BOOST_TEST(add({"openai"}) == 1);
  BOOST_TEST(contains(err, "OpenAI runs on incident.io"), err);
  BOOST_TEST(contains(err, "statusgator"), err);
  BOOST_TEST(add({"Kestrel Mail", "--format", "statuspag"}) == 64);
  BOOST_TEST(contains(err, "unknown format statuspag, known: statuspage "), err);
  BOOST_TEST(add({"---"}) == 64);
  BOOST_TEST(add({"one", "two"}) == 64);
  BOOST_TEST(add({}) == 64);
  BOOST_TEST(read_file(providers).empty());
  BOOST_TEST(add({"Kestrel Mail"}) == 0);
  const std::string entries = read_file(providers);
  BOOST_TEST(add({"kestrel-mail"}) == 1);
  BOOST_TEST(contains(err, "already in"), err);
  write_file(providers, entries + "oops\n");
  BOOST_TEST(add({"GitHub"}) == 1);
  BOOST_TEST(contains(err, "would make"), err);
  BOOST_TEST(read_file(providers) == entries + "oops\n");
}

BOOST_AUTO_TEST_CASE(every_format_makes_an_entry_that_is_good_and_private) {
  for (const status::Format* format : status::formats()) {
    const std::string name(format->name);
    BOOST_TEST(add({"a " + name, "--format", name}) == 0, err);
    BOOST_TEST(contains(printed_url(), "/webhook/" + name), out);
  }
  BOOST_TEST(add({"b aws", "--format", "aws", "--topic", "arn:aws:sns:us-east-1:123456789012:x"}) ==
             0);
  const auto mode = std::filesystem::status(providers).permissions();
  BOOST_TEST(((mode & std::filesystem::perms::others_all) == std::filesystem::perms::none));
  auto check = launch("status-receiver", {"--check", "--providers", providers});
  BOOST_TEST(check->wait() == 0, check->text(Stream::err));
}

BOOST_AUTO_TEST_CASE(the_guide_has_a_section_for_every_format_and_for_nothing_else) {
  std::set<std::string> sections;
  std::istringstream lines(read_file(source_root() / "receiver/senders.md"));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("## ")) {
      sections.insert(line.substr(3, line.find(':') - 3));
    }
  }
  std::set<std::string> formats;
  for (const status::Format* format : status::formats()) {
    formats.emplace(format->name);
  }
  BOOST_CHECK_EQUAL_COLLECTIONS(sections.begin(), sections.end(), formats.begin(), formats.end());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace monitor::tests
