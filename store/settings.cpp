#include "store/settings.h"

#include <fmt/format.h>

#include "lib/http/address.h"
#include "lib/system/error.h"
#include "lib/system/options.h"
#include "lib/system/service.h"

namespace monitor::store {

std::optional<Settings> read_settings(int argc, char** argv) {
  Settings settings;
  settings.state = system::default_state_directory("status-store");
  std::vector<std::string> feeds;
  std::vector<std::string> replays;
  system::Options options("status-store",
                          "Keeps what status pages tell by webhook and serves it over HTTP.");
  options.text("--host", settings.host, "ADDRESS", "Address to listen on");
  options.number("--port", settings.port, 0, 65535, "TCP port to listen on; 0: any that is free");
  options.text("--state", settings.state, "DIR", "Directory of the database");
  options.texts("--feed", feeds, "ENDPOINT",
                "Feed of a receiver; without one, that of this machine's");
  options.texts("--replay", replays, "ENDPOINT",
                "Replay of the same receiver; one for each --feed");
  options.text("--token-file", settings.token_file, "FILE",
               "Tokens that let clients in, one a line: Bearer, Basic password or ?token=");
  options.toggle("--allow-unauthenticated", settings.allow_unauthenticated,
                 "Let everybody who reaches a public address read");
  if (!options.parse(argc, argv)) {
    return std::nullopt;
  }
  settings.sources = pair_sources(feeds, replays);
  check_exposure(settings);
  return settings;
}

void check_exposure(const Settings& settings) {
  if (http::is_loopback(settings.host) || !settings.token_file.empty() ||
      settings.allow_unauthenticated) {
    return;
  }
  throw system::ConfigError(fmt::format(
      "cannot listen on {}: everybody who reaches it could read; give --token-file FILE "
      "or --allow-unauthenticated",
      settings.host));
}

std::vector<feed::Source> pair_sources(const std::vector<std::string>& feeds,
                                       const std::vector<std::string>& replays) {
  if (feeds.size() != replays.size()) {
    throw system::UsageError(
        fmt::format("cannot pair {} --feed with {} --replay: give as many of one as of the other",
                    feeds.size(), replays.size()));
  }
  if (feeds.empty()) {
    return {{system::default_feed_endpoint(), system::default_replay_endpoint()}};
  }
  std::vector<feed::Source> sources;
  for (std::size_t i = 0; i < feeds.size(); ++i) {
    sources.push_back({feeds[i], replays[i]});
  }
  return sources;
}

}  // namespace monitor::store
