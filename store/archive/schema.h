// The store's SQLite file: how it is opened and what is told an operator when it can't be used.
// Called by the loop's thread (Archive); the reader opens the same file on its own. Everything in
// it comes from the feed, so a file that is lost or damaged is made anew from the receivers'
// journals, as far back as these reach.
#pragma once

#include <string>

#include "lib/storage/database.h"
#include "lib/system/error.h"

namespace monitor::store {

// The file is no database, is damaged, or was made by a later version. what() says what to do.
class Unusable : public system::Failure {
 public:
  using system::Failure::Failure;
};

// Opens the file, making it and its tables when they are missing, and bringing those of an earlier
// version up to date. Throws Unusable, or system::Failure when the disk refuses to open it.
storage::Database open_for_writing(const std::string& path);

// "the disk is full: make room, it goes on by itself": what an operator should know and do about
// `error`.
std::string advice(const storage::Error& error);

}  // namespace monitor::store
