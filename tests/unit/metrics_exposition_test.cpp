#include "lib/metrics/exposition.h"

#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <limits>

namespace monitor::metrics {
namespace {

using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(exposition)

BOOST_AUTO_TEST_CASE(a_family_is_its_meaning_its_type_and_its_samples) {
  Exposition out;
  out.counter("seen_total", "What was seen.").sample(3);
  out.gauge("open", "What is open.").sample(1, {{"kind", "a"}}).sample(2, {{"kind", "b"}});
  BOOST_TEST(out.take() ==
             "# HELP seen_total What was seen.\n# TYPE seen_total counter\nseen_total 3\n"
             "# HELP open What is open.\n# TYPE open gauge\nopen{kind=\"a\"} 1\n"
             "open{kind=\"b\"} 2\n");
}

BOOST_AUTO_TEST_CASE(what_a_label_holds_cannot_leave_it) {
  Exposition out;
  out.gauge("x", "h").sample(1, {{"who", "a\\b\"} 9\nx{who=\"c"}, {"what", "\xE2\x82\xAC"}});
  BOOST_TEST(out.take() ==
             "# HELP x h\n# TYPE x gauge\n"
             "x{who=\"a\\\\b\\\"} 9\\nx{who=\\\"c\",what=\"\xE2\x82\xAC\"} 1\n");
}

BOOST_AUTO_TEST_CASE(help_stays_on_its_line_and_keeps_its_quotes) {
  Exposition out;
  out.gauge("x", "a \"b\" \\ c\nd");
  BOOST_TEST(out.take() == "# HELP x a \"b\" \\\\ c\\nd\n# TYPE x gauge\n");
}

BOOST_AUTO_TEST_CASE(a_histogram_is_cumulative_and_ends_without_a_limit) {
  Histogram histogram{0.001, 1};
  histogram.observe(1ms);
  histogram.observe(500ms);
  histogram.observe(2s);
  Exposition out;
  out.histogram("t_seconds", "h").distribution(histogram.read(), {{"route", "a"}});
  BOOST_TEST(out.take() ==
             "# HELP t_seconds h\n# TYPE t_seconds histogram\n"
             "t_seconds_bucket{route=\"a\",le=\"0.001\"} 1\n"
             "t_seconds_bucket{route=\"a\",le=\"1\"} 2\n"
             "t_seconds_bucket{route=\"a\",le=\"+Inf\"} 3\n"
             "t_seconds_sum{route=\"a\"} 2.501\nt_seconds_count{route=\"a\"} 3\n");
}

BOOST_AUTO_TEST_CASE(sizes_are_summed_as_they_are) {
  SizeHistogram histogram{1, 10};
  histogram.observe(1);
  histogram.observe(11);
  const auto reading = histogram.read();
  BOOST_TEST(reading.at_most == (std::vector<std::uint64_t>{1, 1, 2}),
             boost::test_tools::per_element());
  BOOST_TEST(reading.sum == 12.0);
}

BOOST_AUTO_TEST_CASE(numbers_are_written_as_prometheus_spells_them) {
  Exposition out;
  out.gauge("x", "h").sample(std::numeric_limits<double>::infinity());
  out.sample(-std::numeric_limits<double>::infinity());
  out.sample(std::numeric_limits<double>::quiet_NaN()).sample(0.1).sample(1771597925.25);
  out.sample(std::numeric_limits<std::uint64_t>::max()).sample(-1);
  BOOST_TEST(out.take() ==
             "# HELP x h\n# TYPE x gauge\nx +Inf\nx -Inf\nx NaN\nx 0.1\nx 1771597925.25\n"
             "x 18446744073709551615\nx -1\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::metrics
