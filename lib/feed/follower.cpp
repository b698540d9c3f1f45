#include "lib/feed/follower.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>
#include <zmq_addon.hpp>

#include "lib/system/log.h"

namespace monitor::feed {
namespace {

using namespace std::chrono_literals;

// An answer comes within milliseconds; after this long the receiver is down or the answer was
// dropped. Doubled each time up to 32 s, so that a receiver that is merely slow gets to answer.
constexpr auto kAnswerPatience = 2s;
constexpr unsigned kMostDoublings = 4;
// So many requests in a row without an answer, and the connection is no longer believed in.
constexpr unsigned kReconnectAfter = 3;
// While nothing is connected a request can't be sent; ZeroMQ tries to connect every 100 ms.
constexpr auto kUnsentPatience = 100ms;
// Answers of a receiver that stood still come all at once, each a batch: those that do not fit are
// dropped, and asked for again.
constexpr int kAnswersQueued = 2;
// More than the receiver gives at once: it sets the size of a batch.
constexpr std::uint64_t kBatchLimit = 1'000'000;

zmq::socket_t make_socket(zmq::context_t& context, zmq::socket_type type) {
  zmq::socket_t socket(context, type);
  // Neither ZMQ_IMMEDIATE nor ZMQ_HEARTBEAT_IVL: in libzmq 4.3.4 a receiver that dies while it
  // sends a long answer (with the one), or a full queue (with the other, libzmq #3937), ends the
  // process by an assertion. The feed has heartbeats of its own, see notice_silence().
  socket.set(zmq::sockopt::linger, 0);
  if (type == zmq::socket_type::dealer) {
    socket.set(zmq::sockopt::sndhwm, 1);  // for a receiver that is away
    socket.set(zmq::sockopt::rcvhwm, kAnswersQueued);
  } else {
    socket.set(zmq::sockopt::subscribe, std::string(kEventTopic));
    socket.set(zmq::sockopt::subscribe, std::string(kHeartbeatTopic));
  }
  return socket;
}

void connect(zmq::socket_t& socket, const std::string& endpoint, const ClientKeys& keys) {
  socket.set(zmq::sockopt::ipv6, endpoint.starts_with("tcp://["));
  if (is_tcp(endpoint) && !keys.server_key.empty()) {
    socket.set(zmq::sockopt::curve_serverkey, keys.server_key);
    socket.set(zmq::sockopt::curve_publickey, keys.own.public_key);
    socket.set(zmq::sockopt::curve_secretkey, keys.own.secret_key);
  }
  socket.connect(endpoint);
}

std::string_view text_of(const zmq::message_t& frame) { return frame.to_string_view(); }

}  // namespace

Follower::Follower(zmq::context_t& context, const Source& source, const Cursors& cursors,
                   Begin begin)
    : context_(context),
      source_(source),
      cursors_(cursors),
      begin_(begin),
      silent_at_(Clock::now() + kSilence) {
  open();
}

void Follower::open() {
  handshakes_.reset();  // before its socket
  live_ = make_socket(context_, zmq::socket_type::sub);
  replay_ = make_socket(context_, zmq::socket_type::dealer);
  handshakes_.emplace(context_, live_, source_.keys);
  connect(live_, source_.feed, source_.keys);
  connect(replay_, source_.replay, source_.keys);
  asked_ = false;
}

std::optional<Event> Follower::take(Clock::time_point now) {
  while (batch_.empty() && asked_ && read_answer(now)) {
  }
  if (!batch_.empty()) {
    if (auto event = take_from_batch(now)) {
      return event;
    }
  }
  if (caught_up()) {
    if (auto event = read_live(now)) {
      return event;
    }
  }
  if (!caught_up() && now >= ask_again_at_) {
    unanswered_ = asked_ ? std::min(unanswered_ + 1, kMostDoublings) : 0;
    ask(now);
  }
  notice_silence(now);
  return std::nullopt;
}

std::optional<Event> Follower::hand_out(Event event) {
  cursor_ = event.seq;
  fetched_ = std::max(fetched_, cursor_);
  return event;
}

void Follower::ask(Clock::time_point now) {
  const ReplayRequest request{.id = ++request_id_,
                              .stream = stream_,
                              .from = fetched_ + 1,
                              .limit = stream_.empty() ? 0 : kBatchLimit};
  asked_ = replay_.send(zmq::buffer(encode(request)), zmq::send_flags::dontwait).has_value();
  const Clock::duration patience = kAnswerPatience * (1 << unanswered_);
  ask_again_at_ = now + (asked_ ? patience : kUnsentPatience);
}

// True when a message was read, ours or not.
bool Follower::read_answer(Clock::time_point now) {
  zmq::message_t message;
  if (!replay_.recv(message, zmq::recv_flags::dontwait)) {
    return false;
  }
  const auto answer = batch_.open(std::move(message));
  if (!answer) {
    ++malformed_;
    return true;
  }
  heard(now);
  if (answer->id != request_id_) {
    batch_.drop();
    return true;
  }
  asked_ = false;
  unanswered_ = 0;
  const bool moved = accept_answer(*answer);
  if (moved && !caught_up()) {
    ask(now);  // the next batch is fetched while this one is worked off
  } else {
    // One that brings nothing, although something is missing, would bring nothing again.
    ask_again_at_ = caught_up() ? now : now + kAnswerPatience;
  }
  return true;
}

// True when we are further than before.
bool Follower::accept_answer(const ReplayAnswer& answer) {
  doubtful_ = false;
  if (answer.stream != stream_) {
    batch_.drop();
    attach(answer.stream, answer.last);
    return true;
  }
  last_ = answer.last;
  if (fetched_ > last_) {
    batch_.drop();
    set_back();
    return true;
  }
  const std::uint64_t before = fetched_;
  // None at all: of what is missing nothing is left, damaged to the end.
  skip_until(answer.count == 0 ? answer.last + 1 : answer.first);
  if (batch_.empty()) {
    return fetched_ != before;  // all that was missing is gone
  }
  const auto newest = batch_.last();
  if (!newest || newest->stream != stream_ || newest->seq <= fetched_) {
    ++malformed_;
    batch_.drop();
    return false;
  }
  fetched_ = newest->seq;
  return true;
}

void Follower::attach(const std::string& stream, std::uint64_t last) {
  const bool first_stream = stream_.empty();
  if (!first_stream) {
    cursors_[stream_] = cursor_;  // it may come back
    system::log_warning(fmt::format("{} has a new stream {} (was {}): its journal was replaced",
                                    source_.feed, stream, stream_));
  }
  const bool from_now_on = first_stream && cursors_.empty() && begin_ == Begin::live;
  const auto known = cursors_.find(stream);
  stream_ = stream;
  last_ = last;
  fetched_ = known != cursors_.end() ? known->second : from_now_on ? last : 0;
  cursor_ = fetched_;
  if (fetched_ > last_) {
    set_back();
  }
  system::log_info(fmt::format("following {} from seq {}", source_.feed, cursor_ + 1));
}

void Follower::set_back() {
  system::log_warning(fmt::format(
      "stream {} at {} ends at seq {}, but {} was taken before: its journal was set back; "
      "going on from its end",
      stream_, source_.replay, last_, fetched_));
  fetched_ = last_;
  cursor_ = last_;
}

// Only while the batch is empty, or for what stands in it. What is before `first` and was not
// fetched can't be had any more.
void Follower::skip_until(std::uint64_t first) {
  if (first <= cursor_ + 1) {
    return;
  }
  lost_ += first - (cursor_ + 1);
  system::log_warning(
      fmt::format("seq {} to {} of stream {} are gone: the receiver at {} keeps them no longer "
                  "(its --keep-age and --keep-size), or its disk damaged them (its log says so)",
                  cursor_ + 1, first - 1, stream_, source_.replay));
  cursor_ = first - 1;
  fetched_ = std::max(fetched_, cursor_);
}

std::optional<Event> Follower::take_from_batch(Clock::time_point now) {
  auto event = batch_.next();
  if (!event || event->stream != stream_ || event->seq <= cursor_ || event->seq > fetched_) {
    give_up_batch(now);
    return std::nullopt;
  }
  skip_until(event->seq);  // deleted while the answer was made, or by hand
  return hand_out(*std::move(event));
}

// What follows is asked for once more, but not at once: the receiver would say the same again.
void Follower::give_up_batch(Clock::time_point now) {
  ++malformed_;
  batch_.drop();
  fetched_ = cursor_;
  ++request_id_;  // what is under way comes after a gap now
  asked_ = false;
  ask_again_at_ = now + kAnswerPatience;
}

std::optional<Event> Follower::read_live(Clock::time_point now) {
  std::vector<zmq::message_t> frames;
  while (caught_up()) {
    frames.clear();
    if (!zmq::recv_multipart(live_, std::back_inserter(frames), zmq::recv_flags::dontwait)) {
      return std::nullopt;
    }
    const bool beat = text_of(frames.front()) == kHeartbeatTopic;
    const auto heartbeat = beat && frames.size() > 1 ? decode_heartbeat(text_of(frames[1]))
                                                     : std::optional<Heartbeat>();
    auto event =
        !beat && frames.size() == 3 ? decode_header(text_of(frames[1])) : std::optional<Event>();
    if (!heartbeat && !event) {
      ++malformed_;
      continue;
    }
    heard(now);
    if (heartbeat) {
      // Queued since before we came so far, most likely; but a journal may have been set back.
      doubtful_ = heartbeat->stream == stream_ && heartbeat->seq < cursor_;
      hear_of(heartbeat->stream, heartbeat->seq);
      continue;
    }
    event->body = text_of(frames[2]);
    if (auto next = judge(*std::move(event))) {
      return next;
    }
  }
  return std::nullopt;
}

std::optional<Event> Follower::judge(Event event) {
  if (event.stream == stream_ && event.seq <= cursor_) {
    ++repeated_;
    return std::nullopt;
  }
  if (event.stream == stream_ && event.seq == cursor_ + 1) {
    last_ = std::max(last_, event.seq);
    return hand_out(std::move(event));
  }
  hear_of(event.stream, event.seq);
  return std::nullopt;
}

// A seq that was given out; when it is ahead of us, caught_up() is false from now on.
void Follower::hear_of(const std::string& stream, std::uint64_t seq) {
  if (stream != stream_) {
    attach(stream, seq);
  }
  last_ = std::max(last_, seq);
  if (last_ > fetched_) {
    ++replays_;
  }
}

void Follower::heard(Clock::time_point now) {
  silent_at_ = now + kSilence;
  trouble_.clear();
  if (std::exchange(silent_, false)) {
    system::log_info(fmt::format("the feed {} is back", source_.feed));
  }
}

// Only called when everything that came in has been read.
void Follower::notice_silence(Clock::time_point now) {
  if (now < silent_at_) {
    tell_trouble();
    return;
  }
  silent_at_ = now + kSilence;
  const std::string trouble = handshakes_->trouble_of_silence();
  // A peer that vanished without a word (a pulled cable) is connected to anew, and again and again.
  // One that owes an answer may only be slow.
  if (!asked_ || unanswered_ >= kReconnectAfter || !trouble.empty()) {
    open();
  }
  if (!trouble
           .empty()) {  // ZeroMQ does not try again by itself; once we are let in, we ask at once
    ask_again_at_ = now;
  }
  const bool was_silent = std::exchange(silent_, true);
  const bool told = trouble.empty() ? was_silent : trouble == trouble_;
  trouble_ = trouble;
  if (!told) {
    system::log_warning(fmt::format("the feed {} has been silent for {} s: {}", source_.feed,
                                    kSilence.count(),
                                    trouble.empty() ? "is status-receiver running?" : trouble));
  }
}

// As soon as it is known, and once.
void Follower::tell_trouble() {
  const std::string& trouble = handshakes_->trouble();
  if (!trouble.empty() && trouble != trouble_) {
    trouble_ = trouble;
    system::log_warning(fmt::format("the feed {} is closed to us: {}", source_.feed, trouble));
  }
}

void Follower::add_poll_items(std::vector<zmq::pollitem_t>& items) {
  items.push_back({caught_up() ? live_.handle() : replay_.handle(), 0, ZMQ_POLLIN, 0});
  items.push_back({handshakes_->handle(), 0, ZMQ_POLLIN, 0});
}

Follower::Clock::time_point Follower::wake_up_at() const {
  return caught_up() ? silent_at_ : std::min(silent_at_, ask_again_at_);
}

void Follower::add_to(Subscriber::Progress& progress) const {
  progress.following = progress.following && !stream_.empty();
  progress.silent = progress.silent || silent_;
  if (!trouble_.empty()) {
    progress.trouble = fmt::format("the feed {} is closed to us: {}", source_.feed, trouble_);
  }
  progress.lag += last_ > cursor_ ? last_ - cursor_ : 0;
  progress.lost += lost_;
  progress.repeated += repeated_;
  progress.replays += replays_;
  progress.malformed += malformed_;
  if (!stream_.empty()) {
    progress.cursors[stream_] = cursor_;
  }
}

}  // namespace monitor::feed
