#include "lib/http/certificate.h"

#include <gnutls/abstract.h>
#include <gnutls/x509.h>

#include <limits>

#include "lib/http/gnutls.h"

namespace monitor::http {
namespace {

struct FreeCertificate {
  void operator()(gnutls_x509_crt_t certificate) const { ::gnutls_x509_crt_deinit(certificate); }
};

bool fits(std::string_view text) { return text.size() <= std::numeric_limits<unsigned>::max(); }

}  // namespace

void Certificate::Free::operator()(gnutls_pubkey_st* key) const { FreePublicKey()(key); }

std::optional<Certificate> Certificate::parse(std::string_view pem) {
  gnutls_x509_crt_t read = nullptr;
  gnutls_pubkey_t key = nullptr;
  if (!fits(pem) || ::gnutls_x509_crt_init(&read) < 0) {
    return std::nullopt;
  }
  const std::unique_ptr<gnutls_x509_crt_int, FreeCertificate> certificate(read);
  const gnutls_datum_t bytes = datum(pem);
  if (::gnutls_x509_crt_import(read, &bytes, GNUTLS_X509_FMT_PEM) < 0 ||
      ::gnutls_pubkey_init(&key) < 0) {
    return std::nullopt;
  }
  Certificate found;
  found.key_.reset(key);
  found.from_ = ::gnutls_x509_crt_get_activation_time(read);
  found.to_ = ::gnutls_x509_crt_get_expiration_time(read);
  const bool rsa = ::gnutls_pubkey_import_x509(key, read, 0) >= 0 &&
                   ::gnutls_pubkey_get_pk_algorithm(key, nullptr) == GNUTLS_PK_RSA;
  return rsa ? std::optional(std::move(found)) : std::nullopt;
}

bool Certificate::valid_at(system::Time now) const {
  const std::time_t seconds = system::to_microseconds(now) / 1'000'000;
  return from_ < seconds && seconds < to_;
}

bool Certificate::signed_by(Hash hash, std::string_view text, std::string_view signature) const {
  if (!fits(text) || !fits(signature)) {
    return false;
  }
  const gnutls_datum_t data = datum(text);
  const gnutls_datum_t claimed = datum(signature);
  // Amazon's first signature version is SHA-1, which GnuTLS otherwise refuses.
  return ::gnutls_pubkey_verify_data2(
             key_.get(), hash == Hash::sha1 ? GNUTLS_SIGN_RSA_SHA1 : GNUTLS_SIGN_RSA_SHA256,
             GNUTLS_VERIFY_ALLOW_SIGN_WITH_SHA1, &data, &claimed) >= 0;
}

}  // namespace monitor::http
