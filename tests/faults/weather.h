// A stranger's view while something goes wrong: how long a sender waits for its 200, and what a
// program costs meanwhile. Compared within one run, with and without the fault.
#pragma once

#include <chrono>
#include <cstddef>

#include "tests/support/pipeline.h"

namespace monitor::tests {

using Milliseconds = std::chrono::duration<double, std::milli>;

// Posts `count` incidents one after the other, each of which must be answered 200, and asks the
// store as often when it runs. The time that all but the slowest hundredth took.
Milliseconds p99_of_posts(Pipeline& pipeline, int count);
Milliseconds p99_of_questions(Pipeline& pipeline, int count);  // GET /incidents of the store

// Says both, and that nobody had to wait for the fault to end (10 s). In `make soak`, on a machine
// of its own, no more than 50 ms.
void check_unharmed(Milliseconds before, Milliseconds meanwhile);

// Processor time that the process has taken.
std::chrono::milliseconds processor_time(const Process& process);

// Raises the limit of open files to what the system allows and returns how many descriptors a test
// may take: at most `wanted`. Says so when there are fewer.
std::size_t descriptors(std::size_t wanted);

// Sanitizers keep memory that was freed: nothing can be said of how much a program takes.
bool memory_counts();

}  // namespace monitor::tests
