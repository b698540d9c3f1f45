// What a subscriber says when its keys and its receiver's don't fit. The receiver is a bare socket
// on loopback; that it refuses a key is tested with the one that does (receiver_outlet_test.cpp).
#include "lib/feed/handshakes.h"

#include <boost/test/unit_test.hpp>

#include "tests/support/deadline.h"

using namespace monitor;
using namespace monitor::feed;

namespace {

struct Meeting {
  explicit Meeting(bool with_key) : publisher(context, zmq::socket_type::pub) {
    publisher.set(zmq::sockopt::linger, 0);
    if (with_key) {
      publisher.set(zmq::sockopt::curve_server, true);
      publisher.set(zmq::sockopt::curve_secretkey, receivers.secret_key);
    }
    publisher.bind("tcp://127.0.0.1:*");
  }

  // What is said about it in the end; empty when nothing is.
  std::string trouble_with(const ClientKeys& keys, bool expected) {
    zmq::context_t other;
    zmq::socket_t socket(other, zmq::socket_type::sub);
    socket.set(zmq::sockopt::linger, 0);
    socket.set(zmq::sockopt::subscribe, "");
    if (!keys.server_key.empty()) {
      socket.set(zmq::sockopt::curve_serverkey, keys.server_key);
      socket.set(zmq::sockopt::curve_publickey, keys.own.public_key);
      socket.set(zmq::sockopt::curve_secretkey, keys.own.secret_key);
    }
    Handshakes handshakes(other, socket, keys);
    socket.connect(publisher.get(zmq::sockopt::last_endpoint));
    std::string trouble;
    BOOST_TEST(tests::ask_until([&] {
      publisher.send(zmq::str_buffer("hello"));
      zmq::message_t message;
      const bool heard = socket.recv(message, zmq::recv_flags::dontwait).has_value();
      trouble = handshakes.trouble_of_silence();
      return expected ? !trouble.empty() : heard;
    }));
    return trouble;
  }

  KeyPair receivers = make_key_pair();
  KeyPair ours = make_key_pair();
  zmq::context_t context;
  zmq::socket_t publisher;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(feed_handshakes)

BOOST_AUTO_TEST_CASE(keys_that_fit_are_no_trouble) {
  Meeting meeting(true);
  BOOST_TEST(meeting.trouble_with({meeting.receivers.public_key, meeting.ours}, false) == "");
  Meeting open(false);
  BOOST_TEST(open.trouble_with({}, false) == "");
}

BOOST_AUTO_TEST_CASE(another_receivers_key_is_told) {
  Meeting meeting(true);
  const std::string trouble =
      meeting.trouble_with({make_key_pair().public_key, meeting.ours}, true);
  BOOST_TEST(trouble.find("is --feed-server-key the public key") != std::string::npos, trouble);
}

BOOST_AUTO_TEST_CASE(that_keys_are_wanted_is_told) {
  Meeting meeting(true);
  const std::string trouble = meeting.trouble_with({}, true);
  BOOST_TEST(trouble.find("give --feed-server-key and --feed-key") != std::string::npos, trouble);
}

BOOST_AUTO_TEST_CASE(that_keys_are_not_wanted_is_told) {
  Meeting meeting(false);
  const std::string trouble =
      meeting.trouble_with({meeting.receivers.public_key, meeting.ours}, true);
  BOOST_TEST(!trouble.empty());
  BOOST_TEST(trouble.find("give --feed-server-key") == std::string::npos, trouble);
}

BOOST_AUTO_TEST_SUITE_END()
