// Numbers that look random and are the same on every machine for the same seed, which the
// standard's distributions are not. For the scenario of bench-fill-journal; nothing here is a
// secret.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace monitor::bench {

// SplitMix64: https://prng.di.unimi.it/splitmix64.c
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  // Both ends included.
  std::int64_t between(std::int64_t least, std::int64_t most) {
    return least + static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(most - least + 1));
  }
  bool chance(int percent) { return between(1, 100) <= percent; }
  double fraction() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  template <typename T, std::size_t size>
  const T& pick(const T (&values)[size]) {
    return values[next() % size];
  }
  // As Statuspage makes its ids: 12 small letters and digits.
  std::string id() {
    constexpr char kAlphabet[] = "0123456789bcdfghjklmnpqrstvwxyz";
    std::string id;
    for (std::uint64_t bits = next(); id.size() < 12; bits /= 31) {
      id += kAlphabet[bits % 31];
    }
    return id;
  }

 private:
  std::uint64_t state_;
};

// A few get most: of `count`, number i is drawn with a weight of 1 / (i + 1).
class Zipf {
 public:
  explicit Zipf(std::size_t count) {
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i) {
      sums_.push_back(sum += 1.0 / static_cast<double>(i + 1));
    }
  }
  std::size_t draw(Random& random) const {
    const double at = random.fraction() * sums_.back();
    const auto found = std::upper_bound(sums_.begin(), sums_.end(), at);
    return std::min(static_cast<std::size_t>(found - sums_.begin()), sums_.size() - 1);
  }

 private:
  std::vector<double> sums_;
};

}  // namespace monitor::bench
