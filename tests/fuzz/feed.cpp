// What comes over the feed's sockets, whoever speaks there: headers, heartbeats, replay requests
// and answers are refused, or read into something that goes out again as the same.
#include "lib/feed/batch.h"
#include "lib/feed/message.h"
#include "lib/feed/netstring.h"
#include "tests/fuzz/require.h"

using namespace monitor;
using namespace monitor::feed;
using monitor::fuzz::require;

namespace {

template <typename Message>
void check(std::string_view frame, std::optional<Message> (*decode)(std::string_view),
           std::string (*write)(const Message&)) {
  if (const auto read = decode(frame)) {
    const std::string ours = write(*read);
    const auto again = decode(ours);
    require(again && write(*again) == ours, "it changes on its way: " + ours);
  }
}

void check_netstrings(std::string_view packed) {
  if (const auto texts = unpack_netstrings(packed)) {
    std::string ours;
    for (const std::string_view text : *texts) {
      append_netstring(ours, text);
    }
    require(ours.size() <= packed.size() && unpack_netstrings(ours) == texts,
            "netstrings change on their way");
  }
}

// An answer as a subscriber takes it apart: no more events than it says it holds, each of them one
// that could be handed on, and at its end nothing is left.
void check_batch(std::string_view frame) {
  Batch batch;
  const auto answer = batch.open(zmq::message_t(frame));
  require(answer || batch.empty(), "what is no answer holds events");
  const auto last = batch.last();
  std::uint64_t taken = 0;
  std::optional<Event> event;
  for (; !batch.empty(); ++taken) {
    event = batch.next();
    require(!event || decode_header(encode_header(*event)), "an event can not be handed on");
  }
  require(!answer || taken <= answer->count, "more events than the answer says");
  require(event.has_value() == last.has_value() && (!last || last->seq == event->seq),
          "the last event is not the one that was said to be");
  require(!batch.next() && !batch.last(), "something is left at the end");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view frame(reinterpret_cast<const char*>(bytes), size);
  check<Event>(frame, decode_header, encode_header);
  check<Heartbeat>(frame, decode_heartbeat, encode);
  check<ReplayRequest>(frame, decode_request, encode);
  check<ReplayAnswer>(frame, decode_answer, encode);
  check_netstrings(frame);
  check_batch(frame);
  return 0;
}
