#include "formatter/output.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <deque>
#include <string>

#include "lib/system/error.h"
#include "lib/system/fd.h"
#include "tests/support/temp_dir.h"

using namespace monitor;
using namespace monitor::formatter;
using namespace std::chrono_literals;
using system::Signal;

namespace {

struct Fixture {
  Fixture() {
    ::signal(SIGPIPE, SIG_IGN);
    std::array<int, 2> ends{};
    BOOST_REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
    reader = system::Fd{ends[0]};
    writer = system::Fd{ends[1]};
  }
  ~Fixture() { ::signal(SIGPIPE, SIG_DFL); }

  // Until nothing more fits.
  void fill_pipe() {
    ::fcntl(writer.get(), F_SETFL, O_NONBLOCK);
    const std::string page(4096, 'x');
    while (::write(writer.get(), page.data(), page.size()) > 0) {
    }
    ::fcntl(writer.get(), F_SETFL, 0);
  }

  std::deque<Signal> signals;
  Stop stop{-1, [this]() -> std::optional<Signal> {
              if (signals.empty()) {
                return std::nullopt;
              }
              signals.pop_front();
              return Signal::terminate;
            }};
  system::Fd reader;
  system::Fd writer;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(formatter_output, Fixture)

BOOST_AUTO_TEST_CASE(a_text_arrives_at_once) {
  DescriptorOutput output(writer.get(), stop);
  BOOST_TEST((output.write("two\nlines\n") == Written::whole));
  std::array<char, 100> buffer{};
  const ssize_t size = ::read(reader.get(), buffer.data(), buffer.size());
  BOOST_TEST(std::string(buffer.data(), static_cast<std::size_t>(size)) == "two\nlines\n");
}

BOOST_AUTO_TEST_CASE(a_reader_that_left_is_no_error) {
  reader.reset();
  DescriptorOutput output(writer.get(), stop);
  BOOST_TEST((output.write("line\n") == Written::reader_left));
}

BOOST_AUTO_TEST_CASE(a_second_signal_ends_the_wait_for_a_stuck_reader_at_once) {
  fill_pipe();
  signals = {Signal::terminate, Signal::terminate};
  DescriptorOutput output(writer.get(), stop, 20s);
  const auto begin = std::chrono::steady_clock::now();
  BOOST_TEST((output.write("line\n") == Written::stopped));
  BOOST_TEST((std::chrono::steady_clock::now() - begin < 10s));
}

BOOST_AUTO_TEST_CASE(one_signal_ends_it_after_a_while) {
  fill_pipe();
  signals = {Signal::terminate};
  DescriptorOutput output(writer.get(), stop, 50ms);
  const auto begin = std::chrono::steady_clock::now();
  BOOST_TEST((output.write("line\n") == Written::stopped));
  BOOST_TEST((std::chrono::steady_clock::now() - begin >= 50ms));
}

BOOST_AUTO_TEST_CASE(one_signal_does_not_keep_a_text_from_a_reader_who_reads) {
  signals = {Signal::terminate};
  DescriptorOutput output(writer.get(), stop);
  BOOST_TEST((output.write("line\n") == Written::whole));
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_thrown) {
  const system::Fd full{::open("/dev/full", O_WRONLY | O_CLOEXEC)};
  BOOST_REQUIRE(full);
  DescriptorOutput output(full.get(), stop);
  BOOST_CHECK_THROW(output.write("line\n"), system::Failure);
}

BOOST_AUTO_TEST_CASE(a_file_takes_a_long_text) {
  const tests::TempDir directory;
  const system::Fd file{::open((directory / "out").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600)};
  DescriptorOutput output(file.get(), stop);
  const std::string text(100'000, 'y');
  BOOST_TEST((output.write(text) == Written::whole));
  BOOST_TEST((tests::read_file(directory / "out") == text));
}

BOOST_AUTO_TEST_CASE(a_closed_descriptor_is_refused) {
  const int closed = writer.get();
  writer.reset();
  BOOST_CHECK_THROW(require_open(closed), system::Failure);
}

BOOST_AUTO_TEST_SUITE_END()
