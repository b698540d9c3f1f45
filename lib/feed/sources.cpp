#include "lib/feed/sources.h"

#include <fmt/format.h>

#include <string_view>

#include "lib/system/error.h"
#include "lib/system/service.h"

namespace monitor::feed {
namespace {

constexpr std::string_view kNoKey = "none";

}  // namespace

void SourceOptions::add_to(system::Options& options) {
  options.texts("--feed", feeds_, "ENDPOINT",
                fmt::format("Where a receiver publishes [{}]", system::default_feed_endpoint()));
  options.texts("--replay", replays_, "ENDPOINT",
                fmt::format("Where it replays, in the same order as --feed [{}]",
                            system::default_replay_endpoint()));
  options.texts(
      "--feed-server-key", server_keys_, "FILE",
      "Holds the public key of the receiver behind a tcp --feed: one for all such, or one for each "
      "in their order, where none is one without");
  options.text("--feed-key", key_, "FILE",
               "Our own key pair for it, as status-receiver --keygen FILE writes one");
}

std::vector<Source> SourceOptions::sources() const {
  std::vector<Source> sources = paired();
  if (server_keys_.empty() != key_.empty()) {
    throw system::UsageError(
        "cannot use --feed-key without --feed-server-key or the other way round: the one is who "
        "we are, the other whom we ask");
  }
  if (!key_.empty()) {
    give_keys(sources);
  }
  return sources;
}

void SourceOptions::give_keys(std::vector<Source>& sources) const {
  std::vector<Source*> by_tcp;
  for (Source& source : sources) {
    if (is_tcp(source.feed) || is_tcp(source.replay)) {
      by_tcp.push_back(&source);
    }
  }
  if (by_tcp.empty() || (server_keys_.size() != 1 && server_keys_.size() != by_tcp.size())) {
    throw system::UsageError(fmt::format(
        "cannot pair {} --feed-server-key with {} tcp --feed: give one for all of them, or one "
        "for each, in their order",
        server_keys_.size(), by_tcp.size()));
  }
  const KeyPair own = read_key_pair(key_);
  for (std::size_t i = 0; i < by_tcp.size(); ++i) {
    const std::string& given = server_keys_[server_keys_.size() == 1 ? 0 : i];
    if (given != kNoKey) {
      by_tcp[i]->keys = {read_public_key(given), own};
    }
  }
}

std::vector<Source> SourceOptions::paired() const {
  if (feeds_.size() != replays_.size()) {
    throw system::UsageError(fmt::format(
        "cannot pair {} --feed with {} --replay: give one --replay for each --feed, in its order",
        feeds_.size(), replays_.size()));
  }
  if (feeds_.empty()) {
    return {{system::default_feed_endpoint(), system::default_replay_endpoint()}};
  }
  std::vector<Source> sources;
  for (std::size_t i = 0; i < feeds_.size(); ++i) {
    sources.push_back({feeds_[i], replays_[i], {}});
  }
  return sources;
}

}  // namespace monitor::feed
