// Who may post what: the providers (catalogue and the user's file) and the tokens, as they were
// read together. Immutable; SIGHUP makes a new one and swaps it in whole. Any thread.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "lib/feed/message.h"
#include "lib/http/token.h"
#include "lib/status/providers.h"
#include "receiver/options.h"

namespace monitor::receiver {

class Policy {
 public:
  // Reads the files that the options name. Throws system::ConfigError for a wrong one, and when
  // strangers could reach us and nobody has to show anything.
  explicit Policy(const ReceiverOptions& options);
  // For tests: the shipped catalogue, or `providers`, and these tokens.
  Policy(status::Providers providers, http::TokenCheck tokens, bool open)
      : providers_(std::move(providers)), tokens_(std::move(tokens)), open_(open) {
    look_around();
  }

  const status::Providers& providers() const { return providers_; }
  const http::TokenCheck& tokens() const { return tokens_; }
  // Nobody without credentials of his own has to show any.
  bool open() const { return open_; }
  // What was read, for people: "384 providers, 2 of them with credentials".
  std::string summary() const;

  // By its head alone: might this webhook be taken? `provider`: the slug in its path, may be empty.
  bool may_post(const std::string& provider, const http::Request& head) const;
  // Whole, and known whom it is about: nothing when it is taken, else why not. `entry` may be null.
  std::optional<std::string> refuse(const status::Provider* entry, const http::Request& request,
                                    system::Time now) const;
  // The same for everybody in whose name it would be taken.
  std::optional<std::string> refuse(const status::Identity& identity, const http::Request& request,
                                    system::Time now) const;
  // Which provider an SNS topic's messages are of, and whether Amazon must have signed them.
  struct TopicRule {
    const status::Provider* entry = nullptr;
    bool verify = true;
    std::string refusal = {};  // why they are not taken; then nothing else counts
  };
  // `provider`: the slug in the path they came by, may be empty.
  TopicRule rule_of_topic(const std::string& provider, const std::string& topic) const;
  // How subscribers shall read this event; "" unless it is of format "generic".
  std::string mapping_of(const feed::Event& event) const;

 private:
  void look_around();
  bool may_be_aggregators(const http::Request& head) const;
  bool is_aggregators(const http::Request& request, system::Time now) const;
  bool is_somebodys(const http::Request& head) const;  // a provider's token is in it

  status::Providers providers_;
  http::TokenCheck tokens_;
  bool open_;
  std::vector<std::string> aggregators_;  // slugs
  std::size_t with_credentials_ = 0;
  bool body_decides_ = false;  // somebody is known by a signature, which the head doesn't show
};

// The policy of the moment, for the threads that ask.
class SharedPolicy {
 public:
  explicit SharedPolicy(std::shared_ptr<const Policy> policy) : policy_(std::move(policy)) {}
  // shared_ptr, because a request that is being judged keeps the policy it began with.
  std::shared_ptr<const Policy> get() const {
    const std::lock_guard lock(mutex_);
    return policy_;
  }
  void set(std::shared_ptr<const Policy> policy) {
    const std::lock_guard lock(mutex_);
    policy_ = std::move(policy);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Policy> policy_;
};

}  // namespace monitor::receiver
