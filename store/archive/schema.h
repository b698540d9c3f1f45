// The store's SQLite file: how it is opened and what is told an operator when it can't be used.
// Called by the loop's thread (Archive); the reader opens the same file on its own. Everything in
// it comes from the feed, so a file that is lost or damaged is made anew from the receivers'
// journals, as far back as these reach.
#pragma once

#include <string>

#include "lib/storage/database.h"

namespace monitor::store {

// Opens the file, making it and its tables when they are missing, and bringing those of an earlier
// version up to date. Throws system::Failure, with what to do, for a file that is no database, is
// damaged or was made by a later version, or that the disk refuses to open.
storage::Database open_for_writing(const std::string& path);

// "the disk is full: make room, it goes on by itself": what an operator should know and do about
// `error`.
std::string advice(const storage::Error& error, const std::string& path);

}  // namespace monitor::store
