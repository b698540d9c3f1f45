// status-sink-file: appends each update to a file, one line of JSON. A line stands there whole or
// not at all; the cursor moves when it is on the disk. HUP reopens the file, so logrotate may
// rename it. A full disk is waited for. After a crash the updates since the last sync come again.
#include "lib/system/error.h"
#include "sinks/delivery/line_file.h"
#include "sinks/delivery/program.h"

using namespace monitor;
using namespace monitor::delivery;

namespace {

class FileSink : public Sink {
 public:
  explicit FileSink(const std::string& path) : file_(path) {}

  Outcome deliver(const Delivery& delivery) override {
    const auto trouble = file_.append(delivery.json);
    return trouble ? Outcome::retry(*trouble) : Outcome::delivered();
  }
  void settle() override { file_.sync(); }
  void reopen() override { file_.reopen(); }
  // A sync takes milliseconds, a hundred lines microseconds.
  std::size_t group() const override { return 100; }

 private:
  LineFile file_;
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

}  // namespace

int main(int argc, char** argv) {
  std::string path;
  return run(argc, argv,
             {.name = "status-sink-file",
              .summary = "Appends status updates to a file, one JSON a line.",
              .options =
                  [&](system::Options& options) {
                    options.text("--path", path, "FILE",
                                 "The file to append to; its directory must exist");
                  },
              .make = [&](Tools& tools) -> std::unique_ptr<Sink> {
                if (path.empty()) {
                  throw system::UsageError("cannot append to a file: --path FILE is missing");
                }
                if (tools.dry_run) {
                  return std::make_unique<ShownFile>(tools);
                }
                return std::make_unique<FileSink>(path);
              }});
}
