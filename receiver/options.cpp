#include "receiver/options.h"

#include "lib/http/address.h"
#include "lib/system/options.h"
#include "lib/system/service.h"

namespace monitor::receiver {

ReceiverOptions::ReceiverOptions()
    : feed{system::default_feed_endpoint()},
      replay{system::default_replay_endpoint()},
      state(system::default_state_directory("status-receiver")) {}

std::optional<ReceiverOptions> parse_options(int argc, char** argv) {
  ReceiverOptions o;
  system::Options options("status-receiver",
                          "Takes webhooks of status pages over HTTP, keeps them in a journal and "
                          "publishes them on the feed.");
  options.text("--host", o.host, "ADDRESS", "Address to listen on");
  options.number("--port", o.port, 0, 65535, "TCP port to listen on, 0 = any; also $PORT");
  options.also_from_environment("--port", "PORT");
  options.texts("--feed", o.feed, "ENDPOINT", "Where to publish: ipc://PATH, tcp://ADDRESS:PORT");
  options.texts("--replay", o.replay, "ENDPOINT", "Where to answer replay requests, likewise");
  options.text("--feed-key", o.feed_key, "FILE",
               "Our key pair: who comes by tcp must know the public key and be a client");
  options.text("--feed-clients", o.feed_clients, "FILE",
               "Public keys of those who may read the feed by tcp, one a line; read again on HUP");
  options.text("--state", o.state, "DIR", "Where the journal is kept");
  options.text("--providers", o.providers, "FILE",
               "Your providers.toml, on top of the shipped catalogue");
  options.text("--token-file", o.token_file, "FILE", "Tokens that let webhooks in, one a line");
  o.tls.add_to(options);
  options.toggle("--allow-unauthenticated", o.allow_unauthenticated,
                 "Listen beyond loopback without a token");
  options.size("--max-body", o.max_body, "Largest body taken");
  options.number("--max-pending", o.max_pending, 1, 1'000'000,
                 "Webhooks that may wait for the journal");
  options.number("--max-connections", o.max_connections, 1, 1'000'000,
                 "Connections open at a time");
  options.duration("--request-time", o.request_time, "Time that a sender has for one request");
  options.duration("--keep-age", o.keep.age, "How long events stay in the journal");
  options.size("--keep-size", o.keep.bytes, "How large the journal may become");
  options.text("--keygen", o.keygen, "FILE",
               "Write a new key pair to FILE, for --feed-key here or of a subscriber, print its "
               "public key, and leave");
  options.toggle("--check", o.check,
                 "Read the configuration, say whether it is good (0 or 78), and leave");
  options.toggle("--debug", o.debug, "Log each request");
  if (!options.parse(argc, argv)) {
    return std::nullopt;
  }
  if (o.socket = system::inherited_socket(); o.socket >= 0) {
    o.host = http::host_of(o.socket);
    o.port = http::port_of(o.socket);
  }
  return o;
}

}  // namespace monitor::receiver
