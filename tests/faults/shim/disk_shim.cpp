// Stands between a real program and its disk (LD_PRELOAD): writes down every call that changes
// files below a directory, in order, and can make calls fail. Trusts the test that sets
//   DISK_ROOT   the directory; what happens elsewhere is none of its business
//   DISK_LOG    where to write it down (disk_log.h), appended to
//   DISK_FAULT  KIND:N:ERRNO: the Nth call of a kind (write, sync, open, rename, truncate, unlink,
//               mkdir) fails. A write that fails with ENOSPC is short before, as on a real disk
//   DISK_WHILE  and so do all that follow for as long as this file exists
//   DISK_FAULT_IN  only calls on files whose path ends so count
// One lock makes the order of the log that of the calls. Bytes that leave by a socket are written
// down before they leave: who has them knows of nothing that the log has later.
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdarg>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "tests/faults/shim/disk_log.h"

namespace {

using monitor::tests::DiskCall;
using monitor::tests::DiskRecord;

constexpr int kMostDescriptors = 4096;

template <typename Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

ssize_t really_write(int fd, const void* bytes, std::size_t size) {
  static auto* const real = next<ssize_t(int, const void*, std::size_t)>("write");
  return real(fd, bytes, size);
}
int really_open(const char* path, int flags, mode_t mode) {
  static auto* const real = next<int(const char*, int, ...)>("open");
  return real(path, flags, mode);
}

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value != nullptr ? value : "";
}

class Lock {
 public:
  Lock() { ::pthread_mutex_lock(&mutex_); }
  ~Lock() { ::pthread_mutex_unlock(&mutex_); }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  static inline pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
};

// Never destroyed: programs write while they end.
struct Shim {
  std::string root = variable("DISK_ROOT");
  std::string fault_while = variable("DISK_WHILE");
  std::string fault_in = variable("DISK_FAULT_IN");
  std::string fault_kind;
  long fault_at = 0;
  int fault_errno = 0;
  long calls = 0;
  bool was_short = false;
  int log = -1;
  std::array<std::string, kMostDescriptors> paths;  // of descriptors below the root

  Shim() {
    const std::string fault = variable("DISK_FAULT");
    if (const auto first = fault.find(':'); first != std::string::npos) {
      fault_kind = fault.substr(0, first);
      fault_at = std::atol(fault.c_str() + first + 1);
      fault_errno = fault.ends_with("ENOSPC") ? ENOSPC : EIO;
    }
    if (const std::string path = variable("DISK_LOG"); !path.empty()) {
      log = really_open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    }
  }

  bool watches(std::string_view path) const {
    return !root.empty() && path.starts_with(root) &&
           (path.size() == root.size() || path[root.size()] == '/');
  }
  const std::string& path_of(int fd) const {
    static const std::string nothing;
    return fd >= 0 && fd < kMostDescriptors ? paths[static_cast<std::size_t>(fd)] : nothing;
  }

  // True: the call fails with errno.
  bool fails(std::string_view kind, std::string_view path) {
    if (kind != fault_kind || !path.ends_with(fault_in)) {
      return false;
    }
    ++calls;
    const bool now = fault_while.empty()
                         ? calls == fault_at
                         : calls >= fault_at && ::access(fault_while.c_str(), F_OK) == 0;
    if (now) {
      errno = fault_errno;
    }
    return now;
  }
  // As on a disk that fills up: first part of it, then nothing. 0: the call is not touched.
  std::size_t fitting_part(std::size_t size) {
    const bool first = fault_errno == ENOSPC && !was_short && size > 1;
    was_short = first;
    return first ? size / 2 : 0;
  }

  void note(DiskCall call, std::string_view path, std::uint64_t inode, std::uint64_t offset,
            std::string_view bytes) const {
    if (log < 0) {
      return;
    }
    const DiskRecord head{call, static_cast<std::uint32_t>(path.size()), inode, offset,
                          bytes.size()};
    std::string record(reinterpret_cast<const char*>(&head), sizeof head);
    record.append(path).append(bytes);
    if (really_write(log, record.data(), record.size()) != static_cast<ssize_t>(record.size())) {
      std::abort();  // half a log would prove nothing
    }
  }
};

Shim& shim() {
  static Shim* const one = new Shim;
  return *one;
}

std::uint64_t inode_of(int fd) {
  struct stat st {};
  return ::fstat(fd, &st) == 0 ? st.st_ino : 0;
}

// What the log has where a call succeeded; errno is the call's.
template <typename Result>
Result noted(Result result, DiskCall call, std::string_view path, std::uint64_t inode,
             std::uint64_t offset, std::string_view bytes) {
  const int error = errno;
  if (result >= 0) {
    shim().note(call, path, inode, offset, bytes);
  }
  errno = error;
  return result;
}

int open_file(int directory, const char* path, int flags, mode_t mode) {
  static auto* const real = next<int(int, const char*, int, ...)>("openat");
  const bool watched = shim().watches(path);
  const Lock lock;
  const bool there = ::access(path, F_OK) == 0;
  if (watched && shim().fails("open", path)) {
    return -1;
  }
  const int fd = real(directory, path, flags, mode);
  if (!watched || fd < 0 || fd >= kMostDescriptors) {
    return fd;
  }
  shim().paths[static_cast<std::size_t>(fd)] = path;
  const int made = noted(fd, there ? DiskCall::open : DiskCall::create, path, inode_of(fd), 0, {});
  return (flags & O_TRUNC) != 0 && there
             ? noted(made, DiskCall::truncate, path, inode_of(fd), 0, {})
             : made;
}

mode_t mode_of(int flags, va_list arguments) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? static_cast<mode_t>(va_arg(arguments, int)) : 0;
}

std::uint64_t end_of(int fd) {
  struct stat st {};
  return ::fstat(fd, &st) == 0 ? static_cast<std::uint64_t>(st.st_size) : 0;
}

std::string locked_path_of(int fd) {
  const Lock lock;
  return shim().path_of(fd);
}

// `offset` -1: where the descriptor stands.
ssize_t write_file(int fd, const void* bytes, std::size_t size, off64_t offset) {
  static auto* const real = next<ssize_t(int, const void*, std::size_t, off64_t)>("pwrite64");
  const std::string path = locked_path_of(fd);
  if (path.empty()) {  // without the lock: a pipe may make us wait
    return offset < 0 ? really_write(fd, bytes, size) : real(fd, bytes, size, offset);
  }
  const Lock lock;
  if (shim().fails("write", path)) {
    const std::size_t part = shim().fitting_part(size);
    if (part == 0) {
      errno = shim().fault_errno;
      return -1;
    }
    size = part;
  }
  const bool appends = (::fcntl(fd, F_GETFL) & O_APPEND) != 0;
  const std::uint64_t place = appends      ? end_of(fd)
                              : offset < 0 ? static_cast<std::uint64_t>(::lseek(fd, 0, SEEK_CUR))
                                           : static_cast<std::uint64_t>(offset);
  const ssize_t written =
      offset < 0 ? really_write(fd, bytes, size) : real(fd, bytes, size, offset);
  return noted(
      written, DiskCall::write, path, inode_of(fd), place,
      {static_cast<const char*>(bytes), written > 0 ? static_cast<std::size_t>(written) : 0});
}

template <typename Call>
int truncate_file(int fd, off64_t size, Call call) {
  const Lock lock;
  const std::string path = shim().path_of(fd);
  if (!path.empty() && shim().fails("truncate", path)) {
    return -1;
  }
  const int result = call();
  return path.empty() ? result
                      : noted(result, DiskCall::truncate, path, inode_of(fd),
                              static_cast<std::uint64_t>(size), {});
}

int sync_file(int fd, const char* name) {
  const Lock lock;
  const std::string path = shim().path_of(fd);
  if (!path.empty() && shim().fails("sync", path)) {
    return noted(0, DiskCall::failed_sync, path, inode_of(fd), 0, {}) - 1;
  }
  const int result = next<int(int)>(name)(fd);
  return path.empty() ? result : noted(result, DiskCall::sync, path, inode_of(fd), 0, {});
}

void tell(std::string_view bytes) {
  if (bytes.find("\"seq\":") != std::string_view::npos) {
    shim().note(DiskCall::told, {}, 0, 0, bytes);
  }
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_file(AT_FDCWD, path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_file(AT_FDCWD, path, flags, mode);
}

int close(int fd) {
  const Lock lock;
  if (fd >= 0 && fd < kMostDescriptors) {
    shim().paths[static_cast<std::size_t>(fd)].clear();
  }
  return next<int(int)>("close")(fd);
}

ssize_t write(int fd, const void* bytes, size_t size) { return write_file(fd, bytes, size, -1); }
ssize_t pwrite(int fd, const void* bytes, size_t size, off_t offset) {
  return write_file(fd, bytes, size, offset);
}
ssize_t pwrite64(int fd, const void* bytes, size_t size, off64_t offset) {
  return write_file(fd, bytes, size, offset);
}

int ftruncate(int fd, off_t size) noexcept {
  return truncate_file(fd, size, [&] { return next<int(int, off_t)>("ftruncate")(fd, size); });
}
int ftruncate64(int fd, off64_t size) noexcept {
  return truncate_file(fd, size, [&] { return next<int(int, off64_t)>("ftruncate64")(fd, size); });
}

int fsync(int fd) { return sync_file(fd, "fsync"); }
int fdatasync(int fd) { return sync_file(fd, "fdatasync"); }

int rename(const char* from, const char* to) noexcept {
  const Lock lock;
  const bool watched = shim().watches(from) || shim().watches(to);
  if (watched && shim().fails("rename", from)) {
    return -1;
  }
  const int result = next<int(const char*, const char*)>("rename")(from, to);
  return watched ? noted(result, DiskCall::rename, from, 0, 0, to) : result;
}

int unlink(const char* path) noexcept {
  const Lock lock;
  const bool watched = shim().watches(path);
  if (watched && shim().fails("unlink", path)) {
    return -1;
  }
  const int result = next<int(const char*)>("unlink")(path);
  return watched ? noted(result, DiskCall::unlink, path, 0, 0, {}) : result;
}

int mkdir(const char* path, mode_t mode) noexcept {
  const Lock lock;
  const bool watched = shim().watches(path);
  if (watched && shim().fails("mkdir", path)) {
    return -1;
  }
  const int result = next<int(const char*, mode_t)>("mkdir")(path, mode);
  return watched ? noted(result, DiskCall::mkdir, path, 0, 0, {}) : result;
}

ssize_t send(int fd, const void* bytes, size_t size, int flags) {
  static auto* const real = next<ssize_t(int, const void*, size_t, int)>("send");
  {
    const Lock lock;
    tell({static_cast<const char*>(bytes), size});
  }
  return real(fd, bytes, size, flags);
}

ssize_t sendmsg(int fd, const msghdr* message, int flags) {
  static auto* const real = next<ssize_t(int, const msghdr*, int)>("sendmsg");
  {
    const Lock lock;
    for (std::size_t i = 0; i < message->msg_iovlen; ++i) {
      const iovec& part = message->msg_iov[i];
      tell({static_cast<const char*>(part.iov_base), part.iov_len});
    }
  }
  return real(fd, message, flags);
}

}  // extern "C"
