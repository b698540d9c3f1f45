// A full disk: never a 200 for what is not on it, and no restart needed once there is room again.
// The disk is a small tmpfs that only the receiver's mount namespace has; where the system doesn't
// allow that, the test says so and is skipped.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <set>

#include "tests/support/bodies.h"
#include "tests/support/json.h"
#include "tests/support/pipeline.h"

namespace monitor::tests {
namespace {

// Runs `command` with a tmpfs of 4 MiB mounted on `disk`.
Arguments on_small_disk(const std::string& disk, const std::string& command) {
  return {"--mount",
          "--user",
          "--map-root-user",
          "sh",
          "-c",
          fmt::format("mount -t tmpfs -o size=4m small '{}' && exec {}", disk, command)};
}

bool can_mount(Pipeline& pipeline, const std::string& disk) {
  auto attempt = pipeline.launch("unshare", on_small_disk(disk, "true"));
  const bool possible = attempt->wait() == 0;
  if (!possible) {
    BOOST_TEST_MESSAGE("skipped, this system lets nobody mount a small disk: " +
                       attempt->text(Stream::err));
    std::fprintf(stderr, "disk_full: SKIPPED: this system lets nobody mount a small disk\n");
  }
  return possible;
}

BOOST_AUTO_TEST_SUITE(DiskFull)

BOOST_AUTO_TEST_CASE(a_full_disk_is_503_and_it_goes_on_by_itself_when_there_is_room_again) {
  Pipeline pipeline;
  const std::string disk = pipeline.path("disk");
  std::filesystem::create_directory(disk);
  if (!can_mount(pipeline, disk)) {
    return;
  }
  auto receiver = pipeline.launch(
      "unshare", on_small_disk(disk, fmt::format("'{}/status-receiver' --port 0 --state '{}/state'",
                                                 programs_directory(), disk)));
  const std::string base = fmt::format("http://127.0.0.1:{}", wait_for_port(*receiver));
  const std::string url = base + "/webhook/statuspage";
  std::set<std::string> accepted;
  int count = 0;
  const auto post = [&] {
    const std::string id = fmt::format("n{}", ++count);
    const HttpAnswer answer = pipeline.client.post(url, incident_body(id, "m", 20'000));
    if (answer.status == 200) {
      accepted.insert(id);
    }
    return answer;
  };
  BOOST_TEST(post().status == 200);

  // The disk of its namespace, seen from outside.
  const std::string filler = fmt::format("/proc/{}/root{}/filler", receiver->pid(), disk);
  {
    std::FILE* const file = std::fopen(filler.c_str(), "w");
    BOOST_REQUIRE(file != nullptr);
    const std::string block(4096, 'x');
    while (std::fwrite(block.data(), 1, block.size(), file) == block.size() &&
           std::fflush(file) == 0) {
    }
    std::fclose(file);
  }

  // SQLite may still have room in what its files hold already.
  HttpAnswer refused;
  BOOST_REQUIRE(ask_until([&] { return (refused = post()).status != 200; }));
  BOOST_TEST(refused.status == 503);
  BOOST_TEST(refused.headers.count("retry-after") == 1);
  BOOST_TEST(post().status == 503);
  const HttpAnswer health = pipeline.client.get(base + "/health");
  BOOST_TEST(health.status == 503);
  BOOST_TEST(Json(health.body)["status"].text() != "running");

  std::filesystem::remove(filler);
  BOOST_TEST(ask_until([&] { return post().status == 200; }));
  BOOST_TEST(pipeline.client.get(base + "/health").status == 200);

  auto formatter = pipeline.start("status-formatter", {"--from", "start", "--format", "json"});
  const auto lines = formatter->wait_for_lines(Stream::out, accepted.size());
  std::int64_t seq = 0;
  for (const std::string& line : lines) {
    BOOST_TEST(accepted.erase(std::string(Json(line)["incident_id"].text())) == 1);
    BOOST_TEST(Json(line)["seq"].integer().value_or(0) == ++seq);
  }
  BOOST_TEST(accepted.empty());
  BOOST_TEST(receiver->terminate() == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::tests
