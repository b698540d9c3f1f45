// A receiver as its subscribers see it, in the test's hands: a feed and a replay socket on ipc in a
// directory of its own, and a journal that is a number. One thread drives it and whoever listens.
#pragma once

#include <algorithm>
#include <functional>
#include <iterator>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>
#include <zmq.hpp>
#include <zmq_addon.hpp>

#include "lib/feed/message.h"
#include "lib/feed/netstring.h"
#include "lib/feed/subscriber.h"
#include "tests/support/deadline.h"
#include "tests/support/temp_dir.h"

namespace monitor::tests {

using Seqs = std::vector<std::uint64_t>;

class FakeReceiver {
 public:
  explicit FakeReceiver(std::uint64_t events, std::string name = "first")
      : stream(std::move(name)), last_(events) {
    open();
  }

  feed::Source source() const {
    return {"ipc://" + (directory_ / "feed"), "ipc://" + (directory_ / "replay")};
  }
  void open() {
    context_ = zmq::context_t();
    subscriptions_ = 0;
    // XPUB: a PUB that says who has subscribed.
    feed_ = zmq::socket_t(context_, zmq::socket_type::xpub);
    replay_ = zmq::socket_t(context_, zmq::socket_type::router);
    for (zmq::socket_t* socket : {&feed_, &replay_}) {
      socket->set(zmq::sockopt::linger, 0);
    }
    feed_.bind(source().feed);
    replay_.bind(source().replay);
  }
  void close() {
    feed_.close();
    replay_.close();
    context_.close();  // waits until the files of the sockets are gone
  }
  // Somebody has subscribed to events and heartbeats.
  bool subscribed() {
    zmq::message_t ignored;
    while (feed_.recv(ignored, zmq::recv_flags::dontwait)) {
      ++subscriptions_;
    }
    return subscriptions_ >= 2;
  }
  void wait_for_subscriber() {
    if (!ask_until([this] { return subscribed(); })) {
      throw std::runtime_error("nobody subscribed");
    }
  }

  std::uint64_t last() const { return last_; }
  void append(std::uint64_t count) { last_ += count; }
  void replace_journal(const std::string& other, std::uint64_t events) {
    stream = other;
    last_ = events;
  }

  // Appends one and sends it live.
  void publish() { publish_again(++last_); }
  void publish_again(std::uint64_t seq) {
    const feed::Event event = event_of(seq);
    send_live({feed::topic_of(event), feed::encode_header(event), event.body});
  }
  void heartbeat() { heartbeat(last_); }
  void heartbeat(std::uint64_t seq) {
    send_live({std::string(feed::kHeartbeatTopic), feed::encode(feed::Heartbeat{stream, seq}), ""});
  }
  void send_live(const std::vector<std::string>& frames) { send(feed_, frames); }
  void send_answer(const std::string& identity, const std::vector<std::string>& texts) {
    std::string packed;
    for (const std::string& text : texts) {
      feed::append_netstring(packed, text);
    }
    send_raw_answer(identity, packed);
  }
  void send_raw_answer(const std::string& identity, const std::string& frame) {
    send(replay_, {identity, frame});
  }

  // Answers the requests that have come; never waits.
  void serve() {
    std::vector<zmq::message_t> frames;
    while (zmq::recv_multipart(replay_, std::back_inserter(frames), zmq::recv_flags::dontwait)) {
      const auto request = feed::decode_request(frames.back().to_string_view());
      requests.push_back(request.value());
      if (answering) {
        answer(frames.front().to_string(), *request);
      }
      frames.clear();
    }
  }
  zmq::pollitem_t poll_item() { return {replay_.handle(), 0, ZMQ_POLLIN, 0}; }

  static std::string body_of(std::uint64_t seq) { return "{\"n\":" + std::to_string(seq) + "}"; }

  std::string stream;
  std::uint64_t first = 1;
  std::uint64_t batch = 10;
  std::set<std::uint64_t> holes;
  bool answering = true;
  std::vector<feed::ReplayRequest> requests;  // all that came
  // To say something before an answer, and to spoil the answer itself.
  std::function<void(const std::string& identity, const feed::ReplayRequest&)> before_answer;
  std::function<void(std::vector<std::string>& texts)> alter;

 private:
  feed::Event event_of(std::uint64_t seq) const {
    return {.stream = stream,
            .seq = seq,
            .received_at = system::from_microseconds(1771597925000000),
            .format = "statuspage",
            .provider = "github",
            .provider_name = "GitHub",
            .test = false,
            .body = body_of(seq)};
  }

  void answer(const std::string& identity, const feed::ReplayRequest& request) {
    if (before_answer) {
      before_answer(identity, request);
    }
    std::vector<std::string> texts{""};
    feed::ReplayAnswer head{request.id, stream, first, last_, 0};
    const bool ours = request.stream.empty() || request.stream == stream;
    for (std::uint64_t seq = std::max(request.from, first);
         ours && seq <= last_ && head.count < std::min(request.limit, batch); ++seq) {
      if (!holes.contains(seq)) {
        texts.push_back(feed::encode_header(event_of(seq)));
        texts.push_back(body_of(seq));
        ++head.count;
      }
    }
    texts.front() = feed::encode(head);
    if (alter) {
      alter(texts);
    }
    send_answer(identity, texts);
  }

  static void send(zmq::socket_t& socket, const std::vector<std::string>& frames) {
    for (std::size_t i = 0; i < frames.size(); ++i) {
      socket.send(zmq::buffer(frames[i]),
                  i + 1 < frames.size() ? zmq::send_flags::sndmore : zmq::send_flags::none);
    }
  }

  TempDir directory_;
  zmq::context_t context_;
  zmq::socket_t feed_;
  zmq::socket_t replay_;
  int subscriptions_ = 0;
  std::uint64_t last_;
};

}  // namespace monitor::tests
