#include "lib/metrics/process.h"

#include <fcntl.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <thread>

#include "lib/system/clock.h"
#include "lib/system/fd.h"
#include "lib/system/version.h"

namespace monitor::metrics {
namespace {

// Of this process, now; less than nothing when it is not told.
double figure(const std::string& name) {
  Exposition out;
  write_process(out);
  const std::string text = out.take();
  const std::size_t at = text.find('\n' + name + ' ');
  return at == std::string::npos ? -1 : std::stod(text.substr(at + name.size() + 2));
}

BOOST_AUTO_TEST_SUITE(process)

BOOST_AUTO_TEST_CASE(fields_are_counted_from_the_end_of_a_name_that_may_be_anything) {
  const auto stat = parse_process_stat(
      "12 (a ) R 1 2) S 1 12 12 0 -1 4194304 100 0 0 0 7 5 0 0 20 0 3 0 4200 8192000 250 18446");
  BOOST_REQUIRE(stat);
  BOOST_TEST(stat->threads == 3U);
  BOOST_TEST(stat->started_after_boot == 4200.0 / static_cast<double>(::sysconf(_SC_CLK_TCK)));
  BOOST_TEST(stat->virtual_bytes == 8192000U);
  BOOST_TEST(stat->resident_bytes == 250U * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)));
}

BOOST_AUTO_TEST_CASE(what_is_no_such_line_is_nothing) {
  for (const char* line : {"", "12 (a", "12 (a)", "12 (a) S 1 2 3",
                           "12 (a) S 1 x 12 0 -1 4 1 0 0 0 7 5 0 0 20 0 3 0 4200 8192000 250"}) {
    BOOST_TEST_CONTEXT(line) { BOOST_CHECK(!parse_process_stat(line)); }
  }
}

BOOST_AUTO_TEST_CASE(what_this_process_uses_is_told) {
  BOOST_TEST(figure("process_cpu_seconds_total") >= 0);
  BOOST_TEST(figure("process_resident_memory_bytes") > 1e6);
  BOOST_TEST(figure("process_virtual_memory_bytes") >= figure("process_resident_memory_bytes"));
  BOOST_TEST(figure("process_max_fds") >= figure("process_open_fds"));
  const double now = static_cast<double>(system::to_microseconds(system::now())) / 1e6;
  BOOST_TEST(figure("process_start_time_seconds") <= now);
  BOOST_TEST(figure("process_start_time_seconds") > now - 86400);
  BOOST_TEST(figure("process_start_time_seconds") == figure("process_start_time_seconds"));
}

BOOST_AUTO_TEST_CASE(a_thread_and_an_open_file_count) {
  const double threads = figure("process_threads");
  const double files = figure("process_open_fds");
  const system::Fd file(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  double with_thread = 0;
  std::thread([&with_thread] { with_thread = figure("process_threads"); }).join();
  BOOST_TEST(with_thread == threads + 1);
  BOOST_TEST(figure("process_open_fds") == files + 1);
}

BOOST_AUTO_TEST_CASE(the_version_is_a_label) {
  Exposition out;
  write_build_info(out, "x_build_info");
  BOOST_TEST(out.take().ends_with(std::string("\nx_build_info{version=\"") + system::kVersion +
                                  "\"} 1\n"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::metrics
