// The keys of a feed that crosses machines: CURVE (https://rfc.zeromq.org/spec/26/), which encrypts
// a connection and proves both ends. A key is written as 40 characters of Z85; a pair is kept in
// the certificate file of CZMQ and pyzmq, so that their tools and ours read each other's:
//
//   curve
//       public-key = "..."
//       secret-key = "..."
//
// Whatever is wrong with a file throws system::ConfigError, which never shows a secret.
#pragma once

#include <string>
#include <string_view>

namespace monitor::feed {

struct KeyPair {
  std::string public_key;
  std::string secret_key;
};

// What a subscriber needs to reach one receiver: without a server_key it speaks in the clear.
struct ClientKeys {
  std::string server_key = {};
  KeyPair own = {};
};

bool is_key(std::string_view text);
// The 32 bytes that it stands for, as they come over the wire.
std::string bytes_of_key(const std::string& key);

KeyPair make_key_pair();
// A new file that its owner alone may read; throws system::Failure when there is one already.
void write_key_pair(const std::string& path, const KeyPair& pair);
// `path`: a credential of the unit goes by its name alone, as other secrets do.
KeyPair read_key_pair(const std::string& path);
// Somebody else's, from a certificate or a file that holds the key alone. Never from the command
// line: keys are made of what a shell, TOML and CLI11 give a meaning to.
std::string read_public_key(const std::string& path);

// Of an endpoint whose connections leave the process by TCP: only those can use keys.
inline bool is_tcp(std::string_view endpoint) { return endpoint.starts_with("tcp://"); }

}  // namespace monitor::feed
