// Is an SNS envelope really Amazon's? Keeps the certificates that it had to fetch, a few at most,
// and fetches seldom, whatever is posted. One thread.
#pragma once

#include <map>
#include <string>

#include "lib/http/certificate.h"
#include "lib/http/client.h"
#include "lib/system/clock.h"
#include "receiver/sns_envelope.h"

namespace monitor::receiver {

struct SnsVerdict {
  enum class Kind { good, refused, not_now };
  Kind kind = Kind::good;
  std::string reason = {};  // of the other two
};

class SnsVerifier {
 public:
  explicit SnsVerifier(http::Fetcher& fetcher) : fetcher_(fetcher) {}

  SnsVerdict verify(const SnsEnvelope& envelope, system::Time now);
  // Tells Amazon that the subscription is wanted. For an envelope that verify() found good.
  SnsVerdict confirm(const SnsEnvelope& envelope, system::Time now);
  // Can verify() do without fetching this certificate?
  bool knows(const std::string& certificate_url) const {
    return certificates_.contains(certificate_url);
  }

 private:
  // Null, and `verdict` filled in, when there is none that is good now.
  const http::Certificate* certificate(const std::string& url, system::Time now,
                                       SnsVerdict& verdict);
  const http::Certificate* fetch(const std::string& url, system::Time now, SnsVerdict& verdict);
  bool may_fetch(system::Time now);

  http::Fetcher& fetcher_;
  std::map<std::string, http::Certificate> certificates_;
  system::Time fetches_since_{};
  int fetches_ = 0;
};

}  // namespace monitor::receiver
