// The certificate that a server shows to whoever connects, and its key (GnuTLS, by which
// libmicrohttpd speaks TLS; the only user of its headers). Immutable: SIGHUP makes a new one, and
// connections keep the one they began with. Any thread.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "lib/system/clock.h"
#include "lib/system/options.h"

struct gnutls_session_int;

namespace monitor::http {

// --tls-cert and --tls-key; both empty: plain HTTP.
struct TlsFiles {
  std::string certificate;
  std::string key;

  void add_to(system::Options& options);
};

class ServerCertificate {
 public:
  // The chain, the server's own certificate first, and its key, both in PEM; either may be a
  // credential of the unit. Nothing when no file is given. Throws system::ConfigError for one
  // without the other and for what no handshake could be made with; warns of what senders may not
  // accept: a certificate that has ended, ends soon or is not valid yet.
  static std::shared_ptr<const ServerCertificate> read(const TlsFiles& files);
  ~ServerCertificate();
  ServerCertificate(const ServerCertificate&) = delete;
  ServerCertificate& operator=(const ServerCertificate&) = delete;

  // The server's own ends then.
  system::Time not_after() const;
  // The first host name in it that is no pattern; "" when there is none.
  const std::string& host_name() const;

 private:
  friend class TlsSession;
  struct Parts;
  explicit ServerCertificate(std::unique_ptr<const Parts> parts);
  std::unique_ptr<const Parts> parts_;
};

// GnuTLS's side of one connection, for the server's thread alone. libmicrohttpd owns the session.
class TlsSession {
 public:
  // At the handshake it shows `certificate`. `at_end`: called when the peer sends no more, the last
  // moment at which it can be told anything: afterwards GnuTLS takes the session for broken.
  TlsSession(void* session, int socket, std::shared_ptr<const ServerCertificate> certificate,
             std::function<void()> at_end);
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  // Sends what fits into the socket at once, and that nothing comes after it.
  void send_last(std::string_view text) const;

  // For MHD_OPTION_HTTPS_CERT_CALLBACK and MHD_OPTION_HTTPS_PRIORITIES.
  static void* certificate_callback();
  static const char* priorities();

 private:
  static ssize_t pull(void* self, void* room, std::size_t size);

  gnutls_session_int* const session_;
  const int socket_;
  const std::shared_ptr<const ServerCertificate> certificate_;
  const std::function<void()> at_end_;
};

}  // namespace monitor::http
