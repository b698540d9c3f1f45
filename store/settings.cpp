#include "store/settings.h"

#include "lib/feed/sources.h"
#include "lib/http/address.h"
#include "lib/http/token.h"
#include "lib/system/options.h"
#include "lib/system/service.h"

namespace monitor::store {

std::optional<Settings> read_settings(int argc, char** argv) {
  Settings settings;
  settings.state = system::default_state_directory("status-store");
  feed::SourceOptions sources;
  system::Options options("status-store",
                          "Keeps what status pages tell by webhook and serves it over HTTP.");
  options.text("--host", settings.host, "ADDRESS", "Address to listen on");
  options.number("--port", settings.port, 0, 65535, "TCP port to listen on; 0: any that is free");
  options.text("--state", settings.state, "DIR", "Directory of the database");
  sources.add_to(options);
  options.text("--token-file", settings.token_file, "FILE",
               "Tokens that let clients in, one a line: Bearer, Basic password or ?token=");
  settings.tls.add_to(options);
  options.toggle("--allow-unauthenticated", settings.allow_unauthenticated,
                 "Let everybody who reaches a public address read");
  options.texts(
      "--cors-origin", settings.cors_origins, "ORIGIN",
      "Let pages of this origin read, as https://wall.example; * is any; may be repeated");
  options.duration("--keep", settings.keep_for,
                   "Delete incidents that are over and have not changed for so long; 0: never");
  options.toggle(
      "--rebuild", settings.rebuild,
      "Make the database anew from the receivers' journals, put it in the place of the "
      "old one, and leave; a status-store that runs on the same --state goes on with it");
  if (!options.parse(argc, argv)) {
    return std::nullopt;
  }
  settings.sources = sources.sources();
  if (settings.socket = system::inherited_socket(); settings.socket >= 0) {
    settings.host = http::host_of(settings.socket);
    settings.port = http::port_of(settings.socket);
  }
  http::check_exposure(settings.host, settings.token_file, settings.allow_unauthenticated,
                       "read what is kept");
  return settings;
}

}  // namespace monitor::store
