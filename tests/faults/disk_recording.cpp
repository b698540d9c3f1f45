#include "tests/faults/disk_recording.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include "tests/support/temp_dir.h"

namespace monitor::tests {
namespace {

constexpr std::size_t kSector = 512;

std::string below(std::string_view path, const std::string& root) {
  path.remove_prefix(std::min(path.size(), root.size() + 1));
  return std::string(path);
}

std::string parent_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

// Whole ones: the last may be being written at the moment.
template <typename Take>
void for_each_record(const std::string& log, Take take) {
  const std::string text = read_file(log);
  for (std::size_t at = 0; text.size() - at >= sizeof(DiskRecord);) {
    DiskRecord head{};
    std::memcpy(&head, text.data() + at, sizeof head);
    at += sizeof head;
    if (text.size() - at < head.path_length + head.length) {
      break;
    }
    const std::string_view rest = std::string_view(text).substr(at);
    take(head, rest.substr(0, head.path_length), rest.substr(head.path_length, head.length));
    at += head.path_length + head.length;
  }
}

bool by_chance(std::mt19937& random) { return random() % 2 == 0; }

}  // namespace

std::vector<DiskEvent> read_disk_log(const std::string& log, const std::string& root) {
  std::vector<DiskEvent> events;
  for_each_record(log, [&](const DiskRecord& head, std::string_view path, std::string_view bytes) {
    if (!path.ends_with("-shm")) {
      events.push_back(
          {.call = head.call,
           .inode = head.inode,
           .offset = head.offset,
           .path = below(path, root),
           .bytes = head.call == DiskCall::rename ? below(bytes, root) : std::string(bytes)});
    }
  });
  return events;
}

std::map<std::string, int> count_calls(const std::string& log) {
  static const std::map<DiskCall, std::string> kKinds{
      {DiskCall::open, "open"},         {DiskCall::create, "open"},   {DiskCall::write, "write"},
      {DiskCall::truncate, "truncate"}, {DiskCall::rename, "rename"}, {DiskCall::unlink, "unlink"},
      {DiskCall::mkdir, "mkdir"},       {DiskCall::sync, "sync"}};
  std::map<std::string, int> counts;
  for_each_record(log, [&](const DiskRecord& head, std::string_view, std::string_view) {
    if (const auto kind = kKinds.find(head.call); kind != kKinds.end()) {
      ++counts[kind->second];
    }
  });
  return counts;
}

std::size_t DiskImage::hash() const {
  constexpr std::size_t kOdd = 1'099'511'628'211;
  std::size_t sum = directories.size();
  for (const auto& [path, content] : files) {
    sum = (sum * kOdd + std::hash<std::string>()(path)) * kOdd + std::hash<std::string>()(content);
  }
  return sum;
}

void DiskImage::write_to(const std::string& directory) const {
  std::filesystem::remove_all(directory);
  std::filesystem::create_directories(directory);
  for (const std::string& path : directories) {  // in order: parents first
    std::filesystem::create_directories(directory + '/' + path);
  }
  for (const auto& [path, content] : files) {
    write_file(directory + '/' + path, content);
  }
}

std::shared_ptr<ImaginedDisk::File> ImaginedDisk::file_of(const DiskEvent& event) {
  std::shared_ptr<File>& file = by_inode_[event.inode];
  if (!file) {
    throw std::logic_error("a file that was never made: " + event.path);
  }
  return file;
}

void ImaginedDisk::take(const DiskEvent& event) {
  switch (event.call) {
    case DiskCall::create:
      by_inode_[event.inode] = std::make_shared<File>();
      change_name({event.call, event.path, {}, by_inode_[event.inode]});
      break;
    case DiskCall::mkdir:
      change_name({event.call, event.path, {}, std::make_shared<File>(File{.directory = true})});
      break;
    case DiskCall::rename:
      change_name({event.call, event.path, event.bytes, names_.at(event.path)});
      break;
    case DiskCall::unlink:
      change_name({event.call, event.path, {}, nullptr});
      break;
    case DiskCall::write:
    case DiskCall::truncate: {
      const auto file = file_of(event);
      file->unsynced.push_back({event.offset, event.bytes, event.call == DiskCall::truncate});
      apply(file->unsynced.back(), file->now);
      break;
    }
    case DiskCall::sync:
      sync(event);
      break;
    case DiskCall::failed_sync:
      if (const auto file = by_inode_.find(event.inode); file != by_inode_.end()) {
        file->second->unsynced.clear();
      }
      break;
    case DiskCall::open:
    case DiskCall::told:
      break;
  }
}

void ImaginedDisk::change_name(NameChange change) {
  apply(change, names_);
  unsynced_names_.push_back(std::move(change));
}

void ImaginedDisk::sync(const DiskEvent& event) {
  const auto found = names_.find(event.path);
  const bool directory = event.path.empty() || (found != names_.end() && found->second->directory);
  if (!directory) {
    const auto file = file_of(event);
    for (const Change& change : file->unsynced) {
      apply(change, file->safe);
    }
    file->unsynced.clear();
    return;
  }
  std::vector<NameChange> left;
  for (NameChange& change : unsynced_names_) {
    if (parent_of(change.path) == event.path) {
      apply(change, safe_names_);
    } else {
      left.push_back(std::move(change));
    }
  }
  unsynced_names_ = std::move(left);
}

void ImaginedDisk::apply(const NameChange& change, Names& names) {
  if (change.call == DiskCall::create || change.call == DiskCall::mkdir) {
    names[change.path] = change.file;
  } else {
    names.erase(change.path);
    if (change.call == DiskCall::rename) {
      names[change.to] = change.file;
    }
  }
}

void ImaginedDisk::apply(const Change& change, std::string& content) {
  if (change.truncates) {
    content.resize(change.offset);
    return;
  }
  content.resize(std::max(content.size(), change.offset + change.bytes.size()));
  content.replace(change.offset, change.bytes.size(), change.bytes);
}

// Of each write any of its sectors; a new length, or the old one.
std::string ImaginedDisk::torn(const File& file, std::mt19937& random) {
  std::string content = file.safe;
  for (const Change& change : file.unsynced) {
    if (change.truncates) {
      if (by_chance(random)) {
        apply(change, content);
      }
      continue;
    }
    for (std::size_t begin = 0; begin < change.bytes.size();) {
      const std::size_t sector_end = (change.offset + begin) / kSector * kSector + kSector;
      const std::size_t end = std::min(change.bytes.size(), sector_end - change.offset);
      if (by_chance(random)) {
        apply({change.offset + begin, change.bytes.substr(begin, end - begin), false}, content);
      }
      begin = end;
    }
  }
  return content;
}

DiskImage ImaginedDisk::image(Lost lost, std::mt19937& random) const {
  Names names = lost == Lost::nothing || lost == Lost::contents ? names_ : safe_names_;
  if (lost == Lost::some) {
    const std::size_t kept = random() % (unsynced_names_.size() + 1);
    for (std::size_t i = 0; i < kept; ++i) {
      apply(unsynced_names_[i], names);
    }
  }
  DiskImage image;
  for (const auto& [path, file] : names) {  // in order: a directory before what is in it
    const std::string parent = parent_of(path);
    if (!parent.empty() && !image.directories.contains(parent)) {
      continue;
    }
    if (file->directory) {
      image.directories.insert(path);
    } else {
      image.files[path] = lost == Lost::nothing ? file->now
                          : lost == Lost::some  ? torn(*file, random)
                                                : file->safe;
    }
  }
  return image;
}

}  // namespace monitor::tests
