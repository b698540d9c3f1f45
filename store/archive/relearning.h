// What a program does that reads more than the one which wrote its database. Of the bodies that
// nobody could read the store has counts and samples; the bodies are in the receivers' journals. So
// at start, when the program's formats are others than those the database was written with, each
// sample is tried. If any can be read now, the streams are set back to before the first body of its
// shape, the shape is forgotten, and the feed hands out again all that follows: the subscriber
// does the same for one that was away.
//
// What is read twice counts once:
// - an update is known by its key;
// - a shape that was forgotten is counted anew, of one that was not each seq is known
//   (UnrecognisedRows), so that bodies of one shape of which only some can be read come out right;
// - what the journal has dropped meanwhile is not lost, because it was applied (`rereads`). It
// can't
//   be read any more and leaves the count of what nobody could read.
//
// Where there is no sample (a large body, bodies beyond the bounds, or counted before there were
// samples) only the journal can tell, and it is asked.
#pragma once

#include <string>

#include "lib/feed/cursor.h"
#include "lib/feed/message.h"
#include "lib/status/format.h"
#include "lib/storage/database.h"

namespace monitor::store {

struct Knowledge {
  std::string formats;  // as text: differs when another program may read more, or less
  status::Reading (*read)(const feed::Event& event);
};
// This program's.
Knowledge knowledge();

// All in one transaction, before the cursors are handed to a subscriber; one line on stderr when
// something is read again. Throws storage::Error, with nothing changed, when the disk refuses it.
void relearn(storage::Database& database, feed::CursorTable& cursors, const Knowledge& knowledge);

}  // namespace monitor::store
