#include "tests/bench/junk.h"

#include <algorithm>

#include "lib/status/time.h"
#include "tests/support/json_values.h"

namespace monitor::bench {
namespace {

using tests::json_values;
using tests::JsonValue;

// As deep as a body may be, see kMaxDepth: one level is the list that holds these.
constexpr std::size_t kDepth = 63;

std::string repeated(std::string_view piece, std::size_t size) {
  std::string text;
  text.reserve(size + piece.size());
  while (text.size() + piece.size() <= size) {
    text += piece;
  }
  return text;
}

std::string nested(std::string_view open, std::string_view close) {
  return repeated(open, kDepth * open.size()) + "0" + repeated(close, kDepth * close.size());
}

std::string list_of(const std::string& element, std::size_t size) {
  return "[" + repeated(element + ",", size - element.size() - 2) + element + "]";
}

std::string_view piece_of(std::string_view json, const JsonValue& value) {
  return json.substr(value.begin, value.end - value.begin);
}

bool is_string(std::string_view value) { return value.starts_with('"'); }

template <const char* piece>
std::string grown_text(std::string_view value, std::size_t room) {
  return is_string(value) ? "\"" + repeated(piece, room) + "\"" : "";
}

// What a list has, over and over.
std::string grown_list(std::string_view value, std::size_t room) {
  const std::vector<JsonValue> values =
      value.starts_with('[') ? json_values(value) : std::vector<JsonValue>();
  return values.size() < 2 ? "" : list_of(std::string(piece_of(value, values[1])), room);
}

// In place of a time one that turns out to be none at its very end, which costs the most; of other
// texts nothing is left, so that there are more of those.
std::string near_time(std::string_view value) {
  return status::parse_time(value.substr(1, value.size() - 2)) ? "\"6 Apr 2022 1\"" : "\"\"";
}

std::string grown_list_of_times(std::string_view value, std::size_t room) {
  std::string list(value);
  const std::vector<JsonValue> values =
      value.starts_with('[') ? json_values(value) : std::vector<JsonValue>();
  for (auto each = values.rbegin(); each != values.rend(); ++each) {
    if (is_string(piece_of(value, *each))) {
      list.replace(each->begin, each->end - each->begin, near_time(piece_of(value, *each)));
    }
  }
  return grown_list(list, room);
}

// Small members ahead of its own, so that whoever looks for one of those passes all of them.
std::string grown_object(std::string_view value, std::size_t room) {
  return value.starts_with('{') && value.find(':') != std::string_view::npos
             ? "{" + repeated("\"\":0,", room) + std::string(value.substr(1))
             : "";
}

// "id" of `"id": VALUE`; nothing for an element of a list.
std::string key_before(std::string_view json, std::size_t value) {
  const std::size_t colon = json.find_last_not_of(" \t\r\n", value - 1);
  if (value == 0 || colon == std::string_view::npos || json[colon] != ':') {
    return "";
  }
  const std::size_t end = json.rfind('"', colon);
  const std::size_t begin = json.rfind('"', end - 1);
  return std::string(json.substr(begin, end - begin));
}

std::string different_members() {
  std::string body = "{";
  for (int i = 0; body.size() < kMiB - 20; ++i) {
    body += "\"" + std::to_string(i) + "\":\"\",";
  }
  return body + "\"\":0}";
}

constexpr char kNearTimes[] =
    R"({"created_at":"6 Apr 2022 1","display_at":"6 Apr 2022 1","updated_at":"6 Apr 2022 1"})";

std::string incident(const std::string& key, const std::string& element) {
  return R"({"incident":{"id":"1",")" + key + "\":" + list_of(element, kMiB - 50) + "}}";
}

constexpr char kLess[] = "<";
constexpr char kReference[] = "&#x";
constexpr char kTag[] = "<p a='";
constexpr char kScript[] = "<script>";

constexpr Growth kGrowths[] = {
    {"a text of \"<\"", grown_text<kLess>},     {"a text of \"&#x\"", grown_text<kReference>},
    {"a text of \"<p a='\"", grown_text<kTag>}, {"a text of \"<script>\"", grown_text<kScript>},
    {"a list of what it has", grown_list},      {"a list of near times", grown_list_of_times},
    {"an object of members", grown_object},
};

}  // namespace

std::vector<Junk> formless_junk() {
  return {
      {"[[[[...", repeated("[", kMiB)},
      {"{\"a\":{\"a\":...", repeated("{\"a\":", kMiB)},
      {"lists 64 deep, repeated", list_of(nested("[", "]"), kMiB)},
      {"objects 64 deep, repeated", list_of(nested("{\"a\":", "}"), kMiB)},
      {"a list of numbers", list_of("0", kMiB)},
      {"small members", "{" + repeated("\"\":0,", kMiB - 8) + "\"\":0}"},
      {"members of different names", different_members()},
      {"60,000 components", incident("components", R"({"name":"a"})")},
      {"12,000 updates of near times", incident("incident_updates", kNearTimes)},
  };
}

std::span<const Growth> growths() { return kGrowths; }

void grow_each(std::string_view body, const Growth& growth, std::vector<std::string>& seen,
               const std::function<void(const std::string& body)>& use) {
  for (const JsonValue& value : json_values(body)) {
    const std::string key = key_before(body, value.begin);
    if (std::find(seen.begin(), seen.end(), key) != seen.end()) {
      continue;
    }
    const std::string_view piece = piece_of(body, value);
    const std::size_t around = body.size() - piece.size();
    const std::string grown = growth.grown(piece, kMiB - around - piece.size() - 8);
    if (!grown.empty()) {
      seen.push_back(key);
      std::string whole(body);
      use(whole.replace(value.begin, piece.size(), grown));
    }
  }
}

}  // namespace monitor::bench
