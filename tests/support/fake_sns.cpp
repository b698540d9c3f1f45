#include "tests/support/fake_sns.h"

#include <gnutls/abstract.h>
#include <gnutls/x509.h>

#include <ctime>
#include <initializer_list>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "lib/http/gnutls.h"
#include "lib/json/writer.h"

namespace monitor::tests {
namespace {

void check(int code) {
  if (code < 0) {
    throw std::runtime_error(std::string("GnuTLS fails: ") + ::gnutls_strerror(code));
  }
}

// Takes over what GnuTLS has made.
std::string take(gnutls_datum_t made) {
  std::string text(reinterpret_cast<const char*>(made.data), made.size);
  ::gnutls_free(made.data);
  return text;
}

std::string text_to_sign(const Parts& parts) {
  const bool confirms = parts.at("Type") != "Notification";
  const std::initializer_list<const char*> notification{"Message",   "MessageId", "Subject",
                                                        "Timestamp", "TopicArn",  "Type"};
  const std::initializer_list<const char*> confirmation{
      "Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"};
  std::string text;
  for (const char* name : confirms ? confirmation : notification) {
    if (const auto part = parts.find(name); part != parts.end()) {
      text += part->first + '\n' + part->second + '\n';
    }
  }
  return text;
}

}  // namespace

struct SigningKey::State {
  State() {
    check(::gnutls_privkey_init(&key));
    check(::gnutls_x509_crt_init(&certificate));
  }
  ~State() {
    ::gnutls_x509_crt_deinit(certificate);
    ::gnutls_privkey_deinit(key);
  }
  gnutls_privkey_t key = nullptr;
  gnutls_x509_crt_t certificate = nullptr;
};

SigningKey::SigningKey(long from, long to) : state_(std::make_unique<State>()) {
  const gnutls_privkey_t key = state_->key;
  const gnutls_x509_crt_t certificate = state_->certificate;
  check(::gnutls_privkey_generate(key, GNUTLS_PK_RSA, 2048, 0));
  check(::gnutls_x509_crt_set_version(certificate, 3));
  check(::gnutls_x509_crt_set_serial(certificate, "\1", 1));
  check(::gnutls_x509_crt_set_activation_time(certificate, std::time(nullptr) + from));
  check(::gnutls_x509_crt_set_expiration_time(certificate, std::time(nullptr) + to));
  gnutls_pubkey_t half = nullptr;
  check(::gnutls_pubkey_init(&half));
  check(::gnutls_pubkey_import_privkey(half, key, 0, 0));
  check(::gnutls_x509_crt_set_pubkey(certificate, half));
  ::gnutls_pubkey_deinit(half);
  check(::gnutls_x509_crt_privkey_sign(certificate, certificate, key, GNUTLS_DIG_SHA256, 0));
}

SigningKey::~SigningKey() = default;

std::string SigningKey::certificate() const {
  gnutls_datum_t pem{};
  check(::gnutls_x509_crt_export2(state_->certificate, GNUTLS_X509_FMT_PEM, &pem));
  return take(pem);
}

std::string SigningKey::sign(const std::string& text, const std::string& version) const {
  const gnutls_datum_t data = http::datum(text);
  gnutls_datum_t raw{};
  gnutls_datum_t base64{};
  check(::gnutls_privkey_sign_data(
      state_->key, version == "1" ? GNUTLS_DIG_SHA1 : GNUTLS_DIG_SHA256, 0, &data, &raw));
  const std::string signature = take(raw);
  const gnutls_datum_t signed_bytes = http::datum(signature);
  check(::gnutls_base64_encode2(&signed_bytes, &base64));
  return take(base64);
}

Parts notification(const std::string& message) {
  return {{"Type", "Notification"},
          {"MessageId", "0f0e0d0c-1111-4222-8333-444455556666"},
          {"TopicArn", kTopic},
          {"Subject", "AWS Health"},
          {"Message", message},
          {"Timestamp", "2026-03-04T05:06:07.123Z"},
          {"SigningCertURL", kCertificateUrl}};
}

Parts subscription_confirmation() {
  Parts parts = notification("You have chosen to subscribe.\nVisit the SubscribeURL.");
  parts.erase("Subject");
  parts["Type"] = "SubscriptionConfirmation";
  parts["Token"] = "t0";
  parts["SubscribeURL"] = kSubscribeUrl;
  return parts;
}

std::string signed_body(Parts parts, const SigningKey& key, const std::string& version) {
  parts["SignatureVersion"] = version;
  parts["Signature"] = key.sign(text_to_sign(parts), version);
  return to_body(parts);
}

std::string to_body(const Parts& parts) {
  json::Writer out;
  out.begin_object();
  for (const auto& [name, text] : parts) {
    out.member(name, text);
  }
  return out.end_object().take();
}

FakeAmazon::FakeAmazon(std::string certificate) : certificate_(std::move(certificate)) {
  server_.start(*this);
}

http::Fetched FakeAmazon::get(const std::string& url) {
  const std::string_view path = std::string_view(url).substr(url.find('/', 8));
  return client_.get(server_.url() + std::string(path));
}

void FakeAmazon::serve(http::Exchange exchange) {
  const bool asks_certificate = exchange.request().path.ends_with(".pem");
  ++(asks_certificate ? certificates : confirmations);
  exchange.answer({.status = status, .body = asks_certificate ? certificate_ : "<Confirmed/>"});
}

}  // namespace monitor::tests
