#include "lib/system/options.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <map>
#include <stdexcept>

#include "lib/system/error.h"
#include "lib/system/version.h"

namespace monitor::system {
namespace {

struct Unit {
  std::string_view suffix;
  std::uint64_t factor;
};

// A century. Longer times mean "always", and would overflow where they are counted in nanoseconds.
constexpr std::uint64_t kMostSeconds = std::uint64_t{36500} * 86400;

std::uint64_t parse_with_units(const std::string& text, std::initializer_list<Unit> units,
                               std::uint64_t most, const char* right) {
  std::uint64_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, count);
  const std::string_view suffix(rest, static_cast<std::size_t>(end - rest));
  for (const Unit& unit : units) {
    if (error == std::errc() && unit.suffix == suffix && count <= most / unit.factor) {
      return count * unit.factor;
    }
  }
  throw std::invalid_argument(fmt::format("'{}' is not {}", text, right));
}

std::string variable_of(const std::string& program, const std::string& flag) {
  std::string name = program + '-' + flag.substr(flag.find_first_not_of('-'));
  for (char& c : name) {
    c = c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return name;
}

// As an option has it on the command line; nothing for what none can be, such as a date.
std::optional<std::string> text_of(const toml::node& node) {
  if (const auto text = node.value_exact<std::string>()) {
    return *text;
  }
  if (const auto number = node.value_exact<std::int64_t>()) {
    return std::to_string(*number);
  }
  if (const auto yes = node.value_exact<bool>()) {
    return *yes ? "true" : "false";
  }
  return std::nullopt;
}

// Reads the --config file: CLI11's own reader takes less than TOML, and cuts "#ops" off as a
// comment.
class TomlFile : public CLI::Config {
 public:
  explicit TomlFile(const CLI::App& app) : app_(app) {}

  std::vector<CLI::ConfigItem> from_config(std::istream& file) const override {
    const toml::table table = parse(file);
    std::vector<CLI::ConfigItem> found;
    for (const auto& [key, value] : table) {
      const std::string name(key.str());
      if (app_.get_option_no_throw("--" + name) == nullptr || name == "config") {
        refuse(key.source(), fmt::format("there is no option {} (--help lists them)", name));
      }
      found.push_back({.parents = {}, .name = name, .inputs = texts_of(value, name)});
    }
    return found;
  }
  std::string to_config(const CLI::App*, bool, bool, std::string) const override { return ""; }

 private:
  toml::table parse(std::istream& file) const {
    try {
      return toml::parse(file);
    } catch (const toml::parse_error& error) {
      refuse(error.source(), std::string(error.description()));
    }
  }

  std::vector<std::string> texts_of(const toml::node& value, const std::string& name) const {
    std::vector<std::string> texts;
    const auto add = [&](const toml::node& node) {
      const auto text = text_of(node);
      if (!text) {
        refuse(node.source(), fmt::format("{} must be a text, a number, true or false", name));
      }
      texts.push_back(*text);
    };
    if (const toml::array* several = value.as_array()) {
      std::for_each(several->begin(), several->end(), add);
    } else {
      add(value);
    }
    return texts;
  }

  [[noreturn]] void refuse(const toml::source_region& where, const std::string& reason) const {
    throw ConfigError(fmt::format("cannot use the --config file {}: line {}: {}",
                                  app_.get_config_ptr()->as<std::string>(), where.begin.line,
                                  reason));
  }

  const CLI::App& app_;
};

}  // namespace

std::uint64_t parse_size(const std::string& text) {
  constexpr std::uint64_t kKiB = 1024;
  return parse_with_units(
      text, {{"", 1}, {"B", 1}, {"KiB", kKiB}, {"MiB", kKiB * kKiB}, {"GiB", kKiB * kKiB * kKiB}},
      std::uint64_t{INT64_MAX}, "a size: give bytes, or a number with KiB, MiB or GiB");
}

std::chrono::seconds parse_duration(const std::string& text) {
  return std::chrono::seconds(parse_with_units(
      text, {{"", 1}, {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}}, kMostSeconds,
      "a duration: give seconds, or a number with s, m, h or d, 36500d at most"));
}

class Options::Parser {
 public:
  Parser(std::string program, const std::string& summary) : program_(std::move(program)) {
    app_.name(program_);
    app_.description(summary);
    app_.set_version_flag("--version", fmt::format("{} {}", program_, kVersion));
    app_.set_config("--config", "", "Read options from a TOML file, one OPTION = VALUE a line")
        ->option_text("FILE");
    app_.allow_config_extras(CLI::config_extras_mode::error);
    app_.config_formatter(std::make_shared<TomlFile>(app_));
    app_.get_formatter()->column_width(34);
  }

  using Take = std::function<void(const std::string&)>;

  // Every option is text to CLI11; `take` turns it into its value and throws std::invalid_argument
  // when it can't.
  CLI::Option* add(const std::string& flag, const std::string& placeholder, const std::string& help,
                   const std::string& shown_default, bool several, Take take) {
    auto* option = app_.add_option_function<std::vector<std::string>>(
        flag,
        [this, flag, take = std::move(take)](const std::vector<std::string>& values) {
          for (const std::string& value : values) {
            convert(flag, value, take);
          }
        },
        help);
    option->option_text(placeholder + (several ? " ..." : "") +
                        (shown_default.empty() ? "" : " [" + shown_default + "]"));
    option->type_size(1);
    option->expected(1, several ? CLI::detail::expected_max_vector_size : 1);
    option->allow_extra_args(false);
    if (!several) {
      option->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    }
    variables_[flag] = {{variable_of(program_, flag)}, several, false};
    return option;
  }

  void add_toggle(const std::string& flag, bool& value, const std::string& help) {
    app_.add_flag(flag, value, help);
    variables_[flag] = {{variable_of(program_, flag)}, false, true};
  }

  void also(const std::string& flag, const std::string& variable) {
    variables_.at(flag).names.push_back(variable);
  }

  void add_rest(std::vector<std::string>& values, const std::string& placeholder,
                const std::string& help) {
    app_.add_option(placeholder, values, help)->option_text("...");
    app_.positionals_at_end();
  }

  void footer(const std::string& text) { app_.footer(text); }

  bool parse(int argc, char** argv) {
    given_.assign(argv + 1, argv + argc);
    given_flags_ =
        std::vector<std::string>(given_.begin(), std::find(given_.begin(), given_.end(), "--"));
    std::vector<std::string> words = from_environment();
    words.insert(words.end(), given_.begin(), given_.end());
    std::reverse(words.begin(), words.end());  // CLI11 wants them so
    try {
      app_.parse(words);
    } catch (const CLI::Success& wanted) {  // --help, --version
      app_.exit(wanted);
      return false;
    } catch (const CLI::ConversionError& error) {  // of a toggle: all else is converted here
      if (toggle_given_with_value()) {
        throw UsageError(fmt::format("cannot use the command line: {}", error.what()));
      }
      throw ConfigError(fmt::format("cannot use the --config file: {}", error.what()));
    } catch (const CLI::FileError& error) {
      throw ConfigError(fmt::format("cannot read the --config file: {}", error.what()));
    } catch (const CLI::ConfigError& error) {
      throw ConfigError(fmt::format("cannot use the --config file: {}", error.what()));
    } catch (const CLI::ParseError& error) {
      throw UsageError(
          fmt::format("cannot use the command line: {} (--help lists the options)", error.what()));
    }
    return true;
  }

 private:
  struct Variables {
    std::vector<std::string> names;
    bool several = false;
    bool toggle = false;
  };

  bool given(const std::string& flag) const {
    return std::any_of(given_flags_.begin(), given_flags_.end(), [&](const std::string& word) {
      return word == flag || word.starts_with(flag + '=');
    });
  }

  bool toggle_given_with_value() const {
    return std::any_of(variables_.begin(), variables_.end(), [&](const auto& entry) {
      return entry.second.toggle &&
             std::any_of(given_flags_.begin(), given_flags_.end(), [&](const std::string& word) {
               return word.starts_with(entry.first + '=');
             });
    });
  }

  // The options that the environment sets and the command line does not, as if they stood on the
  // command line: CLI11's own variables would be beaten by the --config file.
  std::vector<std::string> from_environment() {
    std::vector<std::string> words;
    for (const auto& [flag, variables] : variables_) {
      for (const std::string& name : variables.names) {
        const char* value = std::getenv(name.c_str());
        if (value == nullptr || *value == '\0' || given(flag)) {
          continue;
        }
        if (variables.toggle) {
          check_toggle(name, value);
        }
        add_words(flag, variables, value, words);
        environment_[flag] = name;
        break;
      }
    }
    return words;
  }

  static void check_toggle(const std::string& name, const std::string& value) {
    bool ignored = false;
    if (!CLI::detail::lexical_cast(value, ignored)) {
      throw ConfigError(fmt::format("cannot use ${}: '{}' is neither true nor false", name, value));
    }
  }

  static void add_words(const std::string& flag, const Variables& variables,
                        const std::string& value, std::vector<std::string>& words) {
    if (!variables.several) {
      words.push_back(flag + '=' + value);
      return;
    }
    for (const std::string& one : CLI::detail::split_up(value)) {
      words.push_back(flag + '=' + one);
    }
  }

  void convert(const std::string& flag, const std::string& value, const Take& take) const {
    try {
      take(value);
    } catch (const std::invalid_argument& error) {
      if (const auto found = environment_.find(flag); found != environment_.end()) {
        throw ConfigError(fmt::format("cannot use ${}: {}", found->second, error.what()));
      }
      const std::string message = fmt::format("cannot use {}: {}", flag, error.what());
      if (given(flag)) {
        throw UsageError(message);
      }
      throw ConfigError(message + " (in the --config file)");
    }
  }

  std::string program_;
  CLI::App app_;
  std::map<std::string, Variables> variables_;
  std::map<std::string, std::string> environment_;  // flag -> the variable that set it
  std::vector<std::string> given_;
  std::vector<std::string> given_flags_;  // without what follows "--"
};

Options::Options(std::string program, std::string summary)
    : parser_(std::make_unique<Parser>(std::move(program), summary)) {}
Options::~Options() = default;

void Options::text(const std::string& flag, std::string& value, const std::string& placeholder,
                   const std::string& help) {
  parser_->add(flag, placeholder, help, value, false,
               [&value](const std::string& v) { value = v; });
}

void Options::texts(const std::string& flag, std::vector<std::string>& values,
                    const std::string& placeholder, const std::string& help) {
  // The first value given takes the place of the defaults.
  parser_->add(flag, placeholder, help, fmt::format("{}", fmt::join(values, " ")), true,
               [&values, fresh = true](const std::string& v) mutable {
                 if (std::exchange(fresh, false)) {
                   values.clear();
                 }
                 values.push_back(v);
               });
}

void Options::number(const std::string& flag, int& value, int least, int most,
                     const std::string& help) {
  const auto take = [&value, least, most](const std::string& text) {
    int parsed = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, parsed);
    if (error != std::errc() || rest != end || parsed < least || parsed > most) {
      throw std::invalid_argument(
          fmt::format("'{}' is not a number from {} to {}", text, least, most));
    }
    value = parsed;
  };
  parser_->add(flag, "N", help, std::to_string(value), false, take);
}

void Options::size(const std::string& flag, std::uint64_t& bytes, const std::string& help) {
  std::string shown = std::to_string(bytes);
  for (const char* unit : {"KiB", "MiB", "GiB"}) {
    if (std::uint64_t n = parse_size("1" + std::string(unit)); bytes != 0 && bytes % n == 0) {
      shown = fmt::format("{}{}", bytes / n, unit);
    }
  }
  parser_->add(flag, "SIZE", help, shown, false,
               [&bytes](const std::string& v) { bytes = parse_size(v); });
}

void Options::duration(const std::string& flag, std::chrono::seconds& value,
                       const std::string& help) {
  std::string shown = fmt::format("{}s", value.count());
  for (const char* unit : {"m", "h", "d"}) {
    if (auto n = parse_duration("1" + std::string(unit));
        value.count() != 0 && value % n == n.zero()) {
      shown = fmt::format("{}{}", value / n, unit);
    }
  }
  parser_->add(flag, "TIME", help, shown, false,
               [&value](const std::string& v) { value = parse_duration(v); });
}

namespace {
void check_choice(const std::string& text, const std::vector<std::string>& choices) {
  if (std::find(choices.begin(), choices.end(), text) == choices.end()) {
    throw std::invalid_argument(
        fmt::format("'{}' is not one of {}", text, fmt::join(choices, ", ")));
  }
}
}  // namespace

void Options::choice(const std::string& flag, std::string& value,
                     const std::vector<std::string>& choices, const std::string& help) {
  parser_->add(flag, fmt::format("{}", fmt::join(choices, "|")), help, value, false,
               [&value, choices](const std::string& v) {
                 check_choice(v, choices);
                 value = v;
               });
}

void Options::choices(const std::string& flag, std::vector<std::string>& values,
                      const std::vector<std::string>& choices, const std::string& help) {
  parser_->add(flag, fmt::format("{}", fmt::join(choices, "|")), help, "", true,
               [&values, choices](const std::string& v) {
                 check_choice(v, choices);
                 values.push_back(v);
               });
}

void Options::toggle(const std::string& flag, bool& value, const std::string& help) {
  parser_->add_toggle(flag, value, help);
}

void Options::rest(std::vector<std::string>& values, const std::string& placeholder,
                   const std::string& help) {
  parser_->add_rest(values, placeholder, help);
}

void Options::also_from_environment(const std::string& flag, const std::string& variable) {
  parser_->also(flag, variable);
}

void Options::footer(const std::string& text) { parser_->footer(text); }

bool Options::parse(int argc, char** argv) { return parser_->parse(argc, argv); }

}  // namespace monitor::system
