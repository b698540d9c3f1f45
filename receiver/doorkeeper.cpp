#include "receiver/doorkeeper.h"

#include <fmt/format.h>
#include <sys/eventfd.h>

#include <array>
#include <iterator>
#include <utility>
#include <zmq_addon.hpp>

#include "lib/feed/keys.h"
#include "lib/system/error.h"
#include "lib/system/log.h"

namespace monitor::receiver {
namespace {

// Fixed by ZAP, as are the frames: version, id, domain, address, identity, mechanism, key.
constexpr const char* kZapEndpoint = "inproc://zeromq.zap.01";
constexpr std::size_t kQuestionFrames = 7;
constexpr std::size_t kKeyBytes = 32;
// Strangers can make up keys without end; after so many the log says no more until a reload.
constexpr std::size_t kMostTold = 100;

zmq::socket_t hear_of(zmq::context_t& context, const std::string& door) {
  zmq::socket_t socket(context, zmq::socket_type::pair);
  socket.set(zmq::sockopt::linger, 0);
  // ZeroMQ's own thread tells of events and would wait while a queue is full.
  socket.set(zmq::sockopt::rcvhwm, 0);
  socket.connect(door);
  return socket;
}

std::string z85(const std::string& bytes) {
  std::array<char, 41> text{};
  ::zmq_z85_encode(text.data(), reinterpret_cast<const std::uint8_t*>(bytes.data()), kKeyBytes);
  return text.data();
}

}  // namespace

Doorkeeper::Doorkeeper(zmq::context_t& context, FeedClients clients, std::string file,
                       const std::vector<std::string>& doors, Counters& counters)
    : file_(std::move(file)),
      counters_(counters),
      questions_(context, zmq::socket_type::rep),
      clients_(std::move(clients)),
      stop_(::eventfd(0, EFD_CLOEXEC)) {
  if (!stop_) {
    system::fail_errno("make an eventfd");
  }
  questions_.set(zmq::sockopt::linger, 0);
  questions_.bind(kZapEndpoint);
  for (const std::string& door : doors) {
    doors_.push_back(hear_of(context, door));
  }
  thread_ = std::thread([this] { run(); });
}

Doorkeeper::~Doorkeeper() {
  ::eventfd_write(stop_.get(), 1);
  thread_.join();
}

void Doorkeeper::set_clients(FeedClients clients) {
  const std::lock_guard lock(mutex_);
  clients_ = std::move(clients);
  told_.clear();
}

void Doorkeeper::run() {
  std::vector<zmq::pollitem_t> items{{nullptr, stop_.get(), ZMQ_POLLIN, 0},
                                     {questions_.handle(), 0, ZMQ_POLLIN, 0}};
  for (zmq::socket_t& door : doors_) {
    items.push_back({door.handle(), 0, ZMQ_POLLIN, 0});
  }
  for (;;) {
    ::zmq_poll(items.data(), static_cast<int>(items.size()), -1);
    if (items[0].revents != 0) {
      return;
    }
    if (items[1].revents != 0) {
      answer_one();
    }
    for (zmq::socket_t& door : doors_) {
      count(door);
    }
  }
}

void Doorkeeper::answer_one() {
  std::vector<zmq::message_t> question;
  if (!zmq::recv_multipart(questions_, std::back_inserter(question), zmq::recv_flags::dontwait)) {
    return;
  }
  const std::string name = let_in(question);
  const std::string id = question.size() > 1 ? question[1].to_string() : "";
  const std::array<std::string, 6> answer{
      "1.0", id, name.empty() ? "400" : "200", name.empty() ? "not a client" : "OK", name, ""};
  for (std::size_t i = 0; i < answer.size(); ++i) {
    const bool more = i + 1 < answer.size();
    questions_.send(zmq::buffer(answer[i]),
                    more ? zmq::send_flags::sndmore : zmq::send_flags::none);
  }
}

// The client's name; empty when it may not come in.
std::string Doorkeeper::let_in(const std::vector<zmq::message_t>& question) {
  if (question.size() != kQuestionFrames || question[5].to_string_view() != "CURVE" ||
      question[6].size() != kKeyBytes) {
    ++counters_.feed_refused;
    return {};
  }
  const std::string key = question[6].to_string();
  const std::lock_guard lock(mutex_);
  if (const std::string* name = clients_.name_of(key)) {
    ++counters_.feed_admitted;
    return *name;
  }
  ++counters_.feed_refused;
  tell_refused(z85(key), question[3].to_string());
  return {};
}

void Doorkeeper::tell_refused(const std::string& key, const std::string& address) {
  if (told_.size() > kMostTold || !told_.insert(key + address).second) {
    return;
  }
  system::log_warning(
      told_.size() > kMostTold
          ? "feed: more unknown keys were refused, which are only counted from now on"
          : fmt::format("feed: a client with the unknown key {} from {} was refused; add the key "
                        "to {} and reload to let it in",
                        key, address, file_));
}

// Frames: the number of the event with its value, and which endpoint it came to.
void Doorkeeper::count(zmq::socket_t& door) {
  std::vector<zmq::message_t> frames;
  while (zmq::recv_multipart(door, std::back_inserter(frames), zmq::recv_flags::dontwait)) {
    if (frames.size() == 2 && feed::is_tcp(frames[1].to_string_view())) {
      ++counters_.feed_connections;
    }
    frames.clear();
  }
}

}  // namespace monitor::receiver
