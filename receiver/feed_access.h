// Who may read the feed from another machine: the receiver's own key pair and the list of the
// clients that may come in. Read at start and on SIGHUP; immutable. Without a key nothing may be
// bound that another machine could reach.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lib/feed/keys.h"
#include "receiver/options.h"

namespace monitor::receiver {

// The file of --feed-clients: one public key a line and, after it, a name for people. Blank lines
// and lines that begin with '#' don't count; no key begins so.
class FeedClients {
 public:
  FeedClients() = default;
  // Throws system::ConfigError naming `path` and the line.
  static FeedClients parse(const std::string& text, const std::string& path);

  // `key`: 32 bytes, as a client shows them. Null: it may not come in.
  const std::string* name_of(const std::string& key) const;
  // Names of those who are in this list and not in `other`.
  std::vector<std::string> missing_in(const FeedClients& other) const;
  std::size_t size() const { return names_.size(); }

 private:
  std::map<std::string, std::string> names_;  // by the key's bytes
};

struct FeedAccess {
  std::optional<feed::KeyPair> key;
  FeedClients clients;
};

// Throws system::ConfigError for a wrong file, and when strangers could read what is published.
FeedAccess read_feed_access(const ReceiverOptions& options);

// For --keygen: writes a new pair to `path`, prints its public key on stdout, and is the exit code.
int make_key(const std::string& path);

// "Only this machine can reach it": ipc, inproc, and tcp on a loopback address. An interface's name
// says nothing of its addresses, so it counts as public.
bool is_local_endpoint(const std::string& endpoint);

}  // namespace monitor::receiver
