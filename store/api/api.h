// What the store answers over HTTP; openapi.json says which requests there are. Called on the HTTP
// server's thread only and answers at once. Trusts nothing of a request: whatever comes is answered
// 2xx or 4xx; 503 when the database can't be read, or (/health) written.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "lib/http/cross_origin.h"
#include "lib/http/server.h"
#include "lib/http/token.h"
#include "store/api/answer_cache.h"
#include "store/api/event_hub.h"
#include "store/api/metrics.h"
#include "store/api/provider_pages.h"
#include "store/condition.h"
#include "store/reader/reader.h"

namespace monitor::store {

class Api : public http::Handler, private Backlog {
 public:
  // No token: everybody may read. `condition` must outlive the Api. Until open() all that needs the
  // database is answered 503.
  Api(const std::string& database, http::TokenCheck tokens, const SharedCondition& condition,
      http::CrossOrigin origins = {});

  // Any thread, while requests are answered. The file must have been made by an Archive, in
  // `prepare` at the latest: while that runs requests wait and nothing of the file is held open, so
  // that another can take its place. What it throws leaves the Api closed.
  void open(const std::function<void()>& prepare = [] {});
  void close();

  // Refuses strangers (401) and methods other than GET, HEAD and OPTIONS (405).
  std::optional<http::Response> admit(const http::Request& head) override;
  void serve(http::Exchange exchange) override;

  // What serve() answers.
  http::Response respond(const http::Request& request);

  // Whose requests GET /metrics tells of; before that server begins to serve.
  void watch(const http::Server& server) { metrics_.watch(server); }

  // Who listens to GET /events.
  EventHub& events() { return events_; }

 private:
  struct Route;
  struct View;  // what answers are made from while one is
  static const Route* find(const std::string& path);

  http::Response content(const http::Request& request);
  http::Response answer(const http::Request& request);
  http::Response health();
  http::Response follow(const http::Request& request);

  std::vector<Event> events_after(std::int64_t place, std::size_t limit) override;
  std::optional<std::int64_t> place_of(const Seen& seen) override;
  Standing standing() override;

  std::string database_;  // path
  http::TokenCheck tokens_;
  const SharedCondition& condition_;
  const http::CrossOrigin origins_;
  EventHub events_{*this};
  Metrics metrics_;
  std::mutex mutex_;  // of what follows: the server's thread, and whoever opens or closes
  std::optional<Reader> reader_;
  ProviderPages pages_;
  AnswerCache cache_;
};

}  // namespace monitor::store
