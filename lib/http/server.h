// An HTTP/1.1 server on one thread of its own (libmicrohttpd's, poll mode). The only user of
// microhttpd.h.
//
// The handler sees each request twice, always on the server's thread: admit() when the head is
// there, before a byte of the body is read, and serve() when the request is whole. serve() may keep
// the Exchange and answer it later from any thread; the connection waits suspended and costs
// nothing meanwhile. So does a streamed answer that has nothing to say.
//
// Bounds: connections, bytes of one body, bytes of all bodies together, seconds for one request
// (slow senders are cut off by sweep()). When connections become few, the one that has been idle or
// slow for longest makes room for the next. What is refused for them is counted in Refusals.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/metrics/histogram.h"

namespace monitor::http {

// A body that goes on: news as they come, until either side ends it.
class Stream {
 public:
  virtual ~Stream() = default;
  // On the server's thread, whenever the peer has room: puts at most room.size() bytes there and
  // returns how many. 0: nothing now, asked again after Server::wake_streams(). Nothing: the end.
  virtual std::optional<std::size_t> read(std::span<char> room) = 0;
};

struct Response {
  int status = 200;
  std::string body = {};
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers = {};
  bool close = false;     // end the connection after this answer
  bool lasting = true;    // false: of this moment only, not to be compared with a later one
  std::string etag = {};  // of the body, where it is known; see negotiation.h
  std::unique_ptr<Stream> stream = nullptr;  // in the place of `body`
};

// `json` and a newline, so that a terminal shows it whole.
Response json_response(int status, std::string json);
// {"error":"..."} with `status`.
Response error_response(int status, std::string_view error);

struct Request {
  std::string method;
  std::string path;           // decoded, without the query
  bool escaped_path = false;  // %XX stood in it
  std::string body;           // empty in admit()

  // The first value of a header (any case) or of a query parameter (decoded); nothing when absent.
  std::optional<std::string> header(std::string_view name) const;
  std::optional<std::string> parameter(std::string_view name) const;
  // A header that is a list and may come in several lines (RFC 9110, 5.3): all of it, by commas.
  std::string list(std::string_view name) const;

  std::vector<std::pair<std::string, std::string>> headers;
  std::vector<std::pair<std::string, std::string>> parameters;
};

class Server;
class ServerCertificate;  // tls.h

// A whole request whose answer is still owed. Movable; an Exchange that is dropped unanswered
// answers 500.
class Exchange {
 public:
  Exchange(Exchange&&) noexcept;
  Exchange& operator=(Exchange&&) = delete;
  ~Exchange();

  const Request& request() const;
  Request& request();
  // Once; any thread.
  void answer(Response response);

  class Pending;  // the server's side of it
  explicit Exchange(Pending* pending) : pending_(pending) {}

 private:
  Pending* pending_;
};

class Handler {
 public:
  virtual ~Handler() = default;
  // A response refuses the request before its body is read; nothing lets it go on.
  virtual std::optional<Response> admit(const Request& head) = 0;
  virtual void serve(Exchange exchange) = 0;
};

struct ServerSettings {
  std::string host = "127.0.0.1";  // an address or name; the first address found is bound
  int port = 0;                    // 0: the system chooses, see port()
  // A socket that listens already, in the place of the two above (system::inherited_socket()); the
  // server closes its copy.
  int inherited = -1;
  std::shared_ptr<const ServerCertificate> certificate = nullptr;  // HTTPS with it, else HTTP
  std::uint64_t max_body = 1 << 20;
  std::uint64_t max_bodies = 16 << 20;  // all unanswered requests together
  unsigned max_connections = 4096;
  // From the request line to the last byte of a request; and before that line, from the accept or
  // the last answer.
  std::chrono::seconds request_time{30};
};

struct Refusals {
  std::atomic<std::uint64_t> malformed{0};    // 400, see head.h
  std::atomic<std::uint64_t> too_large{0};    // 413
  std::atomic<std::uint64_t> too_slow{0};     // cut off
  std::atomic<std::uint64_t> no_room{0};      // 503 for max_bodies
  std::atomic<std::uint64_t> crowded_out{0};  // closed for max_connections
};

// What was answered, for operators. Any thread may read.
struct Traffic {
  static constexpr int kCodes = 600;
  std::array<std::atomic<std::uint64_t>, kCodes> answers{};  // by status code
  // From the end of a request's head until its answer is ready to be sent; without those that were
  // cut off or refused midway.
  metrics::Histogram times{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                           0.1,    0.25,  0.5,    1,     2.5,  5,     10};
  std::atomic<std::uint64_t> streams{0};  // open now
};

class Server {
 public:
  // Binds and listens; connections wait until start(). Throws system::Failure when the address
  // can't be bound.
  explicit Server(const ServerSettings& settings);
  // All exchanges must have been answered or dropped. Stops the thread.
  ~Server();

  // Begins to serve. Once; `handler` must live until the server is destroyed: a connection that is
  // kept open may ask again until then.
  void start(Handler& handler);

  int port() const;
  std::string url() const;  // "http://127.0.0.1:5000"
  // For those who send from elsewhere: the host that the certificate is of, where it names one.
  std::string public_url() const;
  const Refusals& refusals() const;
  const Traffic& traffic() const;
  unsigned connections() const;
  std::shared_ptr<const ServerCertificate> certificate() const;

  // What is shown from the next connection on; only where there was one before. Any thread.
  void show(std::shared_ptr<const ServerCertificate> certificate);

  // Ends connections that have taken longer than request_time over their request. Call it about
  // once a second, any thread.
  void sweep();

  // Every stream that had nothing to say is asked again. Any thread.
  void wake_streams();

  // Takes no new connections and ends streams; those that are open are answered with `Connection:
  // close` from now on. sweep() has less patience then with streams whose peer takes nothing.
  void close_door();
  // After close_door(), any thread: closes connections on which nothing goes on. True when no
  // others are left. Whoever asks on one of them from then on sees a closed connection, upon which
  // senders and proxies ask again on a new one, and no refusal.
  bool dismiss_idlers();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace monitor::http
