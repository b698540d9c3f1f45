// What every format makes of the bodies in tests/data/FORMAT/: expected.tsv there says it, a line
// an update, the columns as its first line names them. `kind` is "-" for a body that is recognised
// and tells nothing new; bodies in tests/data/unrecognised/ are to be claimed by nobody.
// happened_at is "arrival" where the sender tells no time.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>

#include "lib/status/format.h"
#include "tests/support/json_values.h"
#include "tests/support/soundness.h"
#include "tests/support/temp_dir.h"

using namespace monitor;
using namespace monitor::status;

namespace {

const std::filesystem::path kData = tests::source_root() / "tests/data";
constexpr std::string_view kUnrecognised = "unrecognised";
// Up and down again is all that these say, with neither a time nor an id: each arrival is news.
const std::set<std::string> kTellNoTime{"cachet/component-status-changed.json",
                                        "statuspal/service-down.json", "statuspal/service-up.json"};

struct Body {
  std::string format;  // the folder
  std::string name;
  std::string text;
};

std::vector<Body> read_bodies() {
  std::vector<Body> bodies;
  for (const auto& folder : std::filesystem::directory_iterator(kData)) {
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
      if (file.path().extension() == ".json") {
        bodies.push_back({folder.path().filename(), file.path().filename(),
                          tests::read_file(file.path().string())});
      }
    }
  }
  return bodies;
}

const std::vector<Body>& bodies() {
  static const std::vector<Body> all = read_bodies();
  return all;
}

// The lines of a format's table, by body; without the header.
using Table = std::multimap<std::string, std::string>;
Table table_of(const std::string& format) {
  Table table;
  std::istringstream lines(tests::read_file((kData / format / "expected.tsv").string()));
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    table.emplace(line.substr(0, line.find('\t')), line);
  }
  return table;
}

Origin arrival(const Body& body, const Format* format, int times) {
  const auto origin = tests::arrival(body.text, format, times);
  BOOST_REQUIRE(origin);
  return *origin;
}

std::string line_of(const Body& body, const StatusUpdate& update) {
  std::string components;
  for (const Component& component : update.components) {
    components += components.empty() ? "" : ", ";
    components += component.name;
    components += component.state ? "=" + std::string(word(*component.state)) : "";
  }
  std::string line = body.name;
  for (const std::string_view field :
       {std::string_view(update.provider), std::string_view(update.provider_name),
        word(update.kind), std::string_view(update.incident_id), word(update.impact),
        word(update.state)}) {
    line += '\t';
    line += field;
  }
  line += '\t';
  line += update.happened_at_known ? system::to_rfc3339_seconds(update.happened_at) : "arrival";
  return line + '\t' + components + '\t' + update.message;
}

// What is read of a body, as lines of a table.
std::string found_in(const Body& body) {
  const Reading reading = read_updates("auto", body.text, arrival(body, detect(body.text), 1));
  std::string lines;
  for (const StatusUpdate& update : reading.updates) {
    lines += line_of(body, update) + '\n';
  }
  return reading.recognised && lines.empty() ? body.name + "\t\t\t-\n" : lines;
}

std::string expected_of(const Table& table, const std::string& body) {
  std::string lines;
  for (auto [row, end] = table.equal_range(body); row != end; ++row) {
    lines += row->second + '\n';
  }
  return lines;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bodies_of_every_format)

BOOST_AUTO_TEST_CASE(each_says_what_its_table_expects) {
  std::set<std::string> formats;
  for (const Body& body : bodies()) {
    formats.insert(body.format);
  }
  for (const std::string& format : formats) {
    const Table table = table_of(format);
    for (const Body& body : bodies()) {
      if (body.format != format) {
        continue;
      }
      BOOST_TEST_CONTEXT(format << "/" << body.name) {
        BOOST_TEST(found_in(body) == expected_of(table, body.name));
      }
    }
    for (const auto& [name, row] : table) {
      BOOST_TEST(std::filesystem::exists(kData / format / name), format << "/" << name);
    }
  }
}

BOOST_AUTO_TEST_CASE(each_is_claimed_by_its_own_format_and_no_other) {
  for (const Body& body : bodies()) {
    const auto document = json::Document::parse(body.text);
    BOOST_REQUIRE(document);
    for (const Format* format : formats()) {
      BOOST_TEST(format->recognises(document->root()) == (format->name == body.format),
                 format->name << " and " << body.format << "/" << body.name);
    }
  }
}

BOOST_AUTO_TEST_CASE(every_format_has_bodies) {
  for (const Format* format : formats()) {
    const bool has = std::any_of(bodies().begin(), bodies().end(),
                                 [&](const Body& body) { return body.format == format->name; });
    BOOST_TEST((has || format->name == kGenericFormat), format->name);
  }
  BOOST_TEST(std::any_of(bodies().begin(), bodies().end(),
                         [](const Body& body) { return body.format == kUnrecognised; }));
}

BOOST_AUTO_TEST_CASE(the_same_delivery_ten_times_is_one_update) {
  for (const Body& body : bodies()) {
    if (kTellNoTime.contains(body.format + "/" + body.name)) {
      continue;
    }
    const Format* format = detect(body.text);
    std::vector<std::string> first;
    for (int times = 0; times < 10; ++times) {
      std::vector<std::string> keys;
      for (const StatusUpdate& update :
           read_updates("auto", body.text, arrival(body, format, times)).updates) {
        keys.push_back(update.key());
      }
      BOOST_TEST(std::set<std::string>(keys.begin(), keys.end()).size() == keys.size(),
                 body.format << "/" << body.name);
      first = times == 0 ? keys : first;
      BOOST_TEST(keys == first, body.format << "/" << body.name);
    }
  }
}

BOOST_AUTO_TEST_CASE(whatever_stands_in_place_of_a_value_does_no_harm) {
  for (const Body& body : bodies()) {
    const Format* format = detect(body.text);
    const std::string name(format == nullptr ? std::string_view("auto") : format->name);
    for (const tests::JsonValue& value : tests::json_values(body.text)) {
      for (const std::string_view odd :
           {"null", "{}", "[]", "\"\"", "7", "-1e300", "true", "[null]", "{\"id\":{}}",
            "\"\\u0000\\u202e<b>\"", "[[1],{\"name\":[]}]"}) {
        Body mutant = body;
        mutant.text.replace(value.begin, value.end - value.begin, odd);
        const Reading reading = read_updates(name, mutant.text, arrival(mutant, format, 1));
        BOOST_TEST_CONTEXT(body.format << "/" << body.name << ": " << mutant.text) {
          BOOST_TEST(tests::problem_in(reading) == "");
        }
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
