// What a sink says, with named places for the parts of an update, as fmt writes them:
//
//   {provider_name}: {status}: {message}
//
// {{ and }} are braces. The names are those of kPlaces; an unknown one is refused when the text is
// read. What is put in is escaped for the destination by the sink. A value.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/status/update.h"

namespace monitor::delivery {

// "{provider} {provider_name} ...", for --help and the man page.
std::string known_places();

class Template {
 public:
  using Escape = std::function<std::string(std::string_view)>;

  // Throws ConfigError "cannot use WHERE: ..." naming the place that nobody knows.
  Template(std::string_view text, const std::string& where);

  std::string fill(const status::StatusUpdate& update, const Escape& escape = {}) const;

 private:
  struct Piece {
    std::string text;        // as it stands, or
    std::string_view place;  // one of kPlaces' names
  };
  std::vector<Piece> pieces_;
};

// Those of & < > " ' that stand in `which`, as references of HTML and XML.
std::string with_references(std::string_view text, std::string_view which);
// "2026-02-20 14:32:00 UTC", or nothing.
std::string time_in_words(const std::optional<system::Time>& time);

// What people read of an update, for sinks that lay out their messages themselves.
std::string title_of(const status::StatusUpdate& update);       // "GitHub: Pushes fail"
std::string components_of(const status::StatusUpdate& update);  // "API (partial outage), Git"
// A coloured shape, of a word that all destinations show: how bad it is, or that it is over.
std::string_view symbol_of(const status::StatusUpdate& update);
// How bad it is as a colour, 0xRRGGBB; green once it is over.
int colour_of(const status::StatusUpdate& update);

}  // namespace monitor::delivery
