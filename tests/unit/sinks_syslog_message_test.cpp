// An update as an entry of journald and of syslog.
#include "sinks/delivery/syslog_message.h"

#include <boost/test/unit_test.hpp>

#include "lib/system/error.h"
#include "sinks/delivery/log_socket.h"
#include "tests/support/temp_dir.h"

namespace monitor::delivery {
namespace {

status::StatusUpdate update() {
  status::StatusUpdate update;
  update.provider = "github";
  update.provider_name = "GitHub";
  update.incident_id = "i1";
  update.name = "Pushes fail";
  update.impact = status::Impact::major;
  update.state = status::State::investigating;
  update.message = "Störung";
  update.received_at = update.happened_at = system::from_microseconds(1'771'597'925'123'456);
  return update;
}

int severity(status::Impact impact, status::State state) {
  auto one = update();
  one.impact = impact;
  one.state = state;
  one.kind =
      impact == status::Impact::maintenance ? status::Kind::maintenance : status::Kind::incident;
  return syslog_severity(one);
}

bool refuses(const std::string& text) {
  try {
    parse_log_target(text);
  } catch (const system::ConfigError&) {
    return true;
  }
  return false;
}

BOOST_AUTO_TEST_SUITE(sinks_syslog_message)

BOOST_AUTO_TEST_CASE(how_bad_it_is_decides_the_severity) {
  using status::Impact;
  using status::State;
  BOOST_TEST(severity(Impact::critical, State::identified) == 2);
  BOOST_TEST(severity(Impact::major, State::identified) == 3);
  BOOST_TEST(severity(Impact::minor, State::identified) == 4);
  BOOST_TEST(severity(Impact::none, State::identified) == 6);
  BOOST_TEST(severity(Impact::maintenance, State::in_progress) == 6);
  BOOST_TEST(severity(Impact::critical, State::resolved) == 5);
}

BOOST_AUTO_TEST_CASE(facilities_have_the_numbers_of_rfc_5424) {
  BOOST_TEST(syslog_facility("kern") == 0);
  BOOST_TEST(syslog_facility("daemon") == 3);
  BOOST_TEST(syslog_facility("authpriv") == 10);
  BOOST_TEST(syslog_facility("ftp") == 11);
  BOOST_TEST(syslog_facility("local0") == 16);
  BOOST_TEST(syslog_facility("local7") == 23);
}

BOOST_AUTO_TEST_CASE(rfc_5424_byte_for_byte) {
  const auto one = update();
  BOOST_TEST(syslog_message({one, "k1", "GitHub: Störung"}, "box.example") ==
             "<27>1 2026-02-20T14:32:05.123456Z box.example status-monitor - incident "
             "[status@32473 provider=\"github\" provider_name=\"GitHub\" kind=\"incident\" "
             "incident=\"i1\" name=\"Pushes fail\" impact=\"major\" status=\"investigating\" "
             "happened_at=\"2026-02-20T14:32:05.123456Z\" key=\"k1\"] "
             "\xEF\xBB\xBFGitHub: Störung");
  BOOST_TEST(syslog_message({one, "k1", "x", 16}, "")
                 .starts_with("<131>1 2026-02-20T14:32:05.123456Z - "));
  BOOST_TEST(syslog_message({one, "k1", "x"}, "two words").find("Z - status-monitor") !=
             std::string::npos);
  BOOST_TEST(octet_counted("Störung") == "8 Störung");
}

BOOST_AUTO_TEST_CASE(a_parameter_can_not_be_left_from_within) {
  auto one = update();
  one.name = "a\"] \\ [x@1 y=\"z\"]\nnext";
  const std::string text = syslog_message({one, "k1", "x\n<0>1 forged"}, "h");
  BOOST_TEST(text.find(R"( name="a\"\] \\ [x@1 y=\"z\"\] next")") != std::string::npos, text);
  BOOST_TEST(text.find('\n') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(long_text_is_cut_between_characters) {
  auto one = update();
  one.name = std::string(100'000, 'n');
  std::string text;
  for (int i = 0; i < 10'000; ++i) {
    text += "ö";
  }
  BOOST_TEST(syslog_message({one, "k1", text}, "h").size() < 4096U);
  BOOST_TEST(journal_entry({one, "k1", text}).size() < 100'000U);
}

BOOST_AUTO_TEST_CASE(a_journal_entry_has_a_field_a_line) {
  auto one = update();
  one.name = "a\nPRIORITY=0\nSTATUS_KIND=fake";
  const auto lines = tests::lines_of(journal_entry({one, "k1", "text\nMESSAGE=forged"}));
  const std::vector<std::string> expected{"MESSAGE=text MESSAGE=forged",
                                          "PRIORITY=3",
                                          "SYSLOG_FACILITY=3",
                                          "SYSLOG_IDENTIFIER=status-monitor",
                                          "STATUS_PROVIDER=github",
                                          "STATUS_PROVIDER_NAME=GitHub",
                                          "STATUS_KIND=incident",
                                          "STATUS_INCIDENT=i1",
                                          "STATUS_NAME=a PRIORITY=0 STATUS_KIND=fake",
                                          "STATUS_IMPACT=major",
                                          "STATUS_STATUS=investigating",
                                          "STATUS_HAPPENED_AT=2026-02-20T14:32:05.123456Z",
                                          "STATUS_KEY=k1"};
  BOOST_TEST(lines == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(places_to_write_to) {
  BOOST_TEST(parse_log_target("journald").path == "/run/systemd/journal/socket");
  BOOST_TEST(parse_log_target("unix:/dev/log").path == "/dev/log");
  const LogTarget udp = parse_log_target("udp://logs.example");
  BOOST_TEST(udp.host == "logs.example");
  BOOST_TEST(udp.port == "514");
  const LogTarget tcp = parse_log_target("tcp://[::1]:6514");
  BOOST_TEST(tcp.host == "::1");
  BOOST_TEST(tcp.port == "6514");
  BOOST_TEST(parse_log_target("tcp://[::1]").port == "601");
  for (const char* wrong : {"", "syslog", "unix:", "udp://", "tcp://:601", "tcp://h:", "tcp://h:x",
                            "tcp://h/path", "http://h", "journald:"}) {
    BOOST_TEST(refuses(wrong), wrong);
  }
  BOOST_TEST(refuses("unix:/" + std::string(200, 'x')));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::delivery
