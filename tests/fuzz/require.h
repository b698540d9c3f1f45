// How a fuzz target says that something does not hold: libFuzzer keeps the input that a process
// aborts over. An input that broke something once belongs into tests/data/FORMAT (with its line in
// expected.tsv), or, where it is no JSON, into tests/fuzz/seeds/TARGET: `make fuzz` begins with
// them, and every test reads the former.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

namespace monitor::fuzz {

// `problem` as tests/support/soundness.h tells it: "" is none.
inline void require_none(const std::string& problem) {
  if (!problem.empty()) {
    std::fprintf(stderr, "does not hold: %s\n", problem.c_str());
    std::abort();
  }
}

inline void require(bool holds, const std::string& what) { require_none(holds ? "" : what); }

}  // namespace monitor::fuzz
