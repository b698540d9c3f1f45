#include "lib/metrics/labelled_counter.h"

#include <boost/test/unit_test.hpp>

namespace monitor::metrics {
namespace {

BOOST_AUTO_TEST_SUITE(labelled_counter)

BOOST_AUTO_TEST_CASE(strangers_beyond_the_bound_are_counted_as_one) {
  LabelledCounter counter(2);
  for (const char* value : {"a", "b", "c", "a", "d"}) {
    counter.add(value, false);
  }
  const LabelledCounter::Counts expected{{"a", 2}, {"b", 1}, {"other", 2}};
  BOOST_CHECK(counter.read() == expected);
}

BOOST_AUTO_TEST_CASE(what_is_certain_is_told_apart_whatever_strangers_made_up) {
  LabelledCounter counter(1);
  for (const char* value : {"made-up", "made-up-too"}) {
    counter.add(value, false);
  }
  counter.add("github", true);
  const LabelledCounter::Counts expected{{"github", 1}, {"made-up", 1}, {"other", 1}};
  BOOST_CHECK(counter.read() == expected);
}

BOOST_AUTO_TEST_CASE(what_is_certain_takes_no_strangers_place) {
  BoundedLabels labels(1);
  labels.of("github", true);
  BOOST_TEST(labels.of("a") == "a");
  BOOST_TEST(labels.of("b") == "other");
}

BOOST_AUTO_TEST_CASE(a_stranger_called_other_is_one_of_them) {
  LabelledCounter counter(1);
  for (const char* value : {"other", "x"}) {
    counter.add(value, false);
  }
  const LabelledCounter::Counts expected{{"other", 2}};
  BOOST_CHECK(counter.read() == expected);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::metrics
