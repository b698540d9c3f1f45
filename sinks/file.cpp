// status-sink-file: appends each update to a file, one line of JSON. A line stands there whole or
// not at all; the cursor moves when it is on the disk. It rotates the file itself if told to
// (sinks/delivery/rotation.h), when a line comes that makes it too large or finds it too old; HUP
// reopens the file, so logrotate may rename it instead. A full disk is waited for. After a crash
// the updates since the last sync come again.
#include <optional>
#include <utility>

#include "lib/system/error.h"
#include "lib/system/log.h"
#include "sinks/delivery/line_file.h"
#include "sinks/delivery/program.h"
#include "sinks/delivery/rotation.h"

using namespace monitor;
using namespace monitor::delivery;

namespace {

class FileSink : public Sink {
 public:
  FileSink(const std::string& path, const RotationRules& rules) : file_(path), rules_(rules) {
    began_ = file_.made_at();
    if (rules_.any()) {
      rotation_.emplace(path, rules_);
    }
  }

  Outcome deliver(const Delivery& delivery) override {
    rotate_when_due(delivery.json.size() + 1);
    const auto trouble = file_.append(delivery.json);
    return trouble ? Outcome::retry(*trouble) : Outcome::delivered();
  }
  void settle() override { file_.sync(); }
  void reopen() override {
    file_.reopen();
    began_ = file_.made_at();
  }
  // A sync takes milliseconds, a hundred lines microseconds.
  std::size_t group() const override { return kUnsyncedLines; }

 private:
  void rotate_when_due(std::size_t line) {
    if (!rotation_) {
      return;
    }
    const system::Time now = system::now();
    const std::uint64_t size = file_.size();
    if (size == 0) {
      began_ = now;
    }
    if (!is_rotation_due(rules_, size, line, began_, now)) {
      return;
    }
    // settle() will only see the new file.
    file_.sync();
    if (const auto trouble = rotation_->rotate(now)) {
      tell(*trouble);  // too large a file is better than none
      return;
    }
    told_.clear();
    file_.reopen();
    began_ = now;
  }
  void tell(const std::string& trouble) {
    if (std::exchange(told_, trouble) != trouble) {
      system::log_warning(trouble);
    }
  }

  LineFile file_;
  RotationRules rules_;
  std::optional<Rotation> rotation_;
  system::Time began_;
  std::string told_;
};

// --dry-run: what would be appended.
class ShownFile : public Sink {
 public:
  explicit ShownFile(const Tools& tools) : tools_(tools) {}
  Outcome deliver(const Delivery& delivery) override {
    tools_.show(delivery.json);
    return Outcome::delivered();
  }

 private:
  const Tools& tools_;
};

void check(const std::string& path, const RotationRules& rules) {
  if (path.empty()) {
    throw system::UsageError("cannot append to a file: --path FILE is missing");
  }
  if ((rules.keep > 0 || rules.compress) && !rules.any()) {
    throw system::UsageError(
        "cannot use --keep and --compress without --rotate-size or --rotate-age");
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::string path;
  RotationRules rules;
  const auto add = [&](system::Options& options) {
    options.text("--path", path, "FILE", "The file to append to; its directory must exist");
    options.size("--rotate-size", rules.size,
                 "Go on with a new file before this one gets larger; 0: never");
    options.duration("--rotate-age", rules.age,
                     "Go on with a new file when this one is so old and a line comes; 0: never");
    options.number("--keep", rules.keep, 0, 1'000'000, "Rotated files to keep; 0: all");
    options.toggle("--compress", rules.compress, "Pack rotated files (gzip)");
  };
  return run(argc, argv,
             {.name = "status-sink-file",
              .summary = "Appends status updates to a file, one JSON a line.",
              .options = add,
              .make = [&](Tools& tools) -> std::unique_ptr<Sink> {
                check(path, rules);
                if (tools.dry_run) {
                  return std::make_unique<ShownFile>(tools);
                }
                return std::make_unique<FileSink>(path, rules);
              }});
}
