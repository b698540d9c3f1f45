#include "store/api/atom.h"

#include <boost/test/unit_test.hpp>

#include "tests/support/form_reader.h"
#include "tests/unit/store_details.h"

namespace monitor::store {
namespace {

const FeedHead kGitHub{"github", "GitHub"};

bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

tests::Json read(const FeedHead& head, const std::vector<IncidentDetail>& incidents) {
  return tests::read_form("atom", atom_feed(head, incidents));
}

BOOST_AUTO_TEST_SUITE(AtomFeed)

BOOST_AUTO_TEST_CASE(a_feed_reader_finds_every_part_of_an_entry) {
  const tests::Json feed = read(kGitHub, {incident_detail()});
  BOOST_TEST(!*feed["bozo"].boolean());
  BOOST_TEST(feed["version"].text() == "atom10");
  BOOST_TEST(feed["title"].text() == "Status of GitHub");
  const json::View entry = feed["entries"].at(0);
  BOOST_TEST(entry["title"].text() == "[GitHub] Pushes fail: monitoring");
  BOOST_TEST(entry["author"].text() == "GitHub");
  BOOST_TEST(entry["link"].text() == "https://status.example/i/1");
  BOOST_TEST(entry["published"].text() == "2026-02-20T12:00:00Z");
  BOOST_TEST(entry["updated"].text() == "2026-02-20T12:30:00Z");
  BOOST_TEST(entry["type"].text() == "text/html");
  BOOST_TEST(holds(entry["html"].text(), "Git (partial outage), API"));
}

BOOST_AUTO_TEST_CASE(updates_stand_newest_first) {
  const tests::Json feed = read({}, {incident_detail()});
  const std::string_view html = feed["entries"].at(0)["html"].text();
  BOOST_TEST(holds(html, "2026-02-20 12:30 UTC"));
  BOOST_TEST(html.find("A fix is out") < html.find("We look"));
  BOOST_TEST(holds(html, "We look"));
}

BOOST_AUTO_TEST_CASE(categories_say_what_they_are_of) {
  const tests::Json feed = read({}, {maintenance_detail()});
  const json::View tags = feed["entries"].at(0)["tags"];
  BOOST_REQUIRE(tags.size() == 4U);
  BOOST_TEST(tags.at(0).text() == "provider:github");
  BOOST_TEST(tags.at(1).text() == "kind:maintenance");
  BOOST_TEST(tags.at(2).text() == "status:in_progress");
  BOOST_TEST(tags.at(3).text() == "impact:maintenance");
}

BOOST_AUTO_TEST_CASE(a_test_is_marked_as_one) {
  IncidentDetail detail = incident_detail();
  detail.incident.test = true;
  BOOST_TEST(read({}, {detail})["entries"].at(0)["tags"].at(4).text() == "test");
}

BOOST_AUTO_TEST_CASE(a_maintenance_tells_its_window) {
  const tests::Json feed = read({}, {maintenance_detail()});
  BOOST_TEST(holds(feed["entries"].at(0)["html"].text(),
                   "Window: 2026-02-20 13:00 UTC to 2026-02-20 14:30 UTC"));
}

BOOST_AUTO_TEST_CASE(the_feed_is_as_new_as_its_newest_entry) {
  IncidentDetail newer = incident_detail("newer");
  newer.incident.updated_at = minute(45);
  BOOST_TEST(read({}, {incident_detail(), newer})["updated"].text() == "2026-02-20T12:45:00Z");
}

BOOST_AUTO_TEST_CASE(an_empty_feed_is_a_feed) {
  const tests::Json feed = read({}, {});
  BOOST_TEST(!*feed["bozo"].boolean());
  BOOST_TEST(feed["title"].text() == "Status of all providers");
  BOOST_TEST(feed["updated"].text() == "1970-01-01T00:00:00Z");
  BOOST_TEST(feed["entries"].size() == 0U);
}

// They are what readers know an entry by: whoever sees this fail would make every entry new.
BOOST_AUTO_TEST_CASE(ids_are_what_they_have_always_been) {
  const tests::Json feed = read(kGitHub, {incident_detail()});
  BOOST_TEST(feed["id"].text() == "urn:uuid:aa6685fc-a4fe-836f-af71-aab512e82abd");
  BOOST_TEST(feed["entries"].at(0)["id"].text() == "urn:uuid:6e15a967-0a97-8eeb-9fa6-d406401a458d");
}

BOOST_AUTO_TEST_CASE(an_id_does_not_change_with_what_is_told) {
  IncidentDetail later = incident_detail();
  later.incident.name = "Pushes failed";
  later.incident.provider_name = "GitHub (EU)";
  later.incident.status = "resolved";
  later.updates.clear();
  BOOST_TEST(lasting_uuid(later.incident) == lasting_uuid(incident_detail().incident));
}

BOOST_AUTO_TEST_CASE(ids_differ_where_provider_kind_or_id_do) {
  const std::string known = lasting_uuid(incident_detail().incident);
  BOOST_TEST(lasting_uuid(incident_detail("other").incident) != known);
  BOOST_TEST(lasting_uuid(maintenance_detail("inc").incident) != known);
  IncidentDetail elsewhere = incident_detail();
  elsewhere.incident.provider = "openai";
  BOOST_TEST(lasting_uuid(elsewhere.incident) != known);
}

BOOST_AUTO_TEST_CASE(links_to_this_store_name_no_host) {
  const tests::Json all = read({}, {});
  BOOST_TEST(all["links"]["self"].text() == "feed.atom");
  BOOST_TEST(all["links"]["alternate"].text() == "./");
  BOOST_TEST(read(kGitHub, {})["links"]["self"].text() == "feed.atom?provider=github");
}

BOOST_AUTO_TEST_CASE(hostile_text_stays_text) {
  const tests::Json feed =
      read({"github", kHostile}, {hostile_detail(incident_detail()), incident_detail("next")});
  BOOST_TEST(!*feed["bozo"].boolean());
  BOOST_TEST(feed["entries"].size() == 2U);
  const json::View entry = feed["entries"].at(0);
  BOOST_TEST(holds(entry["title"].text(), "<script>"));
  // The parser gives HTML: what was text is escaped in it.
  BOOST_TEST(!holds(entry["html"].text(), "<script>"));
  BOOST_TEST(holds(entry["html"].text(), "&lt;script&gt;"));
  BOOST_TEST(holds(entry["html"].text(), "🔥"));
  BOOST_TEST(entry["link"].text() == "https://status.example/%22%3E%3Cb%3E&amp;%20%25zz%0D%0A%FF");
}

BOOST_AUTO_TEST_CASE(no_forbidden_character_gets_in) {
  for (int byte = 0; byte < 256; ++byte) {
    IncidentDetail detail = incident_detail();
    detail.incident.name = std::string("a") + static_cast<char>(byte) + "b";
    const std::string feed = atom_feed({}, {detail});
    for (const char c : feed) {
      BOOST_REQUIRE_MESSAGE(static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t', byte);
    }
  }
  BOOST_TEST(to_xml("a\xef\xbf\xbe\xef\xbf\xbf\x01\x7f\xc2\x9b"
                    "b") == "ab");
}

BOOST_AUTO_TEST_CASE(an_outage_without_end_is_cut_and_says_so) {
  IncidentDetail detail = incident_detail();
  detail.updates.assign(kMostUpdates + 7, told("monitoring", "still", 1));
  const std::string feed = atom_feed({}, {detail});
  std::size_t count = 0;
  for (auto at = feed.find("still"); at != std::string::npos; at = feed.find("still", at + 1)) {
    ++count;
  }
  BOOST_TEST(count == kMostUpdates);
  BOOST_TEST(holds(feed, "7 earlier updates"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::store
