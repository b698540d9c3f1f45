// How long from a POST until somebody sees it: bench-latency RATE SECONDS. Starts receiver, store,
// formatter and a webhook sink in a temporary directory, posts RATE incidents a second for SECONDS,
// and takes the time from the moment at which each was due until
//   line   the formatter's line has come out of its pipe
//   event  the store's /events has told it
//   sink   the sink's request is with its destination
//   row    GET /incidents of the store has it: in a run of its own, asking all the time is work
// and, at the same rate and size, what a hop (ZeroMQ, PUB to SUB over ipc) and a sync (append and
// fdatasync) take alone. Prints "LATENCY what median p99 missing" (milliseconds) for each.
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>
#include <zmq.hpp>

#include "lib/system/error.h"
#include "tests/bench/arrivals.h"
#include "tests/bench/percentile.h"
#include "tests/support/bodies.h"
#include "tests/support/destination.h"
#include "tests/support/pipeline.h"
#include "tests/support/raw_connection.h"

namespace {

using namespace monitor;
using namespace monitor::tests;
using namespace std::chrono_literals;
using bench::Arrivals;

constexpr std::size_t kPadding = 1300;  // makes a body of about 1.7 KB
constexpr std::size_t kBytes = 1739;
// Connections that take turns, so that one slow answer does not delay the next post.
constexpr std::size_t kSenders = 4;
constexpr auto kLead = 200ms;  // everybody is at the start when the first is due
constexpr auto kForStragglers = 5s;

struct Load {
  double rate;
  std::size_t count;
};

void print(const char* what, const Arrivals& arrivals) {
  const std::vector<double> delays = arrivals.delays();
  fmt::print("LATENCY {} {:.3f} {:.3f} {}\n", what, bench::percentile(delays, 0.5),
             bench::percentile(delays, 0.99), arrivals.missing());
}

// Does `deed` for every `step`th number, each when it is due.
void at_rate(const Arrivals& arrivals, std::size_t first, std::size_t step,
             const std::function<void(std::size_t)>& deed) {
  for (std::size_t i = first; i < arrivals.size(); i += step) {
    std::this_thread::sleep_until(arrivals.due(i));
    deed(i);
  }
}

void post_all(const Pipeline& pipeline, const Arrivals& arrivals) {
  std::atomic<int> refused{0};
  std::vector<std::thread> senders;  // joined below
  for (std::size_t s = 0; s < kSenders; ++s) {
    senders.emplace_back([&, s] {
      HttpClient client;
      at_rate(arrivals, s, kSenders, [&](std::size_t i) {
        const std::string id = Arrivals::id_of(i);
        const auto answer = client.post(pipeline.webhook_url(), incident_body(id, id, kPadding));
        refused += answer.status == 200 ? 0 : 1;
      });
    });
  }
  for (std::thread& sender : senders) {
    sender.join();
  }
  if (refused > 0) {
    throw std::runtime_error(fmt::format("{} posts were not answered 200", refused.load()));
  }
}

// Reads `fd` on a thread of its own, joined when this goes, and marks what arrives.
class Reader {
 public:
  Reader(int fd, Arrivals& arrivals) : fd_(fd), arrivals_(arrivals), thread_([this] { run(); }) {}
  ~Reader() {
    ::eventfd_write(stop_.get(), 1);
    thread_.join();
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

 private:
  void run() {
    bench::ArrivalsReader reader(arrivals_);
    char block[65536];
    pollfd ready[] = {{fd_, POLLIN, 0}, {stop_.get(), POLLIN, 0}};
    while (::poll(ready, 2, -1) > 0 && ready[1].revents == 0) {
      const ssize_t size = ::read(fd_, block, sizeof block);
      if (size <= 0) {
        return;
      }
      reader.take({block, static_cast<std::size_t>(size)});
    }
  }

  int fd_;
  Arrivals& arrivals_;
  system::Fd stop_{::eventfd(0, EFD_CLOEXEC)};
  std::thread thread_;  // last: it uses the others
};

void measure_live(const Load& load) {
  Pipeline pipeline;
  pipeline.receiver = pipeline.start_receiver();
  pipeline.store = pipeline.start_store();
  const std::string pipe = pipeline.path("lines");
  ::mkfifo(pipe.c_str(), 0600);
  const system::Fd lines(::open(pipe.c_str(), O_RDWR | O_CLOEXEC));
  const auto formatter = pipeline.start(
      "sh", {"-c", fmt::format("exec {}/status-formatter >{}", programs_directory(), pipe)});
  RawConnection events(pipeline.store_port());
  events.send("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
  events.receive_until("\r\n\r\n");

  Arrivals line(load.rate, load.count);
  Arrivals event(load.rate, load.count);
  Arrivals delivery(load.rate, load.count);
  Destination destination([&](const http::Request& request) {
    delivery.mark_all_in(request.body);
    return http::json_response(200, "{}");
  });
  const auto sink = pipeline.start("status-sink-webhook", {"--url", destination.url("/")});
  const auto begin = Clock::now() + kLead;
  for (Arrivals* const each : {&line, &event, &delivery}) {
    each->begin_at(begin);
  }
  {
    const Reader line_reader(lines.get(), line);
    const Reader event_reader(events.fd(), event);
    post_all(pipeline, line);
    ask_until([&] { return line.complete() && event.complete() && delivery.complete(); },
              Deadline(kForStragglers));
  }
  print("line", line);
  print("event", event);
  print("sink", delivery);
}

// The newest incidents, again and again, on a thread of its own.
void measure_rows(const Load& load) {
  Pipeline pipeline;
  pipeline.receiver = pipeline.start_receiver();
  pipeline.store = pipeline.start_store();
  Arrivals row(load.rate, load.count);
  row.begin_at(Clock::now() + kLead);
  std::atomic<bool> over{false};
  std::thread asker([&] {  // joined below
    HttpClient client;
    while (!over && !row.complete()) {
      row.mark_all_in(client.get(pipeline.store_url("/incidents?limit=20")).body);
    }
  });
  post_all(pipeline, row);
  ask_until([&] { return row.complete(); }, Deadline(kForStragglers));
  over = true;
  asker.join();
  print("row", row);
}

// From send() in one thread to recv() in another.
void measure_hop(const Load& load) {
  const TempDir directory;
  zmq::context_t context(1);
  zmq::socket_t publisher(context, zmq::socket_type::pub);
  zmq::socket_t subscriber(context, zmq::socket_type::sub);
  publisher.bind("ipc://" + directory / "hop");
  subscriber.set(zmq::sockopt::subscribe, "");
  subscriber.set(zmq::sockopt::rcvtimeo, 1000);
  subscriber.connect("ipc://" + directory / "hop");
  Arrivals hop(load.rate, load.count);
  hop.begin_at(Clock::now() + kLead);
  std::thread reader([&] {  // joined below; the only user of `subscriber` meanwhile
    zmq::message_t message;
    while (!hop.complete() && subscriber.recv(message)) {
      hop.mark_all_in(message.to_string_view());
    }
  });
  at_rate(hop, 0, 1, [&](std::size_t i) {
    std::string body = Arrivals::id_of(i);
    body.resize(kBytes, 'x');
    publisher.send(zmq::buffer(body), zmq::send_flags::none);
  });
  reader.join();
  print("hop", hop);
}

void measure_sync(const Load& load) {
  const TempDir directory;
  const system::Fd file(
      ::open((directory / "sync").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  const std::string bytes(kBytes, 'x');
  Arrivals sync(load.rate, load.count);
  sync.begin_at(Clock::now() + kLead);
  at_rate(sync, 0, 1, [&](std::size_t i) {
    if (::write(file.get(), bytes.data(), kBytes) != static_cast<ssize_t>(kBytes) ||
        ::fdatasync(file.get()) != 0) {
      system::fail_errno("append to a file");
    }
    sync.mark(i);
  });
  print("sync", sync);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    fmt::print(stderr, "usage: bench-latency RATE SECONDS\n");
    return system::kExitUsage;
  }
  try {
    const double rate = std::stod(argv[1]);
    const Load load{rate, static_cast<std::size_t>(rate * std::stod(argv[2]))};
    measure_live(load);
    measure_rows(load);
    measure_hop(load);
    measure_sync(load);
    return 0;
  } catch (const std::exception& error) {
    return system::report_fatal(error);
  }
}
