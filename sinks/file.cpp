// status-sink-file: appends each update to a file, one line of JSON. A line stands there whole or
// not at all; the cursor moves when it is on the disk. HUP reopens the file, so logrotate may
// rename it. A full disk is waited for. After a crash the updates since the last sync come again.
#include "lib/system/error.h"
#include "lib/system/options.h"
#include "lib/system/signals.h"
#include "sinks/delivery/line_file.h"
#include "sinks/delivery/run.h"

using namespace monitor;

namespace {

class FileSink : public delivery::Sink {
 public:
  explicit FileSink(const std::string& path) : file_(path) {}

  delivery::Outcome deliver(const delivery::Delivery& delivery) override {
    const auto trouble = file_.append(delivery.json);
    return trouble ? delivery::Outcome::retry(*trouble) : delivery::Outcome::delivered();
  }
  void settle() override { file_.sync(); }
  void reopen() override { file_.reopen(); }
  // A sync takes milliseconds, a hundred lines microseconds.
  std::size_t group() const override { return 100; }

 private:
  delivery::LineFile file_;
};

}  // namespace

int main(int argc, char** argv) {
  try {
    system::Options options("status-sink-file",
                            "Appends status updates to a file, one JSON a line.");
    delivery::Settings settings("status-sink-file");
    std::string path;
    options.text("--path", path, "FILE", "The file to append to; its directory must exist");
    if (!delivery::parse(argc, argv, options, settings)) {
      return system::kExitOk;
    }
    if (path.empty()) {
      throw system::UsageError("cannot append to a file: --path FILE is missing");
    }
    const system::Signals signals;
    delivery::Orders orders(signals);
    FileSink sink(path);
    return delivery::run(settings, sink, orders);
  } catch (const std::exception& error) {
    return system::report_fatal(error);
  }
}
