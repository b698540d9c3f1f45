// Boost.Test's main for the laboratory of faults: real programs, and what may befall them. Each
// run is bounded and, but for what the kernel decides, the same for the same $SEED; $SOAK makes it
// that many times longer (`make soak`). One suite: `build/bin/fault-tests --run_test=SUITE`. Run
// inside the project's tree.
#define BOOST_TEST_MODULE faults
#include <boost/test/unit_test.hpp>
