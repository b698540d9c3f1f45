// What a program did to its disk, call by call (shim/disk_shim.cpp wrote it down), and what would
// be left of it had the power gone after any of these calls.
//
// The disk that is imagined keeps promises to the letter and nothing beyond: bytes and lengths of
// a file are safe once it was synced, its name once its directory was. What was not synced is there
// or not, in sectors of 512 bytes, and never after a sync that failed; names change in the order of
// the calls, as file systems with a journal have it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/faults/shim/disk_log.h"

namespace monitor::tests {

struct DiskEvent {
  DiskCall call;
  std::uint64_t inode = 0;
  std::uint64_t offset = 0;
  std::string path;  // below the root; "" is the root
  std::string bytes;
};

// Of everything that is no shared memory (SQLite's -shm does not survive and need not); what is
// being written at the moment is left out.
std::vector<DiskEvent> read_disk_log(const std::string& log, const std::string& root);

// How many calls of each kind that shim can make fail there were, those of shared memory included.
std::map<std::string, int> count_calls(const std::string& log);

// Files and directories by their path below the root.
struct DiskImage {
  std::map<std::string, std::string> files;
  std::set<std::string> directories;

  std::size_t hash() const;
  // Makes `directory` what is in the image and nothing else.
  void write_to(const std::string& directory) const;
};

enum class Lost {
  nothing,   // of what was written, synced or not: what kill -9 leaves
  unsynced,  // all of it
  contents,  // names are there, what is in the files is not
  some,      // sectors, lengths and names by chance
};

class ImaginedDisk {
 public:
  void take(const DiskEvent& event);
  DiskImage image(Lost lost, std::mt19937& random) const;

 private:
  struct Change {
    std::uint64_t offset;
    std::string bytes;
    bool truncates;
  };
  struct File {
    bool directory = false;
    std::string safe = {};
    std::string now = {};
    std::vector<Change> unsynced = {};
  };
  using Names = std::map<std::string, std::shared_ptr<File>>;
  struct NameChange {
    DiskCall call;
    std::string path;
    std::string to;
    std::shared_ptr<File> file;
  };

  std::shared_ptr<File> file_of(const DiskEvent& event);
  void change_name(NameChange change);
  void sync(const DiskEvent& event);
  static void apply(const NameChange& change, Names& names);
  static void apply(const Change& change, std::string& content);
  static std::string torn(const File& file, std::mt19937& random);

  Names safe_names_;
  Names names_;
  std::vector<NameChange> unsynced_names_;
  std::map<std::uint64_t, std::shared_ptr<File>> by_inode_;
};

}  // namespace monitor::tests
