#include <boost/test/unit_test.hpp>

#include "lib/json/document.h"
#include "lib/status/providers.h"

using namespace monitor;
using namespace monitor::status;

namespace {

Clues clues_of(std::string_view body, const Format* format = find_format("statuspage")) {
  ClueCollector collector(format);
  BOOST_REQUIRE(!json::scan(body, &collector));
  return collector.take();
}

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) {
    all += (all.empty() ? "" : ",") + text;
  }
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(clues_host_of)

BOOST_AUTO_TEST_CASE(hosts_are_found_in_urls_and_alone) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"http://status.kestrel.example/?unsubscribe=1", "status.kestrel.example"},
      {"https://Status.Kestrel.EXAMPLE./a", "status.kestrel.example"},
      {"HTTPS://kestrel.example:8443#x", "kestrel.example"},
      {"https://user:secret@kestrel.example/", "kestrel.example"},
      {"https://kestrel.example@osprey.example/", "osprey.example"},
      {"https://osprey.example\\@kestrel.example/", "osprey.example"},
      {"https://a@kestrel.example@osprey.example/", "osprey.example"},
      {"//kestrel.example/x", "kestrel.example"},
      {"kestrel.example", "kestrel.example"},
      {"kestrel.example:5000/x", "kestrel.example"},
      {"kestrel.example?next=http://osprey.example", "kestrel.example"},
  };
  for (const auto& [url, host] : cases) {
    BOOST_TEST(host_of(url) == host, url << " gave " << host_of(url));
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_host_is_none) {
  for (const std::string_view text :
       {"", "/", "localhost", "mailto:a@kestrel.example", "ftp://kestrel.example", "http://",
        "http:///x", "https://[::1]/", "https://.example", "https://a..example", "a b.example",
        "https://k\u00e9strel.example", "javascript:alert(1.2)", "...", "."}) {
    BOOST_TEST(host_of(text) == "", text << " gave " << host_of(text));
  }
  BOOST_TEST(host_of("https://" + std::string(300, 'a') + ".example") == "");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(clue_collector)

BOOST_AUTO_TEST_CASE(page_id_name_and_hosts_are_collected) {
  const Clues clues = clues_of(R"({
      "page":{"url":"https://Kestrel.example/","id":"p1","name":" Kestrel\nMail "},
      "meta":{"unsubscribe":"http://status.kestrel.example:80/?u=1"}})");
  BOOST_TEST(clues.page_id == "p1");
  BOOST_TEST(clues.name == "Kestrel Mail");
  BOOST_TEST(joined(clues.hosts) == "status.kestrel.example,kestrel.example");
}

BOOST_AUTO_TEST_CASE(the_best_path_wins_whatever_the_order) {
  BOOST_TEST(clues_of(R"({"incident":{"page_id":"later"},"page":{"id":"best"}})").page_id ==
             "best");
  BOOST_TEST(clues_of(R"({"page":{"id":"best"},"incident":{"page_id":"later"}})").page_id ==
             "best");
  BOOST_TEST(clues_of(R"({"page":{"id":""},"component":{"page_id":"later"}})").page_id == "later");
  BOOST_TEST(clues_of(R"({"page_id":"bare","incident_updates":[]})").page_id == "bare");
}

BOOST_AUTO_TEST_CASE(of_a_key_that_stands_twice_the_first_counts) {
  BOOST_TEST(clues_of(R"({"page":{"id":"a","id":"b"}})").page_id == "a");
}

BOOST_AUTO_TEST_CASE(the_same_host_counts_once_and_shared_ones_never) {
  const Clues clues = clues_of(R"({"meta":{"unsubscribe":"https://dashboard.instatus.com/u"},
      "page":{"url":"https://k.example","domain":"k.example"}})");
  BOOST_TEST(joined(clues.hosts) == "k.example");
}

BOOST_AUTO_TEST_CASE(without_a_format_the_paths_of_all_count) {
  BOOST_TEST(clues_of(R"({"page":{"id":"p1"}})", nullptr).page_id == "p1");
}

BOOST_AUTO_TEST_CASE(a_page_id_may_end_a_url) {
  const auto page_id = [](const std::string& url) {
    ClueCollector collector(find_format("statusio"));
    BOOST_REQUIRE(!json::scan(R"({"status_page_url":")" + url + R"("})", &collector));
    return collector.take().page_id;
  };
  BOOST_TEST(page_id("https://status.io/pages/533c6539221ae15e3f000031") ==
             "533c6539221ae15e3f000031");
  BOOST_TEST(page_id("https://status.docker.com") == "");
  BOOST_TEST(page_id("https://status.docker.com/") == "");
}

BOOST_AUTO_TEST_CASE(other_strings_and_types_are_no_clues) {
  const Clues clues = clues_of(R"({"page":{"id":7,"name":null,"url":["https://k.example"]},
      "x":{"page":{"id":"p1"}},"pages":[{"page":{"id":"p2"}}]})");
  BOOST_TEST(clues.page_id == "");
  BOOST_TEST(clues.name == "");
  BOOST_TEST(clues.hosts.empty());
}

BOOST_AUTO_TEST_CASE(taking_empties_the_collector) {
  ClueCollector collector(nullptr);
  collector.on_string("/page/id", "p1");
  BOOST_TEST(collector.take().page_id == "p1");
  BOOST_TEST(collector.take().page_id == "");
}

BOOST_AUTO_TEST_CASE(huge_clues_are_cut) {
  ClueCollector collector(nullptr);
  collector.on_string("/page/id", std::string(100'000, 'p'));
  collector.on_string("/page/name", std::string(100'000, 'n'));
  const Clues clues = collector.take();
  BOOST_TEST(clues.page_id.size() < 300U);
  BOOST_TEST(clues.name.size() < 600U);
}

BOOST_AUTO_TEST_SUITE_END()
