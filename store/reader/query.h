// What a client may ask of the reader, as values, and the cursors by which it goes on. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lib/system/clock.h"
#include "store/reader/records.h"

namespace monitor::store {

inline constexpr int kDefaultLimit = 50;
// A page of 500 incidents is half a MiB of JSON, and some ms of the one thread that serves all
// clients.
inline constexpr int kMostLimit = 500;

struct IncidentQuery {
  int limit = kDefaultLimit;
  std::optional<Position> after = {};
  // Empty, or nothing: any.
  std::string provider = {};
  std::string component = {};  // id or name
  std::string kind = {};
  bool components = true;  // false: without entries of components
  std::string status = {};
  std::string impact = {};
  std::optional<bool> active = {};
  std::optional<system::Time> since = {};  // of the last change
  std::optional<system::Time> until = {};  // not included
  std::string words = {};                  // of FTS5's syntax, see words_to_match()
};

struct MaintenanceQuery {
  int limit = kDefaultLimit;
  std::optional<Position> after = {};
  std::string provider = {};
  bool upcoming = false;  // what is under way or to come, soonest first
};

struct ProviderQuery {
  int limit = kDefaultLimit;
  std::string after = {};  // a slug; empty: the beginning
  std::string status = {};
};

struct UnrecognisedQuery {
  int limit = kDefaultLimit;
  std::optional<Position> after = {};
  std::string provider = {};
};

// What a person types, as an expression of FTS5: all the words; one that ends with '*' is a
// beginning. Nothing when there is no word in it.
std::optional<std::string> words_to_match(std::string_view text);

// The `cursor` that a client hands back to go on after `position`; to it the text means nothing.
std::string to_cursor(const Position& position);
std::optional<Position> from_cursor(std::string_view text);
// The same for a list that is ordered by slug.
std::string to_cursor(std::string_view slug);
std::optional<std::string> slug_from_cursor(std::string_view text);

}  // namespace monitor::store
