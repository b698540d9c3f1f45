#include "lib/status/digest.h"

#include <sodium.h>

#include <array>
#include <cstdint>

namespace monitor::status {
namespace {

constexpr std::size_t kBytes = 16;  // 128 bits: no two of them meet by chance

void add(crypto_generichash_state& state, std::string_view bytes) {
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(bytes.data()),
                            bytes.size());
}

// Eight bytes, the lowest first, whatever the machine.
std::array<char, 8> length_of(std::string_view field) {
  std::array<char, 8> bytes{};
  std::uint64_t left = field.size();
  for (char& byte : bytes) {
    byte = static_cast<char>(left & 0xFF);
    left >>= 8;
  }
  return bytes;
}

}  // namespace

std::string digest(std::initializer_list<std::string_view> fields) {
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, kBytes);
  for (const std::string_view field : fields) {
    const auto length = length_of(field);
    add(state, {length.data(), length.size()});
    add(state, field);
  }
  std::array<unsigned char, kBytes> sum{};
  crypto_generichash_final(&state, sum.data(), sum.size());
  std::array<char, 2 * kBytes + 1> text{};
  sodium_bin2hex(text.data(), text.size(), sum.data(), sum.size());
  return text.data();
}

}  // namespace monitor::status
