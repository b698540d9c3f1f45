// Boost.Test's main for the integration tests, which start the real programs that stand beside this
// one. One suite: `build/bin/integration-tests --run_test=SUITE`. Run inside the project's tree.
#define BOOST_TEST_MODULE integration
#include <boost/test/unit_test.hpp>
