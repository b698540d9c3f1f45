#include "sinks/delivery/rotation.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <set>
#include <string_view>
#include <utility>

#include "lib/system/directory.h"
#include "lib/system/error.h"
#include "lib/system/fd.h"
#include "lib/system/log.h"

namespace monitor::delivery {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPacked = ".gz";
constexpr std::string_view kPart = ".gz.part";
constexpr std::size_t kChunk = 64 << 10;

// "2026-02-20T143200Z": no colons, which some file systems and tools do not take.
std::string stamp_of(system::Time time) {
  std::string text = system::to_rfc3339_seconds(time);
  std::erase(text, ':');
  return text;
}

bool is_stamp(std::string_view text) {
  constexpr std::string_view kForm = "0000-00-00T000000Z";
  return text.size() == kForm.size() &&
         std::equal(text.begin(), text.end(), kForm.begin(), [](char c, char form) {
           return form == '0' ? c >= '0' && c <= '9' : c == form;
         });
}

bool is_there(const std::string& path) {
  struct stat st {};
  return ::lstat(path.c_str(), &st) == 0;
}

// What this program made beside `path`, oldest first, without the endings; nothing else is ever
// touched.
std::set<std::string> rotated_files(const std::string& path) {
  const std::string begin = fs::path(path).filename().string() + '.';
  std::set<std::string> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(system::directory_of(path), error)) {
    std::string name = entry.path().filename().string();
    for (const std::string_view ending : {kPart, kPacked}) {
      if (name.ends_with(ending)) {
        name.resize(name.size() - ending.size());
        break;
      }
    }
    if (name.starts_with(begin) && is_stamp(std::string_view(name).substr(begin.size()))) {
      found.insert(path + '.' + name.substr(begin.size()));
    }
  }
  return found;
}

void remove(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
    system::fail_errno(fmt::format("delete {}", path));
  }
}

struct CloseGzip {
  void operator()(gzFile file) const { ::gzclose(file); }
};

// Only what is written whole is kept.
class PartFile {
 public:
  explicit PartFile(const std::string& path, mode_t mode)
      : path_(path),
        fd_(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode)) {
    if (!fd_) {
      system::fail_errno(fmt::format("write {}", path));
    }
    // zlib closes what it was given; the descriptor is still needed, to sync.
    const int copy = ::fcntl(fd_.get(), F_DUPFD_CLOEXEC, 0);
    gzip_.reset(copy < 0 ? nullptr : ::gzdopen(copy, "wb"));
    if (!gzip_) {
      if (copy >= 0) {
        ::close(copy);
      }
      system::fail(fmt::format("write {}", path), "no descriptor or memory left");
    }
  }
  ~PartFile() {
    if (!kept_) {
      ::unlink(path_.c_str());
    }
  }
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  void write(std::string_view bytes) {
    if (!bytes.empty() &&
        ::gzwrite(gzip_.get(), bytes.data(), static_cast<unsigned>(bytes.size())) <= 0) {
      system::fail_errno(fmt::format("write {}", path_));
    }
  }
  void keep_as(const std::string& name) {
    if (::gzclose(gzip_.release()) != Z_OK || ::fsync(fd_.get()) != 0 ||
        ::rename(path_.c_str(), name.c_str()) != 0) {
      system::fail_errno(fmt::format("write {}", path_));
    }
    kept_ = true;
  }

 private:
  std::string path_;
  system::Fd fd_;
  std::unique_ptr<gzFile_s, CloseGzip> gzip_;
  bool kept_ = false;
};

}  // namespace

bool is_rotation_due(const RotationRules& rules, std::uint64_t size, std::size_t line,
                     system::Time began, system::Time now) {
  const bool full = rules.size > 0 && size + line > rules.size;
  const bool old = rules.age.count() > 0 && now - began >= rules.age;
  return size > 0 && (full || old);
}

bool pack_file(const std::string& path, const std::function<bool()>& stop) {
  const system::Fd source{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
  struct stat st {};
  if (!source || ::fstat(source.get(), &st) != 0) {
    system::fail_errno(fmt::format("read {}", path));
  }
  const std::string packed = path + std::string(kPacked);
  PartFile part(path + std::string(kPart), st.st_mode & 0777);
  std::array<char, kChunk> chunk;
  for (;;) {
    if (stop()) {
      return false;
    }
    const ssize_t n = ::read(source.get(), chunk.data(), chunk.size());
    if (n < 0 && errno == EINTR) {
      continue;
    }
    if (n < 0) {
      system::fail_errno(fmt::format("read {}", path));
    }
    if (n == 0) {
      break;
    }
    part.write({chunk.data(), static_cast<std::size_t>(n)});
  }
  part.keep_as(packed);
  system::sync_directory_of(path);  // before the plain one goes
  remove(path);
  return true;
}

Rotation::Rotation(std::string path, RotationRules rules)
    : path_(std::move(path)), rules_(rules), worker_([this] { work(); }) {}

Rotation::~Rotation() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  worker_.join();
}

std::optional<std::string> Rotation::rotate(system::Time now) {
  // Two in one second: the name of the next one that is free.
  std::string name;
  do {
    name = path_ + '.' + stamp_of(now);
    now += std::chrono::seconds(1);
  } while (is_there(name) || is_there(name + std::string(kPacked)));
  if (::rename(path_.c_str(), name.c_str()) != 0) {
    return fmt::format("cannot rotate {}: {}", path_, std::strerror(errno));
  }
  try {
    system::sync_directory_of(path_);
  } catch (const system::Failure& failure) {
    system::log_warning(failure.what());  // the lines are on the disk, under one name or the other
  }
  {
    const std::lock_guard lock(mutex_);
    untidy_ = true;
  }
  changed_.notify_all();
  return std::nullopt;
}

void Rotation::wait_until_tidy() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !untidy_ && !busy_; });
}

bool Rotation::stopping() const {
  const std::lock_guard lock(mutex_);
  return stop_;
}

void Rotation::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return untidy_ || stop_; });
    if (stop_) {
      return;
    }
    untidy_ = false;
    busy_ = true;
    lock.unlock();
    tidy();
    lock.lock();
    busy_ = false;
    changed_.notify_all();
  }
}

// What fails, as on a full disk, is tried again after the next rotation.
void Rotation::tidy() {
  try {
    const std::set<std::string> rotated = rotated_files(path_);
    std::vector<std::string> names(rotated.begin(), rotated.end());
    const auto keep = static_cast<std::size_t>(rules_.keep);
    // First: it makes room.
    if (keep > 0 && names.size() > keep) {
      const auto last = names.end() - static_cast<std::ptrdiff_t>(keep);
      for (auto name = names.begin(); name != last; ++name) {
        for (const std::string_view ending : {std::string_view(), kPacked, kPart}) {
          remove(*name + std::string(ending));
        }
      }
      names.erase(names.begin(), last);
    }
    pack_all(names);
  } catch (const std::exception& error) {
    system::log_warning(error.what());
  }
}

void Rotation::pack_all(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    remove(name + std::string(kPart));  // of a process that was killed
    if (!is_there(name)) {
      continue;
    }
    if (is_there(name + std::string(kPacked))) {
      remove(name);  // that process had come this far
    } else if (rules_.compress && !pack_file(name, [this] { return stopping(); })) {
      return;
    }
  }
}

}  // namespace monitor::delivery
