// What the Atom feed, the calendar and the badge have in common: whom they tell of, names that stay
// the same for ever, and text made fit for them. Pure functions. Trusts what lib/status/update.h
// says of an update's text and url, and the characters of neither.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

#include "store/reader/records.h"

namespace monitor::store {

// One provider, or, both empty, all of them.
struct FeedHead {
  std::string provider = {};       // slug
  std::string provider_name = {};  // for people
};

// The newest updates of one incident that a form tells: whoever fetches it does so every few
// minutes, and the longest outages of big pages have some fifty. /incidents/PROVIDER/ID has all.
inline constexpr std::size_t kMostUpdates = 200;

// "GitHub", or "all providers".
std::string whom(const FeedHead& head);
// "[GitHub] Pushes fail"; without a name of its own, what it is.
std::string headline(const IncidentRecord& incident);
// "API (partial outage), Git"
std::string components_in_words(const std::vector<ComponentRecord>& components);
// "in progress": a word of the vocabulary as a person writes it.
std::string in_words(std::string_view word);

// A UUID of version 8 (RFC 9562, section 5.8) made of these fields and nothing else: two stores of
// one feed, or a store made anew from the journal, give the same.
std::string lasting_uuid(std::initializer_list<std::string_view> fields);
std::string lasting_uuid(const IncidentRecord& incident);

// RFC 3986 by letter: what may not stand in a URI is percent-encoded, so that neither XML nor a
// calendar's line can be left through it.
std::string to_uri(std::string_view url);

// For an element's text or an attribute in any quotes. Characters that XML 1.0 forbids
// (https://www.w3.org/TR/xml/#charsets) or discourages are dropped, also as references: they can't
// be escaped.
std::string to_xml(std::string_view text);

}  // namespace monitor::store
