#include "lib/storage/wal.h"

#include <bit>
#include <cstddef>
#include <cstring>
#include <fstream>
#include <string_view>

namespace monitor::storage {
namespace {

constexpr std::size_t kHeader = 32;
constexpr std::size_t kFrameHeader = 24;
constexpr std::uint32_t kMagic = 0x377f0682;  // | 1: checksums over big-endian words

std::uint32_t big_endian(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  }
  return value;
}

// SQLite sums in the order of the machine that made the log.
std::uint32_t word_at(std::string_view bytes, std::size_t at, bool swapped) {
  std::uint32_t word = 0;
  std::memcpy(&word, bytes.data() + at, sizeof word);
  return swapped ? __builtin_bswap32(word) : word;
}

struct Checksum {
  std::uint32_t first = 0;
  std::uint32_t second = 0;
  bool swapped = false;

  void add(std::string_view bytes) {
    for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
      first += word_at(bytes, at, swapped) + second;
      second += word_at(bytes, at + 4, swapped) + first;
    }
  }
  bool is(std::string_view bytes, std::size_t at) const {
    return big_endian(bytes, at) == first && big_endian(bytes, at + 4) == second;
  }
};

// Of the database, whose header says the same as the log's: of two one may be damaged. 0: none.
std::uint32_t page_size_of(const std::string& database) {
  std::string header(18, '\0');
  std::ifstream(database, std::ios::binary)
      .read(header.data(), static_cast<std::streamsize>(header.size()));
  const std::uint32_t size = big_endian(std::string(2, '\0') + header.substr(16), 0);
  return size == 1 ? 65536 : std::has_single_bit(size) && size >= 512 ? size : 0;
}

}  // namespace

std::uint64_t transactions_behind_damage(const std::string& database) {
  std::ifstream in(database + "-wal", std::ios::binary);
  const std::uint32_t page_size = page_size_of(database);
  std::string header(kHeader, '\0');
  if (page_size == 0 || !in.read(header.data(), static_cast<std::streamsize>(header.size()))) {
    return 0;
  }
  const bool big = (big_endian(header, 0) & 1) != 0;
  Checksum checksum{.swapped = big == (std::endian::native == std::endian::little)};
  checksum.add(std::string_view(header).substr(0, 24));
  bool sound = (big_endian(header, 0) | 1) == (kMagic | 1) && big_endian(header, 8) == page_size &&
               checksum.is(header, 24);
  std::string salt = header.substr(16, 8);
  std::uint64_t behind = 0;
  std::string frame(kFrameHeader + page_size, '\0');
  for (bool first = true; in.read(frame.data(), static_cast<std::streamsize>(frame.size()));
       first = false) {
    if (first && !sound) {
      salt = frame.substr(8, 8);  // the header's can't be believed
    }
    const bool of_this_log = frame.compare(8, 8, salt) == 0;
    if (sound) {
      checksum.add(std::string_view(frame).substr(0, 8));
      checksum.add(std::string_view(frame).substr(kFrameHeader));
      sound = of_this_log && checksum.is(frame, 16);
    }
    const bool ends_transaction = big_endian(frame, 4) != 0;
    behind += !sound && of_this_log && ends_transaction ? 1 : 0;
  }
  return behind > 1 ? behind : 0;
}

}  // namespace monitor::storage
