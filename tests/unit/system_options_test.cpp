#include "lib/system/options.h"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lib/system/error.h"
#include "tests/support/temp_dir.h"

using namespace monitor;
using system::ConfigError;
using system::UsageError;

namespace {

using Words = std::vector<std::string>;
using Variables = std::map<std::string, std::string>;

// Variables as they are for one test, and as they were afterwards.
class Environment {
 public:
  explicit Environment(const Variables& variables) {
    for (const auto& [name, value] : variables) {
      const char* before = std::getenv(name.c_str());
      before_[name] = before != nullptr ? std::optional<std::string>(before) : std::nullopt;
      ::setenv(name.c_str(), value.c_str(), 1);
    }
  }
  ~Environment() {
    for (const auto& [name, value] : before_) {
      if (value) {
        ::setenv(name.c_str(), value->c_str(), 1);
      } else {
        ::unsetenv(name.c_str());
      }
    }
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  std::map<std::string, std::optional<std::string>> before_;
};

// A program with an option of every kind.
struct Program {
  std::string host = "127.0.0.1";
  int port = 5000;
  std::uint64_t max_body = 1 << 20;
  std::chrono::seconds keep_age{3600};
  std::string format = "text";
  std::vector<std::string> providers = {"all"};
  std::vector<std::string> kinds;
  bool debug = false;
  std::vector<std::string> command;
  bool goes_on = false;

  explicit Program(Words words) {
    system::Options options("status-test", "Is tested.");
    options.text("--host", host, "ADDRESS", "where");
    options.number("--port", port, 0, 65535, "which");
    options.also_from_environment("--port", "TEST_PORT");
    options.size("--max-body", max_body, "how much");
    options.duration("--keep-age", keep_age, "how long");
    options.choice("--format", format, {"text", "json"}, "how");
    options.texts("--provider", providers, "NAME", "who");
    options.choices("--kind", kinds, {"incident", "maintenance"}, "what");
    options.toggle("--debug", debug, "more");
    options.rest(command, "COMMAND", "what to run");
    words.insert(words.begin(), "status-test");
    std::vector<char*> argv;
    for (std::string& word : words) {
      argv.push_back(word.data());
    }
    argv.push_back(nullptr);
    goes_on = options.parse(static_cast<int>(words.size()), argv.data());
  }
};

// A --config file with `text`.
class ConfigFile {
 public:
  explicit ConfigFile(const std::string& text) { tests::write_file(path(), text); }
  std::string path() const { return directory_ / "config.toml"; }
  Words flags(Words more = {}) const {
    more.insert(more.begin(), {"--config", path()});
    return more;
  }

 private:
  tests::TempDir directory_;
};

template <typename Error>
void check_refused(const Words& words, const std::string& expected) {
  try {
    Program program(words);
    BOOST_ERROR("not refused: expected " + expected);
  } catch (const Error& error) {
    BOOST_TEST(std::string(error.what()).find(expected) != std::string::npos, error.what());
  } catch (const std::exception& error) {
    BOOST_ERROR(std::string("refused in another way: ") + error.what());
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(system_options)

BOOST_AUTO_TEST_CASE(without_anything_the_defaults_stay) {
  const Program program({});
  BOOST_TEST(program.goes_on);
  BOOST_TEST(program.host == "127.0.0.1");
  BOOST_TEST(program.port == 5000);
  BOOST_TEST(program.max_body == 1U << 20);
  BOOST_TEST(program.keep_age.count() == 3600);
  BOOST_TEST((program.providers == Words{"all"}));
  BOOST_TEST(!program.debug);
}

BOOST_AUTO_TEST_CASE(flags_of_every_kind_are_taken) {
  const Program program({"--host", "::1", "--port=80", "--max-body", "2KiB", "--keep-age", "2h",
                         "--format", "json", "--debug"});
  BOOST_TEST(program.host == "::1");
  BOOST_TEST(program.port == 80);
  BOOST_TEST(program.max_body == 2048U);
  BOOST_TEST(program.keep_age.count() == 7200);
  BOOST_TEST(program.format == "json");
  BOOST_TEST(program.debug);
}

BOOST_AUTO_TEST_CASE(the_flag_beats_the_variable_and_the_variable_beats_the_file) {
  const ConfigFile file("port = 1\nhost = \"file\"\nformat = \"json\"\n");
  const Environment environment(
      Variables{{"STATUS_TEST_PORT", "2"}, {"STATUS_TEST_HOST", "variable"}});
  const Program program(file.flags({"--port", "3"}));
  BOOST_TEST(program.port == 3);
  BOOST_TEST(program.host == "variable");
  BOOST_TEST(program.format == "json");
}

BOOST_AUTO_TEST_CASE(texts_of_the_file_are_taken_as_they_stand) {
  for (const std::string text : {"#ops", "a # b", "[x]", "$HOME %I", "a,b", "-k(&)", "true"}) {
    BOOST_TEST(Program(ConfigFile("host = \"" + text + "\" # remark\n").flags()).host == text);
  }
}

BOOST_AUTO_TEST_CASE(a_second_variable_is_asked_after_the_first) {
  {
    const Environment environment(Variables{{"TEST_PORT", "81"}});
    BOOST_TEST(Program({}).port == 81);
    BOOST_TEST(Program({"--port", "82"}).port == 82);
  }
  const Environment environment(Variables{{"TEST_PORT", "81"}, {"STATUS_TEST_PORT", "83"}});
  BOOST_TEST(Program({}).port == 83);
}

BOOST_AUTO_TEST_CASE(an_empty_variable_counts_as_none) {
  const Environment environment(Variables{{"STATUS_TEST_PORT", ""}, {"STATUS_TEST_PROVIDER", ""}});
  const Program program({});
  BOOST_TEST(program.port == 5000);
  BOOST_TEST((program.providers == Words{"all"}));
}

BOOST_AUTO_TEST_CASE(several_values_take_the_place_of_the_default) {
  BOOST_TEST((Program({"--provider", "a", "--provider", "b c"}).providers == Words{"a", "b c"}));
  const ConfigFile file("provider = [\"c\", \"d\"]\n");
  BOOST_TEST((Program(file.flags()).providers == Words{"c", "d"}));
  const Environment environment(Variables{{"STATUS_TEST_PROVIDER", "e f"}});
  BOOST_TEST((Program({}).providers == Words{"e", "f"}));
  BOOST_TEST((Program({"--provider", "g"}).providers == Words{"g"}));
  BOOST_TEST((Program(file.flags()).providers == Words{"e", "f"}));
}

BOOST_AUTO_TEST_CASE(of_an_option_with_one_value_the_last_counts) {
  BOOST_TEST(Program({"--port", "1", "--port", "2"}).port == 2);
}

BOOST_AUTO_TEST_CASE(choices_are_checked) {
  BOOST_TEST((Program({"--kind", "incident", "--kind", "maintenance"}).kinds ==
              Words{"incident", "maintenance"}));
  check_refused<UsageError>({"--format", "xml"}, "'xml' is not one of text, json");
  check_refused<UsageError>({"--kind", "incident", "--kind", "x"},
                            "'x' is not one of incident, maintenance");
}

BOOST_AUTO_TEST_CASE(a_toggle_can_be_set_and_unset_by_the_environment) {
  for (const char* yes : {"1", "true", "yes", "on"}) {
    const Environment environment(Variables{{"STATUS_TEST_DEBUG", yes}});
    BOOST_TEST(Program({}).debug, yes);
  }
  for (const char* no : {"0", "false", "no", "off"}) {
    const Environment environment(Variables{{"STATUS_TEST_DEBUG", no}});
    BOOST_TEST(!Program({}).debug, no);
    BOOST_TEST(Program({"--debug"}).debug, no);
  }
  const Environment environment(Variables{{"STATUS_TEST_DEBUG", "maybe"}});
  check_refused<ConfigError>({}, "STATUS_TEST_DEBUG");
}

BOOST_AUTO_TEST_CASE(a_toggle_can_stand_in_the_file) {
  BOOST_TEST(Program(ConfigFile("debug = true\n").flags()).debug);
  BOOST_TEST(!Program(ConfigFile("debug = false\n").flags()).debug);
  check_refused<ConfigError>(ConfigFile("debug = \"maybe\"\n").flags(), "debug");
}

BOOST_AUTO_TEST_CASE(a_wrong_command_line_is_a_usage_error) {
  check_refused<UsageError>({"--no-such-flag"}, "--no-such-flag");
  check_refused<UsageError>({"--port"}, "--port");
  check_refused<UsageError>({"--port", "x"}, "cannot use --port: 'x' is not a number");
  check_refused<UsageError>({"--port", "65536"}, "from 0 to 65535");
  check_refused<UsageError>({"--port", "-1"}, "--port");
  check_refused<UsageError>({"--port=99999999999999999999"}, "from 0 to 65535");
  check_refused<UsageError>({"--max-body", "1MB"}, "'1MB' is not a size");
  check_refused<UsageError>({"--keep-age", "soon"}, "'soon' is not a duration");
  BOOST_TEST(UsageError("").exit_code() == 64);
}

BOOST_AUTO_TEST_CASE(a_wrong_variable_is_a_configuration_error_that_names_it) {
  {
    const Environment environment(Variables{{"STATUS_TEST_PORT", "many"}});
    check_refused<ConfigError>({}, "cannot use $STATUS_TEST_PORT: 'many'");
    BOOST_TEST(Program({"--port", "1"}).port == 1);
  }
  {
    const Environment environment(Variables{{"TEST_PORT", "many"}});
    check_refused<ConfigError>({}, "$TEST_PORT");
  }
  const Environment environment(Variables{{"STATUS_TEST_FORMAT", "xml"}});
  check_refused<ConfigError>({}, "$STATUS_TEST_FORMAT");
  BOOST_TEST(ConfigError("").exit_code() == 78);
}

BOOST_AUTO_TEST_CASE(a_wrong_file_is_a_configuration_error) {
  check_refused<ConfigError>(ConfigFile("port = \"many\"\n").flags(), "in the --config file");
  check_refused<ConfigError>(ConfigFile("\nprot = 80\n").flags(),
                             "line 2: there is no option prot");
  check_refused<ConfigError>(ConfigFile("[section]\nport = 80\n").flags(), "section");
  check_refused<ConfigError>(ConfigFile("port = 80\nhost = x\n").flags(), "line 2: ");
  check_refused<ConfigError>(ConfigFile("host = 2026-02-20\n").flags(), "line 1: host must be");
  check_refused<ConfigError>(ConfigFile("config = \"other\"\n").flags(), "config");
  check_refused<ConfigError>({"--config", "/no/such/file"}, "/no/such/file");
}

BOOST_AUTO_TEST_CASE(what_follows_two_dashes_is_nobodys_option) {
  const Program program({"--port", "1", "--", "run", "--port", "2", "--debug", "--", "x"});
  BOOST_TEST(program.port == 1);
  BOOST_TEST(!program.debug);
  BOOST_TEST((program.command == Words{"run", "--port", "2", "--debug", "--", "x"}));
}

BOOST_AUTO_TEST_CASE(a_flag_in_the_rest_does_not_hide_the_variable) {
  const Environment environment(Variables{{"STATUS_TEST_PORT", "7"}});
  BOOST_TEST(Program({"--", "run", "--port", "2"}).port == 7);
}

BOOST_AUTO_TEST_SUITE_END()
