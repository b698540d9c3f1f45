#include "receiver/feed_access.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <sstream>
#include <string_view>

#include "lib/http/address.h"
#include "lib/status/text.h"
#include "lib/system/config_file.h"
#include "lib/system/error.h"
#include "lib/system/log.h"
#include "lib/system/trim.h"

namespace monitor::receiver {
namespace {

// Of a client's name: it goes into log lines.
constexpr std::size_t kLongestName = 64;

bool has_transport(std::string_view endpoint, std::string_view transport) {
  return endpoint.starts_with(transport) && endpoint.substr(transport.size()).starts_with("://");
}

// "tcp://HOST:PORT" without the brackets of an IPv6 address.
std::string host_of_endpoint(std::string_view endpoint) {
  std::string_view host = endpoint.substr(endpoint.find("://") + 3);
  host = host.substr(0, host.rfind(':'));
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  }
  return std::string(host);
}

// ZeroMQ takes any other word for the name of an interface, whatever DNS would say of it.
bool is_address(std::string_view host) {
  return host.find(':') != std::string_view::npos ||
         host.find_first_not_of("0123456789.") == std::string_view::npos;
}

// ws, pgm, udp and others know no keys, and libzmq's other transports are nobody's need.
void check_transport(const std::string& endpoint) {
  constexpr std::array<std::string_view, 3> kKnown{"ipc", "tcp", "inproc"};
  if (std::none_of(kKnown.begin(), kKnown.end(),
                   [&](std::string_view one) { return has_transport(endpoint, one); })) {
    throw system::ConfigError(
        fmt::format("cannot publish on {}: give ipc://PATH or tcp://ADDRESS:PORT", endpoint));
  }
}

void check_endpoint(const std::string& endpoint, bool with_key) {
  check_transport(endpoint);
  if (!with_key && !is_local_endpoint(endpoint)) {
    throw system::ConfigError(
        fmt::format("cannot publish on {}: anybody who reaches it could read the feed; give "
                    "--feed-key FILE and --feed-clients FILE (status-receiver --keygen FILE makes "
                    "a key)",
                    endpoint));
  }
}

}  // namespace

bool is_local_endpoint(const std::string& endpoint) {
  if (!feed::is_tcp(endpoint)) {
    return has_transport(endpoint, "ipc") || has_transport(endpoint, "inproc");
  }
  const std::string host = host_of_endpoint(endpoint);
  return host == "localhost" || (is_address(host) && http::is_loopback(host));
}

FeedClients FeedClients::parse(const std::string& text, const std::string& path) {
  FeedClients clients;
  std::istringstream lines(text);
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    const std::string_view whole = system::trimmed(line);
    if (whole.empty() || whole.front() == '#') {
      continue;
    }
    const std::string_view key = whole.substr(0, whole.find_first_of(" \t"));
    if (!feed::is_key(key)) {
      throw system::ConfigError(
          fmt::format("cannot use feed clients file {}: line {} does not begin with a public key "
                      "of 40 characters",
                      path, number));
    }
    const std::string name = status::cut(
        status::to_line(std::string(system::trimmed(whole.substr(key.size())))), kLongestName);
    clients.names_[feed::bytes_of_key(std::string(key))] = name.empty() ? std::string(key) : name;
  }
  return clients;
}

const std::string* FeedClients::name_of(const std::string& key) const {
  const auto found = names_.find(key);
  return found == names_.end() ? nullptr : &found->second;
}

std::vector<std::string> FeedClients::missing_in(const FeedClients& other) const {
  std::vector<std::string> names;
  for (const auto& [key, name] : names_) {
    if (!other.names_.contains(key)) {
      names.push_back(name);
    }
  }
  return names;
}

FeedAccess read_feed_access(const ReceiverOptions& options) {
  if (options.feed_key.empty() != options.feed_clients.empty()) {
    throw system::ConfigError(
        "cannot use --feed-key without --feed-clients or the other way round: the one is who we "
        "are, the other who may come in");
  }
  for (const auto* endpoints : {&options.feed, &options.replay}) {
    for (const std::string& endpoint : *endpoints) {
      check_endpoint(endpoint, !options.feed_key.empty());
    }
  }
  if (options.feed_key.empty()) {
    return {};
  }
  return {.key = feed::read_key_pair(options.feed_key),
          .clients = FeedClients::parse(
              system::read_config_file(options.feed_clients, "feed clients file"),
              options.feed_clients)};
}

int make_key(const std::string& path) {
  const feed::KeyPair pair = feed::make_key_pair();
  feed::write_key_pair(path, pair);
  fmt::print("{}\n", pair.public_key);
  system::log_info(fmt::format("wrote a key pair to {}; its public key may be known", path));
  return system::kExitOk;
}

}  // namespace monitor::receiver
