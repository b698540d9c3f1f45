#include "lib/http/tls.h"

#include <fmt/format.h>
#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <utility>
#include <vector>

#include "lib/http/gnutls.h"
#include "lib/http/secret_file.h"
#include "lib/system/config_file.h"
#include "lib/system/error.h"
#include "lib/system/log.h"

namespace monitor::http {
namespace {

// Chains have three or four; what is longer was given by mistake.
constexpr unsigned kLongestChain = 16;
// Certificates are renewed a month before their end; at two weeks something has gone wrong.
constexpr std::chrono::days kEndsSoon{14};

// TLS 1.2 with forward secrecy and authenticated encryption, and 1.3.
constexpr const char* kPriorities =
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA:-MAC-ALL:+AEAD:"
    "%SERVER_PRECEDENCE";

constexpr const char* kCertificate = "TLS certificate";
constexpr const char* kKey = "TLS key";

[[noreturn]] void refuse(const char* what, const std::string& path, std::string_view reason) {
  throw system::ConfigError(fmt::format("cannot use {} file {}: {}", what, path, reason));
}

struct FreeKey {
  void operator()(gnutls_privkey_st* key) const { ::gnutls_privkey_deinit(key); }
};
using Key = std::unique_ptr<gnutls_privkey_st, FreeKey>;

// Certificates as they are read; freed together.
struct Certificates {
  gnutls_x509_crt_t* list = nullptr;
  unsigned count = 0;

  Certificates() = default;
  ~Certificates() {
    std::for_each(list, list + count, ::gnutls_x509_crt_deinit);
    ::gnutls_free(list);
  }
  Certificates(const Certificates&) = delete;
  Certificates& operator=(const Certificates&) = delete;
};

system::Time time_of(std::time_t seconds) {
  return system::Time(std::chrono::seconds(std::max<std::time_t>(seconds, 0)));
}

std::string host_name_of(gnutls_x509_crt_t certificate) {
  for (unsigned i = 0;; ++i) {
    std::array<char, 256> name{};
    std::size_t size = name.size();
    const int type =
        ::gnutls_x509_crt_get_subject_alt_name(certificate, i, name.data(), &size, nullptr);
    if (type < 0 && type != GNUTLS_E_SHORT_MEMORY_BUFFER) {  // no more of them, as a rule
      return "";
    }
    const std::string_view found(name.data(), std::min(size, name.size()));
    if (type == GNUTLS_SAN_DNSNAME && !found.starts_with('*')) {
      return std::string(found);
    }
  }
}

bool belong_together(gnutls_pubkey_t shown, gnutls_privkey_t key) {
  gnutls_pubkey_t made = nullptr;
  ::gnutls_pubkey_init(&made);
  const std::unique_ptr<gnutls_pubkey_st, FreePublicKey> owner(made);
  using Id = std::array<unsigned char, 32>;
  const auto identify = [](gnutls_pubkey_t half, Id& id) {
    std::size_t size = id.size();
    return ::gnutls_pubkey_get_key_id(half, GNUTLS_KEYID_USE_SHA256, id.data(), &size) == 0;
  };
  Id left{};
  Id right{};
  return ::gnutls_pubkey_import_privkey(made, key, 0, 0) == 0 && identify(shown, left) &&
         identify(made, right) && left == right;
}

Key read_key(const std::string& path) {
  std::string text = system::read_config_file(path, fmt::format("{} file", kKey));
  if (text.find("ENCRYPTED") != std::string::npos) {
    refuse(kKey, path,
           "it is encrypted, and nobody is there to type the passphrase; take that off with "
           "openssl pkey -in OLD -out NEW");
  }
  gnutls_privkey_t key = nullptr;
  ::gnutls_privkey_init(&key);
  Key owner(key);
  const gnutls_datum_t data = datum(text);
  const int result = ::gnutls_privkey_import_x509_raw(key, &data, GNUTLS_X509_FMT_PEM, nullptr, 0);
  if (result != GNUTLS_E_SUCCESS) {
    refuse(kKey, path,
           fmt::format("it holds no private key in PEM ({})", ::gnutls_strerror(result)));
  }
  warn_if_open(path, kKey);
  return owner;
}

void warn_of_dates(const std::string& path, system::Time begin, system::Time end) {
  const system::Time now = system::now();
  if (begin > now) {
    system::log_warning(fmt::format("{} file {}: it is valid from {} on, senders refuse it now",
                                    kCertificate, path, system::to_rfc3339_seconds(begin)));
  }
  if (end < now + kEndsSoon) {
    system::log_warning(
        fmt::format("{} file {}: {} {}; renew it", kCertificate, path,
                    end < now ? "senders refuse it, it ended on" : "it ends soon, on",
                    system::to_rfc3339_seconds(end)));
  }
}

}  // namespace

struct ServerCertificate::Parts {
  std::vector<gnutls_pcert_st> chain;
  Key key;
  system::Time not_after;
  std::string host_name;

  Parts() = default;
  ~Parts() {
    std::for_each(chain.begin(), chain.end(), [](auto& one) { gnutls_pcert_deinit(&one); });
  }
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;

  void read_chain(const std::string& path);
};

void ServerCertificate::Parts::read_chain(const std::string& path) {
  std::string text = system::read_config_file(path, fmt::format("{} file", kCertificate));
  const gnutls_datum_t data = datum(text);
  Certificates read;
  int result =
      ::gnutls_x509_crt_list_import2(&read.list, &read.count, &data, GNUTLS_X509_FMT_PEM, 0);
  if (result < 0 || read.count == 0) {
    read.list = nullptr;
    read.count = 0;
    refuse(kCertificate, path,
           fmt::format("it holds no certificate in PEM ({})", ::gnutls_strerror(result)));
  }
  unsigned length = read.count;
  chain.resize(read.count);
  result = read.count > kLongestChain
               ? GNUTLS_E_SHORT_MEMORY_BUFFER
               : ::gnutls_pcert_import_x509_list(chain.data(), read.list, &length,
                                                 GNUTLS_X509_CRT_LIST_SORT);
  chain.resize(result == GNUTLS_E_SUCCESS ? length : 0);
  if (chain.empty()) {
    refuse(kCertificate, path,
           fmt::format("it is no chain of at most {} certificates ({})", kLongestChain,
                       ::gnutls_strerror(result)));
  }
  not_after = time_of(::gnutls_x509_crt_get_expiration_time(read.list[0]));
  host_name = host_name_of(read.list[0]);
  warn_of_dates(path, time_of(::gnutls_x509_crt_get_activation_time(read.list[0])), not_after);
}

void TlsFiles::add_to(system::Options& options) {
  options.text("--tls-cert", certificate, "FILE",
               "Speak HTTPS: certificate (PEM), those that signed it after it");
  options.text("--tls-key", key, "FILE", "Its private key (PEM), not encrypted");
}

ServerCertificate::ServerCertificate(std::unique_ptr<const Parts> parts)
    : parts_(std::move(parts)) {}
ServerCertificate::~ServerCertificate() = default;

std::shared_ptr<const ServerCertificate> ServerCertificate::read(const TlsFiles& files) {
  if (files.certificate.empty() != files.key.empty()) {
    throw system::ConfigError(fmt::format("{} is given without {}: give both, or neither",
                                          files.key.empty() ? "--tls-cert" : "--tls-key",
                                          files.key.empty() ? "--tls-key" : "--tls-cert"));
  }
  if (files.key.empty()) {
    return nullptr;
  }
  const std::string certificate = place_of(files.certificate);
  const std::string key = place_of(files.key);
  auto parts = std::make_unique<Parts>();
  parts->read_chain(certificate);
  parts->key = read_key(key);
  if (!belong_together(parts->chain.front().pubkey, parts->key.get())) {
    refuse(kKey, key,
           fmt::format("it is not the key of {}, or that file does not begin with the server's "
                       "own certificate",
                       certificate));
  }
  return std::shared_ptr<const ServerCertificate>(new ServerCertificate(std::move(parts)));
}

system::Time ServerCertificate::not_after() const { return parts_->not_after; }
const std::string& ServerCertificate::host_name() const { return parts_->host_name; }

// Nobody else needs the session's pointer: libmicrohttpd does for pre-shared keys alone.
TlsSession::TlsSession(void* session, int socket,
                       std::shared_ptr<const ServerCertificate> certificate,
                       std::function<void()> at_end)
    : session_(static_cast<gnutls_session_t>(session)),
      socket_(socket),
      certificate_(std::move(certificate)),
      at_end_(std::move(at_end)) {
  ::gnutls_session_set_ptr(session_, this);
  ::gnutls_transport_set_ptr2(session_, this,
                              reinterpret_cast<void*>(static_cast<std::intptr_t>(socket)));
  ::gnutls_transport_set_pull_function(session_, &pull);
}

// To send while receiving is allowed: GnuTLS keeps the two directions apart.
ssize_t TlsSession::pull(void* self, void* room, std::size_t size) {
  const auto& session = *static_cast<const TlsSession*>(self);
  const ssize_t count = ::recv(session.socket_, room, size, 0);
  if (count == 0) {
    session.at_end_();
  }
  return count;
}

void TlsSession::send_last(std::string_view text) const {
  ::gnutls_record_send(session_, text.data(), text.size());
  ::gnutls_bye(session_, GNUTLS_SHUT_WR);
}

void* TlsSession::certificate_callback() {
  gnutls_certificate_retrieve_function2* const show =
      [](gnutls_session_t session, const gnutls_datum_t*, int, const gnutls_pk_algorithm_t*, int,
         gnutls_pcert_st** chain, unsigned* length, gnutls_privkey_t* key) {
        const auto& self = *static_cast<const TlsSession*>(::gnutls_session_get_ptr(session));
        const ServerCertificate::Parts& parts = *self.certificate_->parts_;
        *chain = const_cast<gnutls_pcert_st*>(parts.chain.data());
        *length = static_cast<unsigned>(parts.chain.size());
        *key = parts.key.get();
        return 0;
      };
  return reinterpret_cast<void*>(show);
}

const char* TlsSession::priorities() { return kPriorities; }

}  // namespace monitor::http
