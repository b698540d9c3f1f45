#include "lib/metrics/histogram.h"

#include <boost/test/unit_test.hpp>

namespace monitor::metrics {
namespace {

using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(histogram)

BOOST_AUTO_TEST_CASE(each_bucket_holds_what_took_no_longer) {
  Histogram histogram{0.001, 0.01};
  histogram.observe(1ms);
  histogram.observe(2ms);
  histogram.observe(3s);
  const auto reading = histogram.read();
  BOOST_TEST(reading.at_most == (std::vector<std::uint64_t>{1, 2, 3}),
             boost::test_tools::per_element());
  BOOST_TEST(reading.sum == 3.003, boost::test_tools::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(a_clock_that_was_set_back_counts_as_nothing) {
  Histogram histogram{0.001};
  histogram.observe(-5s);
  BOOST_TEST(histogram.read().at_most.front() == 1U);
  BOOST_TEST(histogram.read().sum == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::metrics
