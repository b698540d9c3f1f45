#include "lib/system/fd.h"

#include <fcntl.h>

#include <boost/test/unit_test.hpp>
#include <utility>

using namespace monitor::system;

namespace {

int open_one() { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }
bool is_open(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }

}  // namespace

BOOST_AUTO_TEST_SUITE(system_fd)

BOOST_AUTO_TEST_CASE(it_closes_when_it_goes) {
  const int raw = open_one();
  {
    const Fd fd(raw);
    BOOST_TEST(static_cast<bool>(fd));
    BOOST_TEST(fd.get() == raw);
    BOOST_TEST(is_open(raw));
  }
  BOOST_TEST(!is_open(raw));
}

BOOST_AUTO_TEST_CASE(moving_hands_it_on) {
  const int raw = open_one();
  Fd from(raw);
  Fd to(std::move(from));
  BOOST_TEST(!from);
  BOOST_TEST(to.get() == raw);
  BOOST_TEST(is_open(raw));
}

BOOST_AUTO_TEST_CASE(assignment_closes_what_was_there) {
  const int old = open_one();
  const int fresh = open_one();
  Fd fd(old);
  fd = Fd(fresh);
  BOOST_TEST(fd.get() == fresh);
  BOOST_TEST(!is_open(old));
  BOOST_TEST(is_open(fresh));
}

BOOST_AUTO_TEST_CASE(what_is_released_is_left_open) {
  const int raw = open_one();
  {
    Fd fd(raw);
    BOOST_TEST(fd.release() == raw);
    BOOST_TEST(!fd);
  }
  BOOST_TEST(is_open(raw));
  const Fd clean_up(raw);
}

BOOST_AUTO_TEST_CASE(reset_closes_once) {
  const int raw = open_one();
  Fd fd(raw);
  fd.reset();
  BOOST_TEST(!is_open(raw));
  fd.reset();
  BOOST_TEST(!fd);
  BOOST_TEST(!Fd());
}

BOOST_AUTO_TEST_SUITE_END()
