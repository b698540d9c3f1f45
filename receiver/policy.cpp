#include "receiver/policy.h"

#include <fmt/format.h>

#include <algorithm>

#include "lib/http/address.h"
#include "lib/status/formats/fields.h"
#include "lib/status/text.h"

namespace monitor::receiver {
namespace {

// Nothing when the request shows all that `credentials` ask for.
std::optional<std::string> missing(const std::string& slug, const status::Credentials& credentials,
                                   const http::Request& request, system::Time now) {
  if (!credentials.tokens.empty() && !credentials.tokens.accepts(request)) {
    return fmt::format("token of provider {} missing or wrong", slug);
  }
  return credentials.signature ? credentials.signature->refuse(request, now) : std::nullopt;
}

status::Providers read_providers(const std::string& path) {
  return path.empty() ? status::Providers::shipped() : status::Providers::with_user_file(path);
}

http::TokenCheck read_tokens(const std::string& path) {
  return path.empty() ? http::TokenCheck() : http::TokenCheck::from_file(path);
}

}  // namespace

Policy::Policy(const ReceiverOptions& options)
    : Policy(read_providers(options.providers), read_tokens(options.token_file), false) {
  open_ = tokens_.empty() && (options.allow_unauthenticated || http::is_loopback(options.host));
  if (with_credentials_ == 0) {
    http::check_exposure(options.host, options.token_file, options.allow_unauthenticated,
                         "post webhooks");
  }
}

void Policy::look_around() {
  providers_.for_each([this](const status::Provider& provider) {
    const status::Credentials& credentials = provider.credentials;
    with_credentials_ += credentials.guarded() ? 1 : 0;
    if (credentials.aggregator) {
      aggregators_.push_back(provider.slug);
    }
    body_decides_ |= credentials.signature.has_value() || !credentials.topic_arns.empty();
  });
}

std::string Policy::summary() const {
  return fmt::format("{} providers, {} of them with credentials of their own", providers_.size(),
                     with_credentials_);
}

bool Policy::may_post(const std::string& provider, const http::Request& head) const {
  const status::Provider* entry = providers_.find(provider);
  if (may_be_aggregators(head)) {
    return true;
  }
  if (entry != nullptr && entry->credentials.own()) {
    return entry->credentials.tokens.empty() || entry->credentials.tokens.accepts(head);
  }
  if (open_ || tokens_.accepts(head)) {
    return true;
  }
  return entry != nullptr ? !entry->credentials.topic_arns.empty()
                          : body_decides_ || is_somebodys(head);
}

bool Policy::is_somebodys(const http::Request& head) const {
  bool found = false;
  providers_.for_each([&](const status::Provider& entry) {
    found = found || entry.credentials.tokens.accepts(head);
  });
  return found;
}

std::optional<std::string> Policy::refuse(const status::Provider* entry,
                                          const http::Request& request, system::Time now) const {
  if (is_aggregators(request, now)) {
    return std::nullopt;
  }
  const bool known_by_topic = entry != nullptr && !entry->credentials.topic_arns.empty();
  if (entry == nullptr || !entry->credentials.own()) {
    const bool good = (open_ && !known_by_topic) || tokens_.accepts(request);
    return good             ? std::nullopt
           : known_by_topic ? std::optional(fmt::format(
                                  "provider {} is known by its SNS topics; without an envelope it "
                                  "needs the token",
                                  entry->slug))
                            : std::optional<std::string>("token missing or wrong");
  }
  return missing(entry->slug, entry->credentials, request, now);
}

// What came by one provider's path, and shows his token, may bear the page id of another.
std::optional<std::string> Policy::refuse(const status::Identity& identity,
                                          const http::Request& request, system::Time now) const {
  auto reason = refuse(identity.entry, request, now);
  for (const status::Provider* claimed : identity.claimed) {
    if (!reason && claimed->credentials.guarded()) {
      reason = refuse(claimed, request, now);
    }
  }
  return reason;
}

// A signature shows only when the body is there.
bool Policy::may_be_aggregators(const http::Request& head) const {
  return std::any_of(aggregators_.begin(), aggregators_.end(), [&](const std::string& slug) {
    const http::TokenCheck& tokens = providers_.find(slug)->credentials.tokens;
    return tokens.empty() || tokens.accepts(head);
  });
}

bool Policy::is_aggregators(const http::Request& request, system::Time now) const {
  return std::any_of(aggregators_.begin(), aggregators_.end(), [&](const std::string& slug) {
    return !missing(slug, providers_.find(slug)->credentials, request, now);
  });
}

Policy::TopicRule Policy::rule_of_topic(const std::string& provider,
                                        const std::string& topic) const {
  const status::Provider* by_path = providers_.find(provider);
  const status::Provider* by_topic = providers_.find_topic(topic);
  const std::string shown = status::cut(status::to_line(topic), status::kMaxId);
  if (by_topic == nullptr && by_path != nullptr && !by_path->credentials.verify_sns) {
    return {.entry = by_path, .verify = false};
  }
  if (by_topic == nullptr) {
    return {.refusal = fmt::format(
                "SNS topic \"{}\" is in no provider's topic_arns; add it to your providers file",
                shown)};
  }
  if (!provider.empty() && by_path != by_topic) {
    return {.refusal = fmt::format("SNS topic \"{}\" is provider {}'s, not {}'s", shown,
                                   by_topic->slug, provider)};
  }
  return {.entry = by_topic, .verify = by_topic->credentials.verify_sns};
}

std::string Policy::mapping_of(const feed::Event& event) const {
  const status::Provider* entry =
      event.format == status::kGenericFormat ? providers_.find(event.provider) : nullptr;
  return entry == nullptr ? std::string() : entry->mapping;
}

}  // namespace monitor::receiver
