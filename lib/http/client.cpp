#include "lib/http/client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <span>

#include "lib/http/curl.h"
#include "lib/system/error.h"
#include "lib/system/version.h"

namespace monitor::http {
namespace {

// What a longer answer is read of before it is cut off, where its beginning will do.
constexpr std::size_t kReadAtMost = 1 << 20;

struct FreeUrl {
  void operator()(CURLU* url) const { curl().url_cleanup(url); }
};

// As libcurl reads it, so that what is judged is what is asked.
std::string host_of(const std::string& text) {
  const std::unique_ptr<CURLU, FreeUrl> url(curl().url());
  char* found = nullptr;
  if (!url || curl().url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK ||
      curl().url_get(url.get(), CURLUPART_HOST, &found, 0) != CURLUE_OK) {
    return "";
  }
  std::string copy(found);
  curl().free(found);
  return copy;
}

bool is_private(std::uint32_t ip) {  // host byte order
  struct Net {
    std::uint32_t address;
    int bits;
  };
  // https://www.iana.org/assignments/iana-ipv4-special-registry
  static constexpr std::array<Net, 8> kNets{{{0x00000000, 8},
                                             {0x0A000000, 8},
                                             {0x64400000, 10},
                                             {0x7F000000, 8},
                                             {0xA9FE0000, 16},
                                             {0xAC100000, 12},
                                             {0xC0A80000, 16},
                                             {0xE0000000, 3}}};
  return std::any_of(kNets.begin(), kNets.end(),
                     [&](const Net& net) { return (ip ^ net.address) >> (32 - net.bits) == 0; });
}

bool is_private(const in6_addr& ip) {
  const auto* const bytes = ip.s6_addr;
  if (IN6_IS_ADDR_V4MAPPED(&ip) != 0) {
    std::uint32_t v4 = 0;
    std::memcpy(&v4, bytes + 12, sizeof v4);
    return is_private(ntohl(v4));
  }
  return IN6_IS_ADDR_LOOPBACK(&ip) != 0 || IN6_IS_ADDR_UNSPECIFIED(&ip) != 0 ||
         (bytes[0] & 0xFE) == 0xFC || (bytes[0] == 0xFE && (bytes[1] & 0xC0) == 0x80) ||
         bytes[0] == 0xFF;
}

bool is_private(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    return is_private(ntohl(reinterpret_cast<const sockaddr_in&>(address).sin_addr.s_addr));
  }
  return address.sa_family == AF_INET6 &&
         is_private(reinterpret_cast<const sockaddr_in6&>(address).sin6_addr);
}

// The URL has the address itself, so that whoever wrote it knew.
bool names_its_address(const std::string& url) {
  const std::string host = host_of(url);
  in_addr v4{};
  return host == "localhost" || host.starts_with('[') ||
         ::inet_pton(AF_INET, host.c_str(), &v4) == 1;
}

// Then the address is the proxy's, and what it does is its own affair.
bool has_proxy() {
  static constexpr std::array kVariables{"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy",
                                         "ALL_PROXY"};
  return std::any_of(kVariables.begin(), kVariables.end(), [](const char* name) {
    const char* const value = std::getenv(name);
    return value != nullptr && *value != '\0';
  });
}

std::string reason(CURLcode code) {
  return code == CURLE_WRITE_ERROR ? "the answer is too large" : curl().easy_strerror(code);
}

}  // namespace

// One exchange at a time.
struct Client::Handle {
  explicit Handle(const Client& owner) : client(owner), easy(new_curl()) {}
  ~Handle() = default;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  static std::size_t on_bytes(char* bytes, std::size_t one, std::size_t count, void* self) {
    return static_cast<Handle*>(self)->take({bytes, one * count});
  }
  static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<Handle*>(self)->stop() ? 1 : 0;
  }
  static curl_socket_t on_socket(void* self, curlsocktype, curl_sockaddr* address) {
    auto& handle = *static_cast<Handle*>(self);
    if (handle.guarded && is_private(address->addr)) {
      handle.refused = true;
      return CURL_SOCKET_BAD;
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  }

  std::size_t take(std::span<const char> bytes) {
    const ClientSettings& settings = client.settings_;
    const std::size_t room = settings.max_body - fetched.body.size();
    read += bytes.size();
    if (bytes.size() > room && (settings.whole_body || read > kReadAtMost)) {
      return CURL_WRITEFUNC_ERROR;
    }
    fetched.body.append(bytes.data(), std::min(room, bytes.size()));
    return bytes.size();
  }
  bool stop() {
    const auto& asked = client.settings_.interrupted;
    stopped = stopped || client.given_up_ || (asked && asked());
    return stopped;
  }
  template <typename Value>
  void set(CURLoption option, Value value) {
    curl().easy_setopt(easy.get(), option, value);
  }
  void prepare(const Outgoing& request);
  Fetched perform();

  const Client& client;
  CurlHandle easy;
  CurlList headers;
  Fetched fetched;
  std::size_t read = 0;
  bool guarded = false;
  bool refused = false;
  bool stopped = false;
};

void Client::Handle::prepare(const Outgoing& request) {
  static const std::string agent = "status-monitor/" + std::string(system::kVersion);
  const ClientSettings& settings = client.settings_;
  fetched = {};
  read = 0;
  stopped = refused = false;
  guarded = settings.no_private_names && !names_its_address(request.url) && !has_proxy();
  headers = curl_list(request.headers);
  curl().easy_reset(easy.get());
  set(CURLOPT_URL, request.url.c_str());
  set(CURLOPT_HTTPHEADER, headers.get());
  if (request.method != "GET") {
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set(CURLOPT_POSTFIELDS, request.body.data());
    set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
  set(CURLOPT_PROTOCOLS_STR, settings.https_only ? "https" : "http,https");
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(settings.patience.count()));
  set(CURLOPT_QUICK_EXIT, 1L);  // a name server may take longer than we
  set(CURLOPT_NOSIGNAL, 1L);    // or a slow resolver would end us by SIGALRM
  set(CURLOPT_USERAGENT, agent.c_str());
  set(CURLOPT_WRITEFUNCTION, on_bytes);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, on_progress);
  set(CURLOPT_XFERINFODATA, this);
  set(CURLOPT_OPENSOCKETFUNCTION, on_socket);
  set(CURLOPT_OPENSOCKETDATA, this);
}

Fetched Client::Handle::perform() {
  const CURLcode code = stop() ? CURLE_ABORTED_BY_CALLBACK : curl().easy_perform(easy.get());
  long status = 0;
  curl().easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
  const bool enough = code == CURLE_WRITE_ERROR && !client.settings_.whole_body;
  if (stopped) {
    return {.error = "given up, the program is ending"};
  }
  if (refused) {
    return {.error = "its name leads to an address of a private network"};
  }
  if (code != CURLE_OK && !enough) {
    return {.error = reason(code)};
  }
  curl_off_t wait = 0;
  curl().easy_getinfo(easy.get(), CURLINFO_RETRY_AFTER, &wait);
  fetched.status = static_cast<int>(status);
  fetched.retry_after = wait > 0 ? std::optional(std::chrono::seconds(wait)) : std::nullopt;
  return std::move(fetched);
}

Client::Client(ClientSettings settings) : settings_(std::move(settings)) {}
Client::~Client() = default;

Fetched Client::send(const Outgoing& request) {
  try {
    if (!handle_) {
      handle_ = std::make_unique<Handle>(*this);
    }
  } catch (const system::Failure& failure) {
    return {.error = failure.what()};
  }
  handle_->prepare(request);
  return handle_->perform();
}

}  // namespace monitor::http
