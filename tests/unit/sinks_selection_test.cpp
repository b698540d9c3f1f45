// Who is told what and when: --rate, --quiet-hours, --mute, --min-impact and the others.
#include <array>
#include <boost/test/unit_test.hpp>
#include <stdexcept>

#include "lib/status/filter.h"
#include "lib/status/time.h"
#include "lib/system/error.h"
#include "sinks/delivery/courier.h"
#include "sinks/delivery/mutes.h"
#include "sinks/delivery/quiet_hours.h"
#include "sinks/delivery/shard.h"
#include "tests/support/temp_dir.h"

namespace monitor::delivery {
namespace {

using namespace std::chrono_literals;
using status::Filter;
using status::Impact;
using status::Kind;
using status::State;

system::Time at(const char* text) { return status::parse_time(text).value(); }

status::StatusUpdate update_of(Impact impact, State state = State::investigating) {
  status::StatusUpdate update;
  update.provider = "github";
  update.provider_name = "GitHub";
  update.incident_id = "abc123";
  update.impact = impact;
  update.state = state;
  update.components = {{"c1", "API Requests", State::partial_outage}, {"c2", "Pages", {}}};
  return update;
}

BOOST_AUTO_TEST_SUITE(sinks_selection)

BOOST_AUTO_TEST_CASE(a_rate_is_a_number_and_a_unit) {
  BOOST_TEST(parse_rate("30/m").count == 30);
  BOOST_CHECK(parse_rate("30/m").period == 60s);
  BOOST_CHECK(parse_rate("1/s").period == 1s);
  BOOST_CHECK(parse_rate("200/h").period == 1h);
  for (const char* wrong : {"", "30", "/m", "0/m", "-1/m", "30/d", "30 /m", "1.5/s", "9999999/s"}) {
    BOOST_CHECK_THROW(parse_rate(wrong), std::invalid_argument);
  }
}

BOOST_AUTO_TEST_CASE(quiet_hours_are_those_of_their_zone_over_midnight_and_summer_time) {
  const QuietHours berlin({"22:00-07:00 Europe/Berlin"});
  BOOST_TEST(berlin.contain(at("2026-02-20T21:00:00Z")));  // 22:00 in winter
  BOOST_TEST(!berlin.contain(at("2026-02-20T20:59:59Z")));
  BOOST_TEST(berlin.contain(at("2026-02-21T05:59:59Z")));
  BOOST_TEST(!berlin.contain(at("2026-02-21T06:00:00Z")));
  BOOST_TEST(berlin.contain(at("2026-07-20T20:00:00Z")));  // 22:00 in summer
  const QuietHours two({"12:00-13:00 UTC", "23:00-23:30 UTC"});
  BOOST_TEST(two.contain(at("2026-02-20T12:30:00Z")));
  BOOST_TEST(two.contain(at("2026-02-20T23:15:00Z")));
  BOOST_TEST(!two.contain(at("2026-02-20T13:00:00Z")));
  BOOST_TEST(!QuietHours().contain(at("2026-02-20T12:30:00Z")));
}

BOOST_AUTO_TEST_CASE(wrong_hours_are_refused_with_what_would_be_right) {
  for (const char* wrong : {"", "22-7", "22:00", "24:00-07:00", "22:60-07:00", "22:00-07:00Europe",
                            "22:00-07:00 Europe/Atlantis"}) {
    BOOST_CHECK_EXCEPTION(QuietHours({wrong}), system::ConfigError, [](const auto& error) {
      return std::string(error.what()).find("22:00-07:00 Europe/Berlin") != std::string::npos;
    });
  }
}

BOOST_AUTO_TEST_CASE(a_mute_ends_and_is_read_again) {
  const tests::TempDir directory;
  const std::string path = directory / "mutes.toml";
  tests::write_file(path,
                    "[[mute]]\nprovider = \"GitHub\"\ncomponent = \"api*\"\n"
                    "until = 2026-02-20T14:00:00+01:00\nreason = \"we know\"\n");
  Mutes mutes(path);
  BOOST_TEST(mutes.silence(update_of(Impact::major), at("2026-02-20T12:59:59Z")));
  BOOST_TEST(!mutes.silence(update_of(Impact::major), at("2026-02-20T13:00:00Z")));
  tests::write_file(path, "[[mute]]\nincident = \"other\"\nuntil = 2030-01-01T00:00:00Z\n");
  mutes.reload();
  BOOST_TEST(!mutes.silence(update_of(Impact::major), at("2026-02-20T12:00:00Z")));
  tests::write_file(path, "[[mute]]\n");
  mutes.reload();  // wrong: what was read before stays
  auto other = update_of(Impact::major);
  other.incident_id = "other";
  BOOST_TEST(mutes.silence(other, at("2026-02-20T12:00:00Z")));
}

BOOST_AUTO_TEST_CASE(a_wrong_mute_file_is_refused_with_its_line) {
  const tests::TempDir directory;
  const std::string path = directory / "mutes.toml";
  for (const char* wrong :
       {"[[mute]]\nprovider = \"github\"\n", "[[mute]]\nuntil = \"tomorrow\"\n",
        "[[mute]]\nuntil = 2026-02-20T14:00:00\n", "[mute]\nuntil = 2026-02-20T14:00:00Z\n",
        "[[mute]]\nprovidr = \"x\"\nuntil = 2026-02-20T14:00:00Z\n"}) {
    tests::write_file(path, wrong);
    BOOST_CHECK_EXCEPTION(Mutes{path}, system::ConfigError, [](const auto& error) {
      return std::string(error.what()).find("line ") != std::string::npos;
    });
  }
  BOOST_CHECK_THROW(Mutes{directory / "nowhere"}, system::ConfigError);
}

BOOST_AUTO_TEST_CASE(how_bad_it_is_comes_from_impact_or_state_and_maintenance_is_no_fault) {
  BOOST_CHECK(status::weight_of(update_of(Impact::major)) == Impact::major);
  auto component = update_of(Impact::none, State::major_outage);
  component.kind = Kind::component;
  BOOST_CHECK(status::weight_of(component) == Impact::critical);
  auto maintenance = update_of(Impact::none, State::scheduled);
  maintenance.kind = Kind::maintenance;
  BOOST_CHECK(!status::weight_of(maintenance));
  BOOST_TEST(Filter({.min_impact = "critical"}).accepts(maintenance));
  BOOST_TEST(!Filter({.skip_maintenance = true}).accepts(maintenance));
  BOOST_TEST(Filter({.skip_maintenance = true}).accepts(component));
}

BOOST_AUTO_TEST_CASE(each_incident_is_in_one_shard_and_stays_there) {
  const std::array<Shard, 3> shards{Shard("1/3"), Shard("2/3"), Shard("3/3")};
  std::array<int, 3> held{};
  for (int i = 0; i < 300; ++i) {
    auto update = update_of(Impact::minor);
    update.incident_id = "incident " + std::to_string(i);
    auto later = update;
    later.state = State::resolved;
    later.message = "over";
    int holders = 0;
    for (std::size_t shard = 0; shard < shards.size(); ++shard) {
      BOOST_TEST(shards[shard].holds(update) == shards[shard].holds(later));
      holders += shards[shard].holds(update) ? 1 : 0;
      held[shard] += shards[shard].holds(update) ? 1 : 0;
    }
    BOOST_TEST(holders == 1);
    BOOST_TEST(Shard().holds(update));
  }
  for (const int count : held) {
    BOOST_TEST(count > 60);
  }
  for (const char* wrong : {"", "1", "0/3", "4/3", "1/0", "1/", "/3", "1/3x", "a/b", "1/1000"}) {
    BOOST_CHECK_THROW(Shard{wrong}, system::ConfigError);
  }
}

BOOST_AUTO_TEST_CASE(only_what_is_asked_for) {
  const auto update = update_of(Impact::minor);
  BOOST_TEST(Filter({.components = {"api*"}}).accepts(update));
  BOOST_TEST(Filter({.components = {"nothing", "C2"}}).accepts(update));
  BOOST_TEST(!Filter({.components = {"api"}}).accepts(update));
  BOOST_TEST(Filter({.states = {"investigating"}}).accepts(update));
  BOOST_TEST(!Filter({.states = {"resolved"}}).accepts(update));
  BOOST_TEST(Filter({.min_impact = "minor"}).accepts(update));
  BOOST_TEST(!Filter({.min_impact = "major"}).accepts(update));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::delivery
