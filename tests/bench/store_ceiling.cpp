// What status-store can be no faster than, for scripts/bench-store: follows the same feed from its
// start, makes updates of the bodies as the store does, and inserts them into one table with the
// store's one unique index; nothing is looked up, changed or read. The two are timed apart.
// Prints "READ events/s" and "INSERT rows/s".
#include <fmt/format.h>

#include <chrono>
#include <vector>

#include "lib/feed/sources.h"
#include "lib/feed/subscriber.h"
#include "lib/storage/database.h"
#include "lib/system/error.h"
#include "lib/system/options.h"
#include "store/archive/arrival.h"

namespace {

using namespace monitor;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

// As many as the store takes in one transaction.
constexpr std::size_t kTransaction = 500;

constexpr const char* kTable =
    "CREATE TABLE updates(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, update_id TEXT, "
    "status TEXT, message TEXT NOT NULL, happened_at INTEGER NOT NULL, "
    "received_at INTEGER NOT NULL, stream TEXT NOT NULL, seq INTEGER NOT NULL)";
constexpr std::string_view kInsert =
    "INSERT INTO updates(key, update_id, status, message, happened_at, received_at, stream, seq) "
    "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT(key) DO NOTHING";

class Table {
 public:
  explicit Table(const std::string& path)
      : database_(storage::Database::open(path, storage::Database::Mode::read_write,
                                          storage::Database::Durability::normal)) {
    database_.execute(kTable);
    insert_.emplace(database_.prepare(kInsert));
  }

  void insert(const std::vector<store::Arrival>& arrivals) {
    storage::Transaction transaction(database_);
    for (const store::Arrival& arrival : arrivals) {
      for (const status::StatusUpdate& update : arrival.reading.updates) {
        insert(update);
      }
    }
    transaction.commit();
  }
  std::size_t rows() const { return rows_; }

 private:
  void insert(const status::StatusUpdate& update) {
    const std::string key = update.key();
    insert_->bind(1, key).bind(2, update.update_id).bind(3, word(update.state));
    insert_->bind(4, update.message).bind(5, system::to_microseconds(update.happened_at));
    insert_->bind(6, system::to_microseconds(update.received_at)).bind(7, update.stream);
    insert_->bind(8, static_cast<std::int64_t>(update.seq)).run();
    ++rows_;
  }

  storage::Database database_;
  std::optional<storage::Statement> insert_;
  std::size_t rows_ = 0;
};

struct Figures {
  std::size_t events = 0;
  Clock::duration reading{};
  Clock::duration inserting{};
};

bool at_end(const feed::Subscriber& subscriber) {
  const feed::Subscriber::Progress progress = subscriber.progress();
  return progress.following && progress.lag == 0;
}

// The next ones; fewer when there are no more.
std::vector<store::Arrival> read(feed::Subscriber& subscriber) {
  std::vector<store::Arrival> arrivals;
  while (arrivals.size() < kTransaction) {
    if (const auto event = subscriber.next(10ms, {})) {
      arrivals.push_back(store::understand(*event));
    } else if (at_end(subscriber)) {
      break;
    }
  }
  return arrivals;
}

Figures measure(feed::Subscriber& subscriber, Table& table) {
  Figures figures;
  for (;;) {
    const auto begin = Clock::now();
    const std::vector<store::Arrival> arrivals = read(subscriber);
    const auto middle = Clock::now();
    if (arrivals.empty()) {
      return figures;
    }
    table.insert(arrivals);
    figures.events += arrivals.size();
    figures.reading += middle - begin;
    figures.inserting += Clock::now() - middle;
  }
}

double per_second(std::size_t count, Clock::duration time) {
  return static_cast<double>(count) / std::chrono::duration<double>(time).count();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    std::string path;
    feed::SourceOptions sources;
    system::Options options("bench-store-ceiling", "How fast a store could be at most.");
    options.text("--database", path, "FILE", "Where rows are inserted; made anew");
    sources.add_to(options);
    if (!options.parse(argc, argv)) {
      return system::kExitOk;
    }
    Table table(path);
    feed::Subscriber subscriber(
        {.sources = sources.sources(), .cursors = {}, .begin = feed::Begin::start});
    const Figures figures = measure(subscriber, table);
    fmt::print("READ {:.0f}\nINSERT {:.0f}\n", per_second(figures.events, figures.reading),
               per_second(table.rows(), figures.inserting));
    return system::kExitOk;
  } catch (const std::exception& error) {
    return system::report_fatal(error);
  }
}
