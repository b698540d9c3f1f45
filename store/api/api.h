// What the store answers over HTTP: GET /, /incidents, /incidents/PROVIDER/ID, /unrecognised,
// /health, /metrics. Called on the HTTP server's thread only and answers at once. Trusts nothing of
// a request: whatever comes is answered 2xx or 4xx; 503 when the database can't be read, or
// (/health) written.
#pragma once

#include <optional>
#include <string>

#include "lib/http/server.h"
#include "lib/http/token.h"
#include "store/condition.h"
#include "store/reader/reader.h"

namespace monitor::store {

class Api : public http::Handler {
 public:
  // No token: everybody may read. `condition` must outlive the Api.
  Api(const std::string& database, http::TokenCheck tokens, const SharedCondition& condition);

  // Refuses strangers (401) and methods other than GET and HEAD (405).
  std::optional<http::Response> admit(const http::Request& head) override;
  void serve(http::Exchange exchange) override;

  // What serve() answers.
  http::Response respond(const http::Request& request);

 private:
  http::Response route(const http::Request& request);
  http::Response list(const http::Request& request);
  http::Response detail(const http::Request& request);
  http::Response unrecognised(const http::Request& request);
  http::Response health();
  http::Response metrics();

  Reader reader_;
  http::TokenCheck tokens_;
  const SharedCondition& condition_;
};

}  // namespace monitor::store
