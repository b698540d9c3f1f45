#include "lib/system/log.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <string>

#include "lib/system/error.h"
#include "lib/system/fd.h"
#include "tests/support/temp_dir.h"

using namespace monitor;
using system::Level;

namespace {

// What `write` puts on stderr.
template <typename Write>
std::string stderr_of(Write write) {
  const tests::TempDir directory;
  const std::string path = directory / "stderr";
  const system::Fd kept(::dup(STDERR_FILENO));
  {
    const system::Fd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    ::dup2(file.get(), STDERR_FILENO);
  }
  write();
  ::dup2(kept.get(), STDERR_FILENO);
  return tests::read_file(path);
}

std::string logged(Level level, std::string_view text) {
  return stderr_of([&] { system::log(level, text); });
}

std::string line(const std::string& text) {
  return std::string(program_invocation_short_name) + ": " + text + "\n";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(system_log)

BOOST_AUTO_TEST_CASE(a_line_says_who_and_how_bad) {
  BOOST_TEST(logged(Level::info, "listening") == line("listening"));
  BOOST_TEST(logged(Level::debug, "x") == line("debug: x"));
  BOOST_TEST(logged(Level::warning, "x") == line("warning: x"));
  BOOST_TEST(logged(Level::error, "x") == line("error: x"));
  BOOST_TEST(logged(Level::fatal, "x") == line("fatal: x"));
}

BOOST_AUTO_TEST_CASE(control_characters_are_shown_as_question_marks) {
  BOOST_TEST(logged(Level::info, "a\nb\r\tc\x1b[31m\x7f") == line("a?b??c?[31m?"));
  BOOST_TEST(logged(Level::info, std::string_view("a\0b", 3)) == line("a?b"));
}

// U+009B begins an escape sequence as ESC [ does.
BOOST_AUTO_TEST_CASE(control_characters_of_latin_1_too) {
  BOOST_TEST(logged(Level::info,
                    "a\xC2\x9B"
                    "31mb\xC2\x80\xC2\x9F") == line("a?31mb??"));
}

BOOST_AUTO_TEST_CASE(letters_of_all_languages_stay) {
  const std::string text = "M\u00fcnchen \u00a0\u00c2\u6771\u4eac \U0001F600";
  BOOST_TEST(logged(Level::info, text) == line(text));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(system_error)

BOOST_AUTO_TEST_CASE(each_failure_has_its_exit_code_and_one_line) {
  int code = 0;
  const auto report = [&](const std::exception& error) {
    return stderr_of([&] { code = system::report_fatal(error); });
  };
  BOOST_TEST(report(system::Failure("cannot go on: no")) == line("fatal: cannot go on: no"));
  BOOST_TEST(code == 1);
  report(system::UsageError("x"));
  BOOST_TEST(code == 64);
  report(system::ConfigError("x"));
  BOOST_TEST(code == 78);
  report(std::runtime_error("x"));
  BOOST_TEST(code == 1);
}

BOOST_AUTO_TEST_CASE(errno_is_told_in_words) {
  errno = ENOENT;
  BOOST_CHECK_EXCEPTION(system::fail_errno("open x"), system::Failure, [](const auto& error) {
    return error.what() == std::string("cannot open x: No such file or directory");
  });
}

BOOST_AUTO_TEST_SUITE_END()
