// Who sends: the catalogue of status pages (shipped with the program, extended by the user's file),
// and finding out of a body and its path which one it came from. Immutable once loaded; any thread
// may read it.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lib/http/signature.h"
#include "lib/http/token.h"
#include "lib/status/format.h"

namespace monitor::status {

// What a sender must show before its webhooks are taken. Holds digests and keys only, never prints.
struct Credentials {
  http::TokenCheck tokens;                        // any of them
  std::optional<http::SignatureCheck> signature;  // over the raw body
  std::vector<std::string> topic_arns;            // Amazon SNS topics that may deliver
  bool verify_sns = true;                         // SNS envelopes must be signed
  bool aggregator = false;  // whoever shows these may speak in any provider's name

  // The token or signature takes the place of the receiver's own tokens.
  bool own() const { return !tokens.empty() || signature; }
  // Nothing is taken in its name without proof.
  bool guarded() const { return own() || !topic_arns.empty(); }
};

struct Provider {
  std::string slug;
  std::string name;  // empty only in a user's entry that leaves it to the catalogue or the body
  std::vector<std::string> page_ids;
  std::vector<std::string> hosts;  // as host_of() writes them
  std::string platform;  // what the page runs on ("statuspage", "incident.io"), empty where unknown
  std::string format = {};   // of its bodies where the path says "auto"; empty: found by shape
  std::string mapping = {};  // of format "generic", as mapping.h writes it
  Credentials credentials = {};
};

// The host of a URL, or of a bare "host[:port][/path]": lower case, without user, port and trailing
// dot. Empty when `url` is neither.
std::string host_of(std::string_view url);

// The strings of a body that can tell who sent it, found while it is scanned.
struct Clues {
  std::string page_id;
  std::string name;
  std::vector<std::string> hosts;  // in the order of the format's url_paths, no duplicates
  std::string product = {};        // the format's
};

// Collects the clues of one body; give it to json::scan(). `format` null (auto): every format's
// paths count. Where a body has several page ids or names, the format's best path wins; where it
// has the same key twice, the first.
class ClueCollector : public json::StringVisitor {
 public:
  explicit ClueCollector(const Format* format);
  void on_string(std::string_view path, std::string_view value) override;
  // What was found; the collector is empty afterwards.
  Clues take();

 private:
  enum class Field { page_id, name, url };
  struct Watched {
    std::string_view path;
    Field field;
    std::string value;  // empty until found
  };
  void watch(Field field, const std::vector<std::string_view>& paths);

  std::vector<Watched> watched_;  // of each field best first
  std::string_view own_name_;     // the format's
  std::string_view product_;      // the format's
};

struct Identity {
  std::string slug;                 // never empty
  std::string name;                 // never empty
  const Provider* entry = nullptr;  // the one with this slug, if there is one
  // Others whom the body claims to be of, by page id, host or name.
  std::vector<const Provider*> claimed = {};
};

class Providers {
 public:
  // The catalogue that is compiled in.
  static Providers shipped();
  // The catalogue and the user's providers.toml on top. Throws system::ConfigError naming file,
  // line and what would be right.
  static Providers with_user_file(const std::string& path);

  // slug = `path_provider`, else the entry found, else made from the name. Name = the user's file
  // (by path, page id, host), else the name in the body, else the catalogue (page id, host, path),
  // else the host without "www." and "status.", else the page id, else the path's, else the
  // format's product. With nothing at all: "unknown". `path_provider` is a slug or empty.
  Identity identify(std::string_view path_provider, const Clues& clues) const;

  // The entry with this slug, or null.
  const Provider* find(std::string_view slug) const;
  // The entry that allows this SNS topic, or null.
  const Provider* find_topic(std::string_view topic_arn) const;
  // Every entry in turn.
  void for_each(const std::function<void(const Provider&)>& look) const;
  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    Provider provider;
    bool users = false;          // the user's file has this slug
    bool named_by_user = false;  // and a name for it
  };
  // Lookup by string_view without making a string of it.
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  using Index = std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>>;

  void add(Provider provider, bool users);
  const Entry* entry_of(const Index& index, std::string_view key) const;
  const Entry* entry_of_host(const std::vector<std::string>& hosts) const;

  std::vector<Entry> entries_;
  Index by_slug_;
  Index by_page_id_;
  Index by_host_;
  Index by_name_;  // the name that an entry has in the end
  Index by_topic_;
};

}  // namespace monitor::status
