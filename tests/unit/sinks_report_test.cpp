// The file for Prometheus' textfile collector.
#include "sinks/delivery/report.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "tests/support/temp_dir.h"

using namespace monitor;
using namespace monitor::delivery;

BOOST_AUTO_TEST_SUITE(sinks_report)

BOOST_AUTO_TEST_CASE(the_file_is_replaced_whole_or_not_at_all) {
  const tests::TempDir directory;
  const std::string path = directory / "sink.prom";
  Totals first;
  first.delivered = 7;
  Totals second;
  second.delivered = 8;
  Report report("status-sink-test", path);
  report.write_metrics({}, first, 0);
  const std::string written = tests::read_file(path);
  BOOST_TEST(written.find("status_sink_delivered_total{sink=\"status-sink-test\"} 7") !=
             std::string::npos);
  std::filesystem::create_symlink("/dev/full", path + ".new");
  report.write_metrics({}, second, 0);
  BOOST_TEST_REQUIRE(!std::filesystem::is_symlink(path));
  BOOST_TEST(tests::read_file(path) == written);
  std::filesystem::remove(path + ".new");
  report.write_metrics({}, second, 0);
  BOOST_TEST(tests::read_file(path) != written);
}

BOOST_AUTO_TEST_SUITE_END()
