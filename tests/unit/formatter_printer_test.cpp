#include "formatter/printer.h"

#include <fcntl.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <vector>

#include "lib/system/fd.h"
#include "tests/support/bodies.h"
#include "tests/support/temp_dir.h"

using namespace monitor;
using namespace monitor::formatter;
using storage::Database;

namespace {

struct RecordingOutput : Output {
  Written write(std::string_view text) override {
    if (answer == Written::whole) {
      texts.emplace_back(text);
    }
    return answer;
  }
  std::vector<std::string> texts;
  Written answer = Written::whole;
};

// What goes to stderr while it lives.
class CapturedErrors {
 public:
  CapturedErrors() : saved_(::dup(STDERR_FILENO)) {
    const system::Fd file{::open((directory_ / "stderr").c_str(), O_CREAT | O_WRONLY, 0600)};
    ::dup2(file.get(), STDERR_FILENO);
  }
  ~CapturedErrors() { ::dup2(saved_.get(), STDERR_FILENO); }
  std::vector<std::string> lines() const { return tests::lines_of_file(directory_ / "stderr"); }

 private:
  tests::TempDir directory_;
  system::Fd saved_;
};

feed::Event event(std::uint64_t seq, std::string body) {
  return {.stream = "s",
          .seq = seq,
          .received_at = system::from_microseconds(1),
          .format = "statuspage",
          .provider = "test-page",
          .provider_name = "Test Page",
          .test = false,
          .body = std::move(body)};
}
feed::Event incident(std::uint64_t seq, const std::string& id) {
  return event(seq, tests::incident_body(id));
}

struct Fixture {
  Printer printer(status::FilterWords words = {}, Style style = {}) {
    return {style, status::Filter(words), record, output};
  }
  std::size_t printed_with(const status::FilterWords& words) {
    Record fresh(Database::open(":memory:", Database::Mode::read_write));
    RecordingOutput only;
    Printer(Style{}, status::Filter(words), fresh, only).print(incident(1, "a"));
    return only.texts.size();
  }

  tests::TempDir directory;
  std::string path = directory / "formatter.db";
  Record record{Database::open(path, Database::Mode::read_write)};
  RecordingOutput output;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(formatter_printer, Fixture)

BOOST_AUTO_TEST_CASE(an_update_is_two_lines_in_one_write) {
  feed::Event example = event(1, std::string(tests::kExampleBody));
  example.provider_name = "OpenAI";
  BOOST_TEST((printer().print(example) == Written::whole));
  BOOST_REQUIRE(output.texts.size() == 1);
  BOOST_TEST(output.texts[0] == std::string(tests::kExampleFirstLine) + '\n' +
                                    std::string(tests::kExampleSecondLine) + '\n');
}

BOOST_AUTO_TEST_CASE(json_is_one_line) {
  printer({}, {.json = true}).print(incident(42, "a"));
  BOOST_REQUIRE(output.texts.size() == 1);
  const std::string& text = output.texts[0];
  BOOST_TEST(text.find('\n') == text.size() - 1);
  BOOST_TEST(text.starts_with("{\"v\":1,"));
  BOOST_TEST(text.find("\"seq\":42,") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_long_message_is_cut_in_text_and_whole_in_json) {
  const std::string body = tests::incident_body("a", std::string(100, 'm'));
  printer({}, {.json = false, .max_message = 10}).print(event(1, body));
  BOOST_REQUIRE(output.texts.size() == 1);
  BOOST_TEST(output.texts[0].find("mmmmmmmmm…\n") != std::string::npos);
  Record fresh(Database::open(":memory:", Database::Mode::read_write));
  Printer({.json = true, .max_message = 10}, {}, fresh, output).print(event(1, body));
  BOOST_TEST(output.texts[1].find(std::string(100, 'm')) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_same_update_is_printed_once) {
  Printer it = printer();
  it.print(incident(1, "a"));
  it.print(incident(2, "a"));
  it.print(incident(3, "b"));
  BOOST_TEST(output.texts.size() == 2U);
  BOOST_TEST(it.printed() == 2U);
}

BOOST_AUTO_TEST_CASE(after_a_restart_the_same_update_is_still_printed_once) {
  printer().print(incident(7, "a"));
  record.commit();
  Record again(Database::open(path, Database::Mode::read_write));
  BOOST_TEST(again.cursors().at("s") == 7U);
  Printer({}, {}, again, output).print(incident(8, "a"));
  BOOST_TEST(output.texts.size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_could_not_be_written_is_not_recorded) {
  Printer it = printer();
  it.print(incident(1, "a"));
  output.answer = Written::reader_left;
  BOOST_TEST((it.print(incident(2, "b")) == Written::reader_left));
  record.commit();
  Record again(Database::open(path, Database::Mode::read_write));
  BOOST_TEST(again.cursors().at("s") == 1U);
  output.answer = Written::whole;
  Printer({}, {}, again, output).print(incident(2, "b"));
  BOOST_TEST(output.texts.size() == 2U);
}

BOOST_AUTO_TEST_CASE(the_cursor_is_committed_every_hundred_events) {
  Printer it = printer();
  Record reader(Database::open(path, Database::Mode::read_write));
  for (std::uint64_t seq = 1; seq < kEventsPerCommit; ++seq) {
    it.print(incident(seq, std::to_string(seq)));
  }
  BOOST_TEST(reader.cursors().empty());
  it.print(incident(kEventsPerCommit, "last"));
  BOOST_TEST(reader.cursors().at("s") == std::uint64_t{kEventsPerCommit});
  BOOST_TEST(!record.wants_commit());
}

BOOST_AUTO_TEST_CASE(filters_take_slug_or_name_in_any_case_and_must_all_agree) {
  BOOST_TEST(printed_with({.providers = {"TEST-page"}}) == 1U);
  BOOST_TEST(printed_with({.providers = {"other", "test PAGE"}}) == 1U);
  BOOST_TEST(printed_with({.providers = {"test"}}) == 0U);
  BOOST_TEST(printed_with({.kinds = {"incident", "component"}}) == 1U);
  BOOST_TEST(printed_with({.kinds = {"maintenance"}}) == 0U);
  BOOST_TEST(printed_with({.impacts = {"minor"}}) == 1U);
  BOOST_TEST(printed_with({.impacts = {"none", "major", "critical"}}) == 0U);
  BOOST_TEST(printed_with(
                 {.providers = {"test-page"}, .kinds = {"incident"}, .impacts = {"major"}}) == 0U);
}

BOOST_AUTO_TEST_CASE(what_a_filter_hides_is_not_recorded_as_printed) {
  printer({.providers = {"other"}}).print(incident(1, "a"));
  printer().print(incident(1, "a"));
  BOOST_TEST(output.texts.size() == 1U);
}

BOOST_AUTO_TEST_CASE(an_unknown_shape_is_told_once_and_prints_nothing) {
  std::vector<std::string> told;
  {
    const CapturedErrors errors;
    Printer it = printer();
    it.print(event(41, R"({"what":1,"is":2})"));
    it.print(event(42, R"({"is":3,"what":4})"));
    it.print(event(43, R"({"something":"else"})"));
    told = errors.lines();
  }
  BOOST_REQUIRE(told.size() == 2);
  BOOST_TEST(told[0].find("test-page") != std::string::npos, told[0]);
  BOOST_TEST(told[0].find("seq 41") != std::string::npos, told[0]);
  BOOST_TEST(told[0].find("is,what") != std::string::npos, told[0]);
  BOOST_TEST(told[1].find("seq 43") != std::string::npos, told[1]);
  BOOST_TEST(output.texts.empty());
}

BOOST_AUTO_TEST_CASE(shapes_that_are_told_are_bounded) {
  std::size_t told = 0;
  {
    const CapturedErrors errors;
    Printer it = printer();
    for (std::size_t i = 0; i < feed::kMaxShapes + 50; ++i) {
      it.print(event(i + 1, "{\"key" + std::to_string(i) + "\":1}"));
    }
    told = errors.lines().size();
  }
  BOOST_TEST(told == feed::kMaxShapes + 1);  // and one that says that it ends
}

BOOST_AUTO_TEST_SUITE_END()
