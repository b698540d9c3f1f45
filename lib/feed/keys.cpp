#include "lib/feed/keys.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <optional>
#include <sstream>

#include "lib/http/secret_file.h"
#include "lib/system/config_file.h"
#include "lib/system/directory.h"
#include "lib/system/error.h"
#include "lib/system/fd.h"
#include "lib/system/trim.h"

namespace monitor::feed {
namespace {

constexpr std::size_t kTextSize = 40;
constexpr std::size_t kBytes = 32;

using Text = std::array<char, kTextSize + 1>;  // libzmq ends them with a NUL

// Of a line NAME = "KEY".
std::optional<std::string> key_in(std::string_view line, std::string_view name) {
  if (!line.starts_with(name)) {
    return std::nullopt;
  }
  std::string_view rest = system::trimmed(line.substr(name.size()));
  if (!rest.starts_with('=')) {
    return std::nullopt;
  }
  rest = system::trimmed(rest.substr(1));
  if (rest.size() != kTextSize + 2 || rest.front() != '"' || rest.back() != '"' ||
      !is_key(rest.substr(1, kTextSize))) {
    return std::nullopt;
  }
  return std::string(rest.substr(1, kTextSize));
}

std::string public_key_of(const std::string& secret_key) {
  Text text{};
  ::zmq_curve_public(text.data(), secret_key.c_str());
  return text.data();
}

std::string certificate(const KeyPair& pair) {
  return fmt::format(
      "#   ZeroMQ CURVE secret certificate: do not let it leave this machine.\n"
      "curve\n"
      "    public-key = \"{}\"\n"
      "    secret-key = \"{}\"\n",
      pair.public_key, pair.secret_key);
}

}  // namespace

bool is_key(std::string_view text) {
  std::array<std::uint8_t, kBytes> bytes{};
  return text.size() == kTextSize &&
         ::zmq_z85_decode(bytes.data(), std::string(text).c_str()) != nullptr;
}

std::string bytes_of_key(const std::string& key) {
  std::array<std::uint8_t, kBytes> bytes{};
  ::zmq_z85_decode(bytes.data(), key.c_str());
  return {bytes.begin(), bytes.end()};
}

KeyPair make_key_pair() {
  Text public_key{};
  Text secret_key{};
  if (::zmq_curve_keypair(public_key.data(), secret_key.data()) != 0) {
    system::fail("make a key pair", ::zmq_strerror(::zmq_errno()));
  }
  return {public_key.data(), secret_key.data()};
}

void write_key_pair(const std::string& path, const KeyPair& pair) {
  const std::string action = fmt::format("write a key pair to {}", path);
  constexpr mode_t kOwner = 0600;
  const system::Fd file{
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kOwner)};
  if (!file && errno == EEXIST) {
    system::fail(action, "it is there already, and a key is never overwritten");
  }
  const std::string text = certificate(pair);
  if (!file || ::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
      ::fsync(file.get()) != 0) {
    system::fail_errno(action);
  }
  system::sync_directory_of(path);
}

KeyPair read_key_pair(const std::string& path) {
  KeyPair pair;
  for (const auto& [number, line] : http::read_secret_file(path, "feed key")) {
    if (const auto key = key_in(line, "secret-key")) {
      pair.secret_key = *key;
    } else if (const auto other = key_in(line, "public-key")) {
      pair.public_key = *other;
    }
  }
  if (pair.secret_key.empty()) {
    throw system::ConfigError(
        fmt::format("cannot use feed key file {}: it holds no line secret-key = \"...\" of 40 "
                    "characters (status-receiver --keygen FILE makes one)",
                    path));
  }
  const std::string belongs = public_key_of(pair.secret_key);
  if (!pair.public_key.empty() && pair.public_key != belongs) {
    throw system::ConfigError(fmt::format(
        "cannot use feed key file {}: its public key is not the one of its secret key", path));
  }
  pair.public_key = belongs;
  return pair;
}

std::string read_public_key(const std::string& path) {
  std::istringstream file(system::read_config_file(path, "feed server key file"));
  std::string found;
  for (std::string line; std::getline(file, line);) {
    const std::string_view text = system::trimmed(line);
    if (text.starts_with("secret-key")) {
      throw system::ConfigError(
          fmt::format("cannot use feed server key file {}: it holds a secret key, which should not "
                      "leave its machine; give the public key alone",
                      path));
    }
    const std::string_view word = text.substr(0, text.find_first_of(" \t"));
    const auto key = is_key(word) ? std::string(word) : key_in(text, "public-key").value_or("");
    found = found.empty() ? key : found;
  }
  if (found.empty()) {
    throw system::ConfigError(
        fmt::format("cannot use feed server key file {}: it holds no public key", path));
  }
  return found;
}

}  // namespace monitor::feed
