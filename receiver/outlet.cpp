#include "receiver/outlet.h"

#include <fmt/format.h>

#include <utility>

#include "lib/system/log.h"

namespace monitor::receiver {
namespace {

constexpr const char* kFeedDoor = "inproc://door-feed";
constexpr const char* kReplayDoor = "inproc://door-replay";

}  // namespace

Outlet::Open::Open(const Outlet& o)
    : publisher(start(o), {o.feed_, o.secret_key(), kFeedDoor}),
      replay(context, {o.replay_, o.secret_key(), kReplayDoor}, o.journal_, o.policy_,
             o.counters_) {}

// The doorkeeper comes before what it guards.
zmq::context_t& Outlet::Open::start(const Outlet& o) {
  if (o.access_.key) {
    doorkeeper.emplace(context, o.access_.clients, o.options_.feed_clients,
                       std::vector<std::string>{kFeedDoor, kReplayDoor}, o.counters_);
  }
  return context;
}

Outlet::Outlet(const ReceiverOptions& options, FeedAccess access, const Journal& journal,
               const SharedPolicy& policy, Counters& counters)
    : options_(options),
      journal_(journal),
      policy_(policy),
      counters_(counters),
      access_(std::move(access)),
      feed_(options.feed),
      replay_(options.replay) {
  open();
}

void Outlet::open() {
  open_.emplace(*this);
  feed_ = open_->publisher.endpoints();  // the system may have chosen ports: they stay
  replay_ = open_->replay.endpoints();
}

void Outlet::admit(FeedAccess access) {
  const std::vector<std::string> gone = access_.clients.missing_in(access.clients);
  const bool other_key = secret_key() != (access.key ? access.key->secret_key : "");
  access_ = std::move(access);
  if (gone.empty() && !other_key) {
    if (open_->doorkeeper) {
      open_->doorkeeper->set_clients(access_.clients);
    }
    return;
  }
  open_.reset();
  open();
  system::log_info(fmt::format(
      "feed: all connections were closed, {}; who may comes back by itself",
      other_key
          ? "because the key is another"
          : fmt::format("because of {}, taken from the list of clients", fmt::join(gone, ", "))));
}

std::string Outlet::secret_key() const { return access_.key ? access_.key->secret_key : ""; }

std::string Outlet::places() const {
  return fmt::format("publishing on {}, replaying on {}", fmt::join(feed_, " "),
                     fmt::join(replay_, " "));
}

std::string Outlet::guests() const {
  return access_.key ? fmt::format("the feed's public key is {}; over tcp {} clients may read it",
                                   access_.key->public_key, access_.clients.size())
                     : std::string();
}

}  // namespace monitor::receiver
