#include "store/archive/relearning.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "lib/feed/reading.h"
#include "lib/status/text.h"
#include "lib/system/log.h"
#include "lib/system/version.h"
#include "store/columns.h"

namespace monitor::store {
namespace {

// Of one line for the operator; a shape as lib/feed tells it.
constexpr std::size_t kMostNamed = 5;
constexpr std::size_t kMaxShape = 200;

constexpr std::string_view kSamples =
    "SELECT id, provider, format, shape, count, last_stream, last_seq, last_at, mapping, sample "
    "FROM unrecognised ORDER BY count DESC";

constexpr std::string_view kReread =
    "INSERT INTO rereads(stream, until) VALUES(?1, ?2) "
    "ON CONFLICT(stream) DO UPDATE SET until = max(until, excluded.until)";

constexpr std::string_view kForgetEvents =
    "INSERT INTO events_dropped(stream, seq) VALUES(?1, ?2 + 1) "
    "ON CONFLICT(stream) DO UPDATE SET seq = max(seq, excluded.seq)";

struct Shape {
  std::int64_t row = 0;
  std::string provider;
  std::int64_t count = 0;
  std::string told;  // for the operator
};

bool readable(const storage::Statement& row, const Knowledge& knowledge) {
  const bool tried = !row.is_null(9);
  return !tried || knowledge
                       .read({.stream = text_at(row, 5),
                              .seq = static_cast<std::uint64_t>(row.integer(6)),
                              .received_at = system::from_microseconds(row.integer(7)),
                              .format = text_at(row, 2),
                              .provider = text_at(row, 1),
                              .provider_name = text_at(row, 1),
                              .mapping = text_at(row, 8),
                              .body = text_at(row, 9)})
                       .recognised;
}

std::string told(const storage::Statement& row) {
  const std::string of = fmt::format("{} of {}", row.integer(4), row.text(1));
  return row.is_null(9) ? of + " (no sample kept)"
                        : fmt::format("{} ({}, keys \"{}\")", of, row.text(2),
                                      status::cut(row.text(3), kMaxShape));
}

std::vector<Shape> readable_shapes(const storage::Database& database, const Knowledge& knowledge) {
  std::vector<Shape> shapes;
  storage::Statement row = database.prepare(kSamples);
  while (row.step()) {
    if (readable(row, knowledge)) {
      shapes.push_back({row.integer(0), text_at(row, 1), row.integer(4), told(row)});
    }
  }
  return shapes;
}

// The first seq of the shape in each stream that had it.
feed::Cursors firsts_of(const storage::Database& database, const Shape& shape) {
  storage::Statement rows =
      database.prepare("SELECT stream, first_seq FROM unrecognised_streams WHERE shape = ?1");
  return feed::read_cursors(rows.bind(1, shape.row));
}

void forget(const storage::Database& database, const Shape& shape) {
  database.prepare("UPDATE providers SET unrecognised = unrecognised - ?2 WHERE slug = ?1")
      .bind(1, shape.provider)
      .bind(2, shape.count)
      .run();
  for (const char* sql : {"DELETE FROM unrecognised WHERE id = ?1",
                          "DELETE FROM unrecognised_streams WHERE shape = ?1"}) {
    database.prepare(sql).bind(1, shape.row).run();
  }
}

void set_back(const storage::Database& database, feed::CursorTable& cursors,
              const std::string& stream, std::uint64_t first) {
  const std::uint64_t cursor = cursors.load()[stream];
  if (first > cursor) {
    return;
  }
  // Set back again while it is read again, a stream has been applied as far as before.
  database.prepare(kReread).bind(1, stream).bind(2, static_cast<std::int64_t>(cursor)).run();
  // Whoever has seen all of it so far has not seen what is found now: it begins anew.
  database.prepare(kForgetEvents).bind(1, stream).bind(2, static_cast<std::int64_t>(cursor)).run();
  cursors.save(stream, first - 1);
}

bool written_with(const storage::Database& database, const std::string& formats) {
  storage::Statement row = database.prepare("SELECT value FROM meta WHERE name = 'formats'");
  return row.step() && row.text(0) == formats;
}

void remember(const storage::Database& database, const std::string& formats) {
  database
      .prepare(
          "INSERT INTO meta(name, value) VALUES('formats', ?1) "
          "ON CONFLICT(name) DO UPDATE SET value = excluded.value")
      .bind(1, formats)
      .run();
}

void tell(const std::vector<Shape>& shapes) {
  std::int64_t bodies = 0;
  std::vector<std::string> names;
  for (const Shape& shape : shapes) {
    bodies += shape.count;
    if (names.size() < kMostNamed) {
      names.push_back(shape.told);
    }
  }
  const std::size_t others = shapes.size() - names.size();
  system::log_info(fmt::format(
      "reading again from the journal {} webhooks that an earlier version could not read: {}{}",
      bodies, fmt::join(names, ", "),
      others == 0 ? std::string() : fmt::format(", and {} shapes more", others)));
}

}  // namespace

Knowledge knowledge() {
  return {.formats = fmt::format("{} {}", system::kVersion, fmt::join(status::format_names(), ",")),
          .read = feed::read_updates};
}

void relearn(storage::Database& database, feed::CursorTable& cursors, const Knowledge& knowledge) {
  if (written_with(database, knowledge.formats)) {
    return;
  }
  storage::Transaction transaction(database);
  const std::vector<Shape> shapes = readable_shapes(database, knowledge);
  feed::Cursors firsts;
  for (const Shape& shape : shapes) {
    for (const auto& [stream, first] : firsts_of(database, shape)) {
      std::uint64_t& earliest = firsts.try_emplace(stream, first).first->second;
      earliest = std::min(earliest, first);
    }
    forget(database, shape);
  }
  for (const auto& [stream, first] : firsts) {
    set_back(database, cursors, stream, first);
  }
  remember(database, knowledge.formats);
  transaction.commit();
  if (!shapes.empty()) {
    tell(shapes);
  }
}

}  // namespace monitor::store
