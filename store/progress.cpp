#include "store/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "lib/system/log.h"

namespace monitor::store {
namespace {

using namespace std::chrono_literals;

constexpr auto kRedraw = 200ms;
constexpr auto kNextLine = 10s;
constexpr std::size_t kBarWidth = 30;
constexpr const char* kLineBegin = "\r\x1b[K";  // of ECMA-48: erases to the end of the line

// 1,234,567
std::string grouped(std::uint64_t number) {
  const std::string digits = std::to_string(number);
  std::string text;
  for (std::size_t at = 0; at < digits.size(); ++at) {
    if (at > 0 && (digits.size() - at) % 3 == 0) {
      text += ',';
    }
    text += digits[at];
  }
  return text;
}

}  // namespace

std::string progress_text(std::uint64_t done, std::uint64_t total,
                          std::chrono::milliseconds taken) {
  const std::uint64_t whole = std::max<std::uint64_t>({done, total, 1});
  const double share = static_cast<double>(done) / static_cast<double>(whole);
  const auto filled = static_cast<std::size_t>(share * kBarWidth);
  const double seconds = std::max(0.001, std::chrono::duration<double>(taken).count());
  const double rate = static_cast<double>(done) / seconds;
  const double left = rate > 0 ? static_cast<double>(whole - done) / rate : 0;
  return fmt::format("[{:#<{}}{:-<{}}] {:3.0f} %  {} of {} events, {}/s, {:.0f} s left", "", filled,
                     "", kBarWidth - filled, share * 100, grouped(done), grouped(whole),
                     grouped(static_cast<std::uint64_t>(rate)), left);
}

Progress::Progress()
    : terminal_(::isatty(STDERR_FILENO) == 1), began_(Clock::now()), next_(began_) {}

Progress::~Progress() {
  if (drawn_) {
    std::fputc('\n', stderr);
  }
}

void Progress::tell(std::uint64_t done, std::uint64_t left) {
  if (Clock::now() < next_ && left > 0) {
    return;
  }
  next_ = Clock::now() +
          (terminal_ ? std::chrono::milliseconds(kRedraw) : std::chrono::milliseconds(kNextLine));
  const auto taken = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began_);
  const std::string text = progress_text(done, done + left, taken);
  if (terminal_) {
    fmt::print(stderr, "{}{}", kLineBegin, text);
    drawn_ = true;
  } else {
    system::log_info(text);
  }
}

}  // namespace monitor::store
