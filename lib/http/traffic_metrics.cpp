#include "lib/http/traffic_metrics.h"

#include "lib/http/tls.h"

namespace monitor::http {

void write_traffic(metrics::Exposition& out, const std::string& program, const Server& server) {
  const Traffic& traffic = server.traffic();
  out.counter(program + "_http_answers_total", "Requests answered, by status code.");
  for (int code = 0; code < Traffic::kCodes; ++code) {
    if (const auto count = traffic.answers[static_cast<std::size_t>(code)].load(); count > 0) {
      out.sample(count, {{"code", std::to_string(code)}});
    }
  }
  out.histogram(program + "_http_request_seconds",
                "Time from the end of a request's head until its answer is ready to be sent; of a "
                "stream, until it begins.")
      .distribution(traffic.times.read());
  out.gauge(program + "_http_connections", "Open HTTP connections.").sample(server.connections());
  if (const auto certificate = server.certificate()) {
    out.gauge(program + "_tls_not_after_seconds",
              "When the certificate that new connections are shown ends, in seconds since 1970.")
        .sample(system::to_microseconds(certificate->not_after()) / 1'000'000);
  }
}

}  // namespace monitor::http
