// What comes over the feed's sockets, whoever speaks there: headers, heartbeats, replay requests
// and answers are refused, or read into something that goes out again as the same.
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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view frame(reinterpret_cast<const char*>(bytes), size);
  check<Event>(frame, decode_header, encode_header);
  check<Heartbeat>(frame, decode_heartbeat, encode);
  check<ReplayRequest>(frame, decode_request, encode);
  check<ReplayAnswer>(frame, decode_answer, encode);
  check_netstrings(frame);
  return 0;
}
