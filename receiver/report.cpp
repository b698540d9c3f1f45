#include "receiver/report.h"

#include "lib/json/writer.h"
#include "lib/system/version.h"

namespace monitor::receiver {

std::vector<Refusal> refusals(const Counters& c, const http::Server& server) {
  const http::Refusals& r = server.refusals();
  return {{400, "not_json", c.not_json},         {400, "malformed", r.malformed},
          {401, "unauthorized", c.unauthorized}, {404, "unknown_path", c.unknown_path},
          {405, "wrong_method", c.wrong_method}, {408, "too_slow", r.too_slow},
          {413, "too_large", r.too_large},       {503, "journal", c.not_kept},
          {503, "max_pending", c.too_many},      {503, "not_verified", c.not_verified},
          {503, "bodies_in_memory", r.no_room},  {503, "crowded_out", r.crowded_out}};
}

http::Response health(const Counters& counters, const http::Server& server, system::Time now) {
  const std::string trouble = counters.trouble();
  json::Writer out;
  out.begin_object()
      .member("status", trouble.empty() ? "running" : "failing")
      .member("mode", "event-based (webhooks)");
  if (!trouble.empty()) {
    out.member("error", trouble);
  }
  out.member("received", counters.accepted.load()).member("tests", counters.tests.load());
  out.key("refused").begin_object();
  for (const Refusal& refusal : refusals(counters, server)) {
    out.member(refusal.reason, refusal.count);
  }
  out.end_object();
  out.member("pending", counters.pending.load())
      .member("connections", server.connections())
      .key("journal")
      .begin_object()
      .member("first_seq", counters.first_seq.load())
      .member("last_seq", counters.last_seq.load())
      .member("bytes", counters.journal_bytes.load())
      .end_object()
      .member("version", system::kVersion)
      .member("timestamp", system::to_rfc3339_seconds(now))
      .end_object();
  return http::json_response(trouble.empty() ? 200 : 503, out.take());
}

http::Response index() {
  return {.status = 200,
          .body =
              "status-receiver takes webhooks of status pages:\n\n"
              "  POST /webhook/FORMAT            as /webhook/statuspage\n"
              "  POST /webhook/FORMAT/PROVIDER   when the body does not say who sends it\n"
              "  POST /test                      inject a sample\n"
              "  GET  /health  GET /metrics\n\n"
              "Incidents are served by status-store, by default at "
              "http://127.0.0.1:5001/incidents\n",
          .content_type = "text/plain; charset=utf-8"};
}

}  // namespace monitor::receiver
