// Boost.Test's main for all unit tests; run one suite with `build/bin/unit-tests --run_test=SUITE`.
#define BOOST_TEST_MODULE unit
#include <boost/test/unit_test.hpp>
