// Looks through a write-ahead log as SQLite does at the start (https://sqlite.org/fileformat2.html,
// section 4): it takes the log to end before the first frame whose checksum is wrong, and says
// nothing. That is right for the last transaction, which a crash may have torn. One that others
// follow had been synced before they were begun: then the log is damaged.
#pragma once

#include <cstdint>
#include <string>

namespace monitor::storage {

// Whole transactions in the log of `database`, which nobody may have open, that SQLite won't see
// although they were synced, as far as that is certain: 0 when all is well or there is no log.
// After failed writes it may count what they left.
std::uint64_t transactions_behind_damage(const std::string& database);

}  // namespace monitor::storage
