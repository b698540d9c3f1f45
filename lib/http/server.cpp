#include "lib/http/server.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <mutex>
#include <unordered_set>
#include <utility>

#include "lib/http/address.h"
#include "lib/http/head.h"
#include "lib/http/tls.h"
#include "lib/http/word.h"
#include "lib/system/error.h"

namespace monitor::http {
namespace {

using Clock = std::chrono::steady_clock;

// For the request line and all headers of one request, and for what has been read of a body but not
// taken yet. libmicrohttpd clears all of it for every request.
constexpr std::size_t kConnectionMemory = 8 * 1024;
// An answer must have been read within this time.
constexpr std::chrono::seconds kAnswerTime{120};
// At the end a stream whose peer takes nothing is waited for so long.
constexpr std::chrono::milliseconds kLastTime{500};
// Who has just come or been answered is expected to ask within this time, and may have done so
// already: closed now, it would see a reset.
constexpr std::chrono::milliseconds kAboutToAsk{500};
// Descriptors that the rest of the program needs.
constexpr rlim_t kOtherDescriptors = 128;
// Of so many places for connections one is kept free of idlers: whoever comes next shall not have
// to wait until somebody leaves, nor for libmicrohttpd to look at all of them (poll).
constexpr unsigned kKeptFree = 2;
// What a stream is asked for at once: some events.
constexpr std::size_t kStreamBlock = 16 * 1024;
// Goes without saying in a URL.
constexpr int kHttpsPort = 443;
// A body that says how long it is gets that room at once, up to this.
constexpr std::uint64_t kReserveAtMost = 64 * 1024;

// Where a connection stands; decides how long it may stay there.
enum class Phase { idle, reading_head, reading_body, waiting, answering };

// One open connection. Lives from accept to close.
struct Link {
  int fd = -1;
  std::atomic<Phase> phase{Phase::idle};
  std::atomic<Clock::rep> since{Clock::now().time_since_epoch().count()};
  // Of the present request; the server's thread only.
  std::size_t target_size = 0;
  std::optional<std::string_view> target_problem;
  bool escaped_path = false;
  bool leaving = false;                  // cut off; guarded by State::links_mutex
  std::atomic<bool> crowded_out{false};  // to make room
  std::atomic<bool> streaming{false};
  std::atomic<bool> overdue{false};  // its request took too long, see cut_off()
  bool told = false;                 // what answer_raw() sent; the server's thread only
  std::optional<TlsSession> tls;

  void enter(Phase next) {
    since = Clock::now().time_since_epoch().count();
    phase = next;
  }
  // A request that is not whole yet.
  bool reading() const { return phase == Phase::reading_head || phase == Phase::reading_body; }
  Clock::duration age() const {
    return Clock::now().time_since_epoch() - Clock::duration(since.load());
  }
};

std::string_view reason_of(int status) {
  switch (status) {
    case 408:
      return "Request Timeout";
    case 413:
      return "Content Too Large";
    default:
      return "Service Unavailable";
  }
}

// A stream to a machine that vanished has something to send every now and then, and nobody who
// takes it.
void notice_silent_peer(int fd) {
  const auto limit = static_cast<unsigned>(std::chrono::milliseconds(kAnswerTime).count());
  ::setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &limit, sizeof limit);
}

// libmicrohttpd wants to be told that nobody is there, not to wait.
system::Fd adopt(int socket) {
  ::fcntl(socket, F_SETFL, ::fcntl(socket, F_GETFL) | O_NONBLOCK);
  ::fcntl(socket, F_SETFD, FD_CLOEXEC);
  return system::Fd(socket);
}

// As many files as the system lets us open: what else the program serves, a feed over tcp, must not
// take the places of these.
unsigned allowed_connections(unsigned wanted) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  const rlim_t room = limit.rlim_cur > 2 * kOtherDescriptors ? limit.rlim_cur - kOtherDescriptors
                                                             : limit.rlim_cur / 2;
  return static_cast<unsigned>(std::min<rlim_t>(wanted, room));
}

MHD_Result collect(void* list, MHD_ValueKind, const char* name, const char* value) {
  static_cast<std::vector<std::pair<std::string, std::string>>*>(list)->emplace_back(
      name, value != nullptr ? value : "");
  return MHD_YES;
}

MHD_Result collect_cut(void* list, MHD_ValueKind, const char* name, const char* value) {
  static_cast<std::vector<CutHead::Field>*>(list)->push_back({name, value});
  return MHD_YES;
}

}  // namespace

// A request from the end of its head to the end of its answer. The server's thread makes and
// deletes it; in between `stage` says who may touch it.
class Exchange::Pending {
 public:
  enum class Stage { serving, suspended, answered };

  MHD_Connection* connection = nullptr;
  Link* link = nullptr;
  Request request;
  Response response;
  std::uint64_t counted = 0;  // bytes of the body in State::bodies
  bool swallowing = false;    // refused midway: the rest is read and dropped
  bool last = false;          // of its connection
  std::atomic<Stage> stage{Stage::serving};
  Clock::time_point begun = Clock::now();
  void* state = nullptr;  // of an answer that is streamed: the server's State
};

struct Server::State {
  explicit State(const ServerSettings& given)
      : settings(given),
        socket(given.inherited >= 0 ? adopt(given.inherited) : listen_on(given.host, given.port)),
        bound_port(port_of(socket.get())) {}

  // libmicrohttpd's callbacks; `self` is the State.
  static void* on_request_line(void* self, const char* uri, MHD_Connection* connection);
  static MHD_Result on_request(void* self, MHD_Connection* connection, const char* url,
                               const char* method, const char* version, const char* upload,
                               std::size_t* upload_size, void** slot);
  static ssize_t on_room(void* stream, std::uint64_t position, char* room, std::size_t size);
  static void on_completed(void* self, MHD_Connection* connection, void** slot,
                           MHD_RequestTerminationCode code);
  static void on_connection(void* self, MHD_Connection* connection, void** socket_context,
                            MHD_ConnectionNotificationCode code);

  MHD_Result begin(CutHead head, MHD_Connection* connection, void** slot);
  std::optional<Response> refuse(Exchange::Pending& fresh, const CutHead& head);
  std::optional<Response> refuse_by_length(Request& head);
  Response malformed(std::string_view problem);
  MHD_Result take_body(Exchange::Pending& pending, std::string_view bytes);
  MHD_Result refuse_midway(Exchange::Pending& pending, const Response& response);
  MHD_Result serve(Exchange::Pending& pending);
  MHD_Result send(Exchange::Pending& pending);
  MHD_Response* response_of(Exchange::Pending& pending);
  ssize_t read_stream(Exchange::Pending& pending, std::span<char> room);
  void wake_streams();
  void count(const Response& response);
  void answer_raw(Link& link, const Response& response);
  Response no_room();
  Response too_large();
  Clock::duration patience_with(const Link& link) const;
  void cut_off(Link& link);
  void tell_why(Link& link);
  bool make_room(Clock::duration age);
  Response too_slow();
  Response crowded_out();

  ServerSettings settings;
  system::Fd socket;  // until start() hands it to libmicrohttpd
  int bound_port;
  Handler* handler = nullptr;
  MHD_Daemon* daemon = nullptr;
  unsigned limit = 0;  // connections; known from start() on
  std::atomic<bool> door_open{true};
  std::atomic<std::uint64_t> bodies{0};  // bytes of all bodies that are held
  std::atomic<std::uint64_t> open_links{0};
  Refusals refusals;
  Traffic traffic;

  // Streams that had nothing to say: the server's thread puts them to sleep, any thread wakes them.
  std::mutex sleepers_mutex;
  std::unordered_set<MHD_Connection*> sleepers;
  std::uint64_t wakes = 0;

  std::mutex links_mutex;  // the server's thread adds and removes, sweep() walks; the certificate
  std::unordered_set<Link*> links;
};

namespace {

Link* link_of(MHD_Connection* connection) {
  const auto* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  return static_cast<Link*>(info->socket_context);
}

Request read_head(MHD_Connection* connection, const CutHead& cut) {
  Request head;
  head.method = cut.method;
  head.path = cut.target;
  head.escaped_path = link_of(connection)->escaped_path;
  MHD_get_connection_values(connection, MHD_HEADER_KIND, collect, &head.headers);
  MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, collect, &head.parameters);
  return head;
}

}  // namespace

void* Server::State::on_request_line(void*, const char* uri, MHD_Connection* connection) {
  Link* link = link_of(connection);
  link->enter(Phase::reading_head);
  const std::string_view target(uri);
  link->target_size = target.size();
  link->target_problem = problem_of_target(target);
  link->escaped_path = target.substr(0, target.find('?')).find('%') != std::string_view::npos;
  return nullptr;
}

MHD_Result Server::State::on_request(void* self, MHD_Connection* connection, const char* url,
                                     const char* method, const char* version, const char* upload,
                                     std::size_t* upload_size, void** slot) {
  auto& state = *static_cast<State*>(self);
  if (*slot == nullptr) {
    return state.begin({method, url, link_of(connection)->target_size, version, {}}, connection,
                       slot);
  }
  auto& pending = *static_cast<Exchange::Pending*>(*slot);
  if (*upload_size > 0) {
    const std::string_view bytes(upload, *upload_size);
    *upload_size = 0;
    return state.take_body(pending, bytes);
  }
  if (pending.swallowing) {
    return MHD_NO;
  }
  return pending.stage == Exchange::Pending::Stage::answered ? state.send(pending)
                                                             : state.serve(pending);
}

MHD_Result Server::State::begin(CutHead head, MHD_Connection* connection, void** slot) {
  auto* fresh = new Exchange::Pending;  // deleted in on_completed()
  *slot = fresh;
  fresh->connection = connection;
  fresh->link = link_of(connection);
  fresh->link->phase = Phase::reading_body;
  fresh->request = read_head(connection, head);
  // libmicrohttpd takes chunks whose lines end in a bare LF, where others read on: what comes after
  // such a body is not read as a request.
  fresh->last = fresh->request.header("Transfer-Encoding").has_value();
  MHD_get_connection_values(connection, MHD_HEADER_KIND, collect_cut, &head.fields);
  auto refusal = refuse(*fresh, head);
  if (!refusal) {
    return MHD_YES;
  }
  fresh->response = *std::move(refusal);
  fresh->last = fresh->last || fresh->request.method != "GET";
  fresh->stage = Exchange::Pending::Stage::answered;
  return send(*fresh);
}

std::optional<Response> Server::State::refuse(Exchange::Pending& fresh, const CutHead& head) {
  auto problem = fresh.link->target_problem;
  if (!problem && !is_cut_cleanly(head)) {
    problem = "each line of the head must end in CRLF, stand on one line and hold no NUL";
  }
  if (!problem) {
    problem = problem_of(fresh.request, head.version);
  }
  if (problem) {
    fresh.last = true;
    return malformed(*problem);
  }
  const auto expected = fresh.request.header("Expect");
  if (expected && !same_word(*expected, "100-continue")) {
    return error_response(417, "nothing but 100-continue can be expected");
  }
  auto refusal = handler->admit(fresh.request);
  return refusal ? std::move(refusal) : refuse_by_length(fresh.request);
}

Response Server::State::malformed(std::string_view problem) {
  ++refusals.malformed;
  return error_response(400, problem);
}

std::optional<Response> Server::State::refuse_by_length(Request& head) {
  const auto length = head.header("Content-Length");
  const std::uint64_t bytes = length ? std::strtoull(length->c_str(), nullptr, 10) : 0;
  if (bytes > settings.max_body) {
    return too_large();
  }
  head.body.reserve(std::min(bytes, kReserveAtMost));
  return std::nullopt;
}

MHD_Result Server::State::take_body(Exchange::Pending& exchange, std::string_view bytes) {
  if (exchange.swallowing) {
    return MHD_YES;
  }
  if (exchange.request.body.size() + bytes.size() > settings.max_body) {
    return refuse_midway(exchange, too_large());
  }
  exchange.counted += bytes.size();
  if (bodies.fetch_add(bytes.size()) + bytes.size() > settings.max_bodies) {
    return refuse_midway(exchange, no_room());
  }
  exchange.request.body.append(bytes);
  return MHD_YES;
}

MHD_Result Server::State::refuse_midway(Exchange::Pending& exchange, const Response& response) {
  answer_raw(*exchange.link, response);
  exchange.request.body = {};
  bodies -= std::exchange(exchange.counted, 0);
  exchange.swallowing = true;  // until the peer has seen it or sweep() ends it
  return MHD_YES;
}

// Answers without libmicrohttpd, which can't queue a response while a body is coming in, and ends
// our side: the peer sees the answer and then the end.
void Server::State::answer_raw(Link& link, const Response& response) {
  count(response);
  link.told = true;
  std::string text = fmt::format(
      "HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n",
      response.status, reason_of(response.status), response.content_type, response.body.size());
  for (const auto& [name, value] : response.headers) {
    text += fmt::format("{}: {}\r\n", name, value);
  }
  text += "\r\n" + response.body;
  if (link.tls) {
    link.tls->send_last(text);
  } else {
    ::send(link.fd, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  }
  ::shutdown(link.fd, SHUT_WR);
}

MHD_Result Server::State::serve(Exchange::Pending& exchange) {
  using Stage = Exchange::Pending::Stage;
  exchange.link->enter(Phase::waiting);
  handler->serve(Exchange(&exchange));
  if (exchange.stage == Stage::answered) {
    return send(exchange);
  }
  MHD_suspend_connection(exchange.connection);
  Stage expected = Stage::serving;
  if (!exchange.stage.compare_exchange_strong(expected, Stage::suspended)) {
    MHD_resume_connection(exchange.connection);  // answered while it was being suspended
  }
  return MHD_YES;
}

MHD_Result Server::State::send(Exchange::Pending& exchange) {
  const Response& response = exchange.response;
  exchange.link->enter(Phase::answering);
  MHD_Response* out = response_of(exchange);
  if (out == nullptr) {
    return MHD_NO;
  }
  if (!response.content_type.empty()) {
    MHD_add_response_header(out, "Content-Type", response.content_type.c_str());
  }
  for (const auto& [name, value] : response.headers) {
    MHD_add_response_header(out, name.c_str(), value.c_str());
  }
  // What follows a stream on its connection would wait for ever, or for a restart.
  if (response.close || exchange.last || response.stream != nullptr || !door_open) {
    MHD_add_response_header(out, "Connection", "close");
  }
  count(response);
  traffic.times.observe(Clock::now() - exchange.begun);
  const MHD_Result queued =
      MHD_queue_response(exchange.connection, static_cast<unsigned>(response.status), out);
  MHD_destroy_response(out);
  return queued;
}

void Server::State::count(const Response& response) {
  ++traffic.answers[static_cast<std::size_t>(std::clamp(response.status, 0, Traffic::kCodes - 1))];
}

// What is sent is read from the Pending, which outlives the sending of it.
MHD_Response* Server::State::response_of(Exchange::Pending& exchange) {
  Response& response = exchange.response;
  if (response.stream == nullptr) {
    return MHD_create_response_from_buffer(
        response.body.size(), const_cast<char*>(response.body.data()), MHD_RESPMEM_PERSISTENT);
  }
  exchange.state = this;
  exchange.link->streaming = true;
  ++traffic.streams;
  return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, kStreamBlock, &on_room, &exchange,
                                           nullptr);
}

ssize_t Server::State::on_room(void* stream, std::uint64_t, char* room, std::size_t size) {
  auto& exchange = *static_cast<Exchange::Pending*>(stream);
  return static_cast<State*>(exchange.state)->read_stream(exchange, {room, size});
}

// Whoever wakes streams between the look into this one and its going to sleep is noticed by the
// count of wakes.
ssize_t Server::State::read_stream(Exchange::Pending& exchange, std::span<char> room) {
  for (;;) {
    std::unique_lock lock(sleepers_mutex);
    const std::uint64_t before = wakes;
    lock.unlock();
    const auto size = door_open ? exchange.response.stream->read(room) : std::nullopt;
    if (!size) {
      return MHD_CONTENT_READER_END_OF_STREAM;
    }
    if (*size > 0) {
      exchange.link->enter(Phase::answering);
      return static_cast<ssize_t>(*size);
    }
    lock.lock();
    if (wakes == before) {
      exchange.link->enter(Phase::waiting);
      sleepers.insert(exchange.connection);
      MHD_suspend_connection(exchange.connection);
      return 0;
    }
  }
}

void Server::State::wake_streams() {
  const std::lock_guard lock(sleepers_mutex);
  ++wakes;
  for (MHD_Connection* const connection : sleepers) {
    MHD_resume_connection(connection);
  }
  sleepers.clear();
}

Response Server::State::too_large() {
  ++refusals.too_large;
  return error_response(
      413, fmt::format("the body is larger than {} bytes (--max-body)", settings.max_body));
}

Response Server::State::no_room() {
  ++refusals.no_room;
  Response response = error_response(503, "too many bodies are waiting, try again");
  response.headers.emplace_back("Retry-After", "1");
  return response;
}

void Server::State::on_completed(void* self, MHD_Connection* connection, void** slot,
                                 MHD_RequestTerminationCode) {
  auto& state = *static_cast<State*>(self);
  auto* done = static_cast<Exchange::Pending*>(*slot);
  state.tell_why(*link_of(connection));
  if (done == nullptr) {
    return;
  }
  state.bodies -= done->counted;
  state.traffic.streams -= done->state != nullptr ? 1 : 0;
  done->link->streaming = false;
  done->link->enter(Phase::idle);
  delete done;
  *slot = nullptr;
}

void Server::State::on_connection(void* self, MHD_Connection* connection, void** socket_context,
                                  MHD_ConnectionNotificationCode code) {
  auto& state = *static_cast<State*>(self);
  const std::lock_guard lock(state.links_mutex);
  if (code == MHD_CONNECTION_NOTIFY_STARTED) {
    auto* link = new Link;  // deleted below, when the connection closes
    link->fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    notice_silent_peer(link->fd);
    if (state.settings.certificate != nullptr) {
      link->tls.emplace(
          MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION)->tls_session,
          link->fd, state.settings.certificate, [&state, link] { state.tell_why(*link); });
    }
    if (++state.open_links + state.limit / kKeptFree > state.limit) {
      state.make_room(Clock::duration::zero());
    }
    state.links.insert(link);
    *socket_context = link;
  } else {
    auto* link = static_cast<Link*>(*socket_context);
    state.links.erase(link);
    --state.open_links;
    delete link;
  }
}

Clock::duration Server::State::patience_with(const Link& link) const {
  if (link.phase != Phase::answering) {
    return settings.request_time;
  }
  return link.streaming && !door_open ? Clock::duration(kLastTime) : Clock::duration(kAnswerTime);
}

// With links_mutex held. libmicrohttpd sees the end and closes the connection. Whose request is not
// whole is told why, by the server's thread: what is sent here could get in between what that one
// sends.
void Server::State::cut_off(Link& link) {
  const bool told = link.reading() && !link.overdue.exchange(true);
  ::shutdown(link.fd, told ? SHUT_RD : SHUT_RDWR);
  link.leaving = true;
}

void Server::State::tell_why(Link& link) {
  if (!link.overdue || !link.reading() || link.told) {
    return;
  }
  if (!link.crowded_out) {
    ++refusals.too_slow;
  }
  answer_raw(link, link.crowded_out ? crowded_out() : too_slow());
}

// With links_mutex held. The one that has been where it is for longest goes: senders are done
// within milliseconds, so that it is an idle one, or one that means no good. Streams and those that
// we owe an answer stay.
bool Server::State::make_room(Clock::duration age) {
  Link* slowest = nullptr;
  for (Link* link : links) {
    const bool may_go =
        link->phase != Phase::waiting && !link->streaming && !link->leaving && link->age() >= age;
    if (may_go && (slowest == nullptr || link->since < slowest->since)) {
      slowest = link;
    }
  }
  if (slowest != nullptr) {
    slowest->crowded_out = true;
    ++refusals.crowded_out;
    cut_off(*slowest);
  }
  return slowest != nullptr;
}

Response Server::State::too_slow() {
  return error_response(
      408, fmt::format("the request took longer than {} s", settings.request_time.count()));
}

Response Server::State::crowded_out() {
  Response response = error_response(503, "too many connections, and this one was slow; try again");
  response.headers.emplace_back("Retry-After", "1");
  return response;
}

Server::Server(const ServerSettings& settings) : state_(std::make_unique<State>(settings)) {}

void Server::start(Handler& handler) {
  state_->handler = &handler;
  state_->limit = allowed_connections(state_->settings.max_connections);
  const bool secure = state_->settings.certificate != nullptr;
  const MHD_OptionItem tls[] = {
      {MHD_OPTION_HTTPS_PRIORITIES, 0, const_cast<char*>(TlsSession::priorities())},
      {MHD_OPTION_HTTPS_CERT_CALLBACK, 0, TlsSession::certificate_callback()},
      {MHD_OPTION_END, 0, nullptr}};
  // Not one of the epoll modes: with them 0.9.75 stalls on bodies above 1.5 KB.
  const unsigned mode = MHD_USE_POLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC |
                        (secure ? MHD_USE_TLS : MHD_NO_FLAG);
  state_->daemon = MHD_start_daemon(
      mode, 0, nullptr, nullptr, &State::on_request, state_.get(), MHD_OPTION_ARRAY,
      secure ? tls : tls + 2, MHD_OPTION_LISTEN_SOCKET, state_->socket.get(),
      MHD_OPTION_CONNECTION_LIMIT, state_->limit, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
      kConnectionMemory, MHD_OPTION_CONNECTION_TIMEOUT, static_cast<unsigned>(kAnswerTime.count()),
      MHD_OPTION_NOTIFY_COMPLETED, &State::on_completed, state_.get(), MHD_OPTION_NOTIFY_CONNECTION,
      &State::on_connection, state_.get(), MHD_OPTION_URI_LOG_CALLBACK, &State::on_request_line,
      state_.get(), MHD_OPTION_END);
  if (state_->daemon == nullptr) {
    system::fail_errno("start the HTTP server");
  }
  state_->socket.release();  // libmicrohttpd closes it
}

Server::~Server() {
  if (state_->daemon != nullptr) {
    close_door();
    MHD_stop_daemon(state_->daemon);
  }
}

int Server::port() const { return state_->bound_port; }
std::string Server::url() const {
  return (certificate() != nullptr ? "https://" : "http://") +
         join_host_port(state_->settings.host, state_->bound_port);
}
std::string Server::public_url() const {
  const auto shown = certificate();
  if (shown == nullptr || shown->host_name().empty()) {
    return url();
  }
  return "https://" + (state_->bound_port == kHttpsPort
                           ? shown->host_name()
                           : join_host_port(shown->host_name(), state_->bound_port));
}
std::shared_ptr<const ServerCertificate> Server::certificate() const {
  const std::lock_guard lock(state_->links_mutex);
  return state_->settings.certificate;
}
void Server::show(std::shared_ptr<const ServerCertificate> certificate) {
  const std::lock_guard lock(state_->links_mutex);
  state_->settings.certificate = std::move(certificate);
}
const Refusals& Server::refusals() const { return state_->refusals; }
const Traffic& Server::traffic() const { return state_->traffic; }
unsigned Server::connections() const { return static_cast<unsigned>(state_->open_links); }

void Server::sweep() {
  const std::lock_guard lock(state_->links_mutex);
  for (Link* link : state_->links) {
    if (link->phase != Phase::waiting && link->age() > state_->patience_with(*link)) {
      state_->cut_off(*link);
    }
  }
  // Who idles now may have been busy when others came. Who has just come is about to ask.
  const std::uint64_t used = state_->open_links + state_->limit / kKeptFree;
  for (std::uint64_t too_many = used > state_->limit ? used - state_->limit : 0;
       too_many > 0 && state_->make_room(kAboutToAsk); --too_many) {
  }
}

void Server::close_door() {
  if (state_->door_open.exchange(false) && state_->daemon != nullptr) {
    const system::Fd listening{MHD_quiesce_daemon(state_->daemon)};
    state_->wake_streams();
  }
}
void Server::wake_streams() { state_->wake_streams(); }

bool Server::dismiss_idlers() {
  const std::lock_guard lock(state_->links_mutex);
  bool nobody_left = true;
  for (Link* link : state_->links) {
    if (link->phase != Phase::idle || (!link->leaving && link->age() < kAboutToAsk)) {
      nobody_left = false;
    } else if (!link->leaving) {
      state_->cut_off(*link);
    }
  }
  return nobody_left;
}

Exchange::Exchange(Exchange&& other) noexcept : pending_(std::exchange(other.pending_, nullptr)) {}
Exchange::~Exchange() {
  if (pending_ != nullptr) {
    answer(error_response(500, "the request was dropped inside the program"));
  }
}

const Request& Exchange::request() const { return pending_->request; }
Request& Exchange::request() { return pending_->request; }

void Exchange::answer(Response response) {
  Pending* pending = std::exchange(pending_, nullptr);
  pending->response = std::move(response);
  // From the exchange on, unless it is suspended, the server's thread may delete it.
  if (pending->stage.exchange(Pending::Stage::answered) == Pending::Stage::suspended) {
    MHD_resume_connection(pending->connection);
  }
}

}  // namespace monitor::http
