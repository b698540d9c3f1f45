// Bodies of 1 MiB, which is what a receiver takes, made to be expensive: some of no format at all,
// and some that are a format's own bodies with one value grown to that size.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace monitor::bench {

inline constexpr std::size_t kMiB = 1 << 20;

struct Junk {
  std::string_view kind;
  std::string body;
};
std::vector<Junk> formless_junk();

// One way to grow a value.
struct Growth {
  std::string_view kind;
  // `value`, a piece of JSON, grown by about `room` bytes; "" when it is none that can be.
  std::string (*grown)(std::string_view value, std::size_t room);
};
std::span<const Growth> growths();

// Calls `use` with `body` once for each of its values that can be grown so, the others as they are.
// Of values with the same key one is enough: `seen` are the keys so far.
void grow_each(std::string_view body, const Growth& growth, std::vector<std::string>& seen,
               const std::function<void(const std::string& body)>& use);

}  // namespace monitor::bench
