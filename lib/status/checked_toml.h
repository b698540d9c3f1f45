// TOML that a person wrote, read strictly: what is misspelt or of the wrong type is refused with
// its line and what would be right, because it would silently mean something else.
#pragma once

#include <toml++/toml.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace monitor::status {

class CheckedToml {
 public:
  // `subject`: what is wrong when something is, as "providers file /etc/x.toml".
  CheckedToml(std::string subject, std::string path)
      : subject_(std::move(subject)), path_(std::move(path)) {}

  const std::string& path() const { return path_; }

  // All of these throw system::ConfigError "cannot use SUBJECT: line N: ...".
  toml::table parse(std::string_view text) const;
  [[noreturn]] void refuse(const toml::source_region& where, const std::string& reason) const;
  [[noreturn]] void refuse(const toml::node& where, const std::string& reason) const;
  // Refuses a `word` that is not among the `known`, naming the nearest: `unknown format "x"`.
  void check_known(const toml::source_region& where, std::string_view what, std::string_view word,
                   std::span<const std::string_view> known) const;
  void check_keys(const toml::table& table, std::span<const std::string_view> known) const;

  // "" and nothing for a key that is not there; a text is one line and never empty.
  std::string text(const toml::table& table, std::string_view key) const;
  std::optional<bool> boolean(const toml::table& table, std::string_view key) const;
  std::string text_of(const toml::node& node, std::string_view key) const;
  // A string as it is written, for what must not be changed; never empty, no blanks at its ends.
  std::string secret_of(const toml::node& node, std::string_view key) const;
  // The nodes of an array of strings; `or_one`: a string alone is an array of one.
  std::vector<const toml::node*> elements(const toml::table& table, std::string_view key,
                                          bool or_one = false) const;
  const toml::table* table_in(const toml::table& table, std::string_view key,
                              std::string_view example) const;

 private:
  std::string subject_;
  std::string path_;
};

// What may stand in a file only once: a slug, a host.
class Claims {
 public:
  explicit Claims(std::string_view what) : what_(what) {}
  void claim(const CheckedToml& toml, const toml::node& node, const std::string& value);

 private:
  std::string_view what_;
  std::unordered_map<std::string, std::size_t> lines_;
};

// The word of `known` that `word` is most like.
std::string_view nearest(std::string_view word, std::span<const std::string_view> known);

}  // namespace monitor::status
