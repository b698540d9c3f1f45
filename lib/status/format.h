// Formats: how one kind of sender writes its webhooks. One file a format in formats/, each with one
// `extern const Format` listed in formats.cpp; nothing else knows them by name.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/json/document.h"
#include "lib/status/update.h"

namespace monitor::status {

// What surrounds a body: known by the feed's header, or made up by `status-formatter --stdin`.
struct Origin {
  std::string provider;
  std::string provider_name;
  system::Time received_at{};
  std::string stream;
  std::uint64_t seq = 0;
  bool test = false;
  std::string mapping = {};  // of a "generic" body: how to read it, as mapping.h writes it
};

struct Format {
  std::string_view name;  // as in /webhook/NAME

  // Where a body may say who it is about: paths as json::StringVisitor tells them, best first. A
  // URL counts by its host.
  std::vector<std::string_view> page_id_paths;
  std::vector<std::string_view> name_paths;
  std::vector<std::string_view> url_paths;

  // Does this body have the shape of this format? No two formats may claim one body.
  bool (*recognises)(json::View body);
  // The updates in a body that recognises() accepted, in the sender's order, oldest first; may be
  // none. Never throws for what a body holds. Fills in everything but what Origin knows; of the
  // provider only what the body knows better.
  std::vector<StatusUpdate> (*read)(json::View body, const Origin& origin);

  // Who it is where all its bodies come from one sender ("AWS"): counts as a name in the body when
  // name_paths hold none.
  std::string_view own_name = {};
  // What its sender is where there are many of a kind and none says which ("Alertmanager"): a name
  // when nothing else is known, the PROVIDER of the path included.
  std::string_view product = {};
  // For "auto", where nobody said that a body is of this format and recognises() is content with
  // little: does it show enough by itself? Null: what recognises() asks for is enough.
  bool (*shows_itself)(json::View body) = nullptr;
  // The sender's user may choose the verb: PUT and PATCH are taken like POST.
  bool any_verb = false;
};

std::span<const Format* const> formats();
const Format* find_format(std::string_view name);
// The names that /webhook/NAME takes: every format's, and "auto".
std::vector<std::string> format_names();
inline constexpr std::string_view kAutoFormat = "auto";
inline constexpr std::string_view kGenericFormat = "generic";
// The format whose shape this body has, or null.
const Format* detect(json::View body);
const Format* detect(std::string_view body);

// What a body turned out to be.
struct Reading {
  bool recognised = false;
  std::vector<StatusUpdate> updates;
  // Of an unrecognised body, for telling once a shape: its first 20 top-level keys, sorted, as
  // "a,b,c"; "(array)", "(no object)" or "(not JSON)" for what has none.
  std::string shape;
};

// Reads `body` as `format` ("auto" or an unknown name: whichever format recognises it; a known
// name: that one or none) and fills in the origin.
Reading read_updates(std::string_view format, std::string_view body, const Origin& origin);

}  // namespace monitor::status
