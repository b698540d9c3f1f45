// Answers that go on: over real sockets, with peers that listen, leave, or take nothing.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <mutex>
#include <string>

#include "lib/http/server.h"
#include "tests/support/raw_connection.h"

namespace monitor::http {
namespace {

using tests::RawConnection;

// What all streams tell, from its beginning.
class Told {
 public:
  void add(std::string_view text) {
    const std::lock_guard lock(mutex_);
    text_ += text;
  }
  std::size_t copy(std::size_t from, std::span<char> room) {
    const std::lock_guard lock(mutex_);
    const std::size_t size = std::min(room.size(), text_.size() - from);
    std::copy_n(text_.data() + from, size, room.data());
    return size;
  }

 private:
  std::mutex mutex_;
  std::string text_;
};

class Tap : public Stream {
 public:
  explicit Tap(Told& told) : told_(told) {}
  std::optional<std::size_t> read(std::span<char> room) override {
    const std::size_t size = told_.copy(sent_, room);
    sent_ += size;
    return size;
  }

 private:
  Told& told_;
  std::size_t sent_ = 0;
};

// Always has more to say.
class Flood : public Stream {
 public:
  std::optional<std::size_t> read(std::span<char> room) override {
    std::fill(room.begin(), room.end(), '.');
    return room.size();
  }
};

struct Taps : Handler {
  Taps() { server.start(*this); }
  std::optional<Response> admit(const Request&) override { return std::nullopt; }
  void serve(Exchange exchange) override {
    Response response;
    if (exchange.request().path == "/flood") {
      response.stream = std::make_unique<Flood>();
    } else {
      response.stream = std::make_unique<Tap>(told);
    }
    exchange.answer(std::move(response));
  }
  void tell(std::string_view text) {
    told.add(text);
    server.wake_streams();
  }
  std::unique_ptr<RawConnection> ask(const std::string& path) const {
    auto connection = std::make_unique<RawConnection>(server.port());
    connection->send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
    return connection;
  }

  Told told;
  Server server{ServerSettings{}};
};

BOOST_FIXTURE_TEST_SUITE(http_stream, Taps)

BOOST_AUTO_TEST_CASE(each_hears_what_is_told_before_and_after_it_came) {
  tell("first");
  const auto one = ask("/tap");
  BOOST_TEST(one->receive_until("first").find("Connection: close") != std::string::npos);
  const auto other = ask("/tap");
  other->receive_until("first");
  tell("second");
  BOOST_TEST(one->receive_until("second").find("second") != std::string::npos);
  BOOST_TEST(other->receive_until("second").find("second") != std::string::npos);
  BOOST_TEST(server.traffic().streams == 2U);
}

BOOST_AUTO_TEST_CASE(who_leaves_is_forgotten) {
  ask("/tap")->receive_until("\r\n\r\n");
  BOOST_TEST(tests::ask_until([&] {
    tell("x");
    return server.traffic().streams == 0;
  }));
}

BOOST_AUTO_TEST_CASE(a_closed_door_ends_them_and_their_connections) {
  tell("first");
  const auto reader = ask("/tap");
  reader->receive_until("first");
  server.close_door();
  BOOST_TEST(reader->receive_until("\r\n0\r\n\r\n").ends_with("0\r\n\r\n"));
  BOOST_TEST(reader->wait_for_close());
  BOOST_TEST(tests::ask_until([&] { return server.dismiss_idlers(); }));
}

BOOST_AUTO_TEST_CASE(one_that_takes_nothing_hinders_neither_the_others_nor_the_end) {
  const auto lazy = ask("/flood");
  BOOST_TEST(tests::ask_until([&] { return server.traffic().streams == 1; }));
  tell("first");
  BOOST_TEST(ask("/tap")->receive_until("first").find("first") != std::string::npos);
  server.close_door();
  BOOST_TEST(tests::ask_until([&] {
    server.sweep();
    return server.dismiss_idlers();
  }));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::http
