// Whether the store does what store/api/openapi.json says: see tests/support/check_openapi.py. What
// it is asked about are the bodies of all senders in tests/data and a few that nobody means well
// with.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "lib/storage/database.h"
#include "tests/support/bodies.h"
#include "tests/support/json.h"
#include "tests/support/pipeline.h"

namespace monitor::tests {
namespace {

constexpr const char* kToken = "s3cret-s3cret-s3cret";

// A name, a component and an update with what ends JSON, XML, lines and URLs when it is not
// escaped.
constexpr std::string_view kHostileBody =
    R"({"page":{"id":"tstpage00001","name":"Test Page"},"incident":{"id":"a/b?c=d&e#f %41\"<'","name":"</x>\u0007\u202e\"'& ☃",)"
    R"("status":"identified","impact":"critical","shortlink":"https://status.test.example/\"><b>","created_at":"2026-02-20T14:00:00Z",)"
    R"("updated_at":"2026-02-20T14:10:00Z","components":[{"id":"<c1>","name":"\\,;\n","status":"major_outage"}],)"
    R"("incident_updates":[{"id":"u1","status":"identified","body":"]]> \ud83d\ude00 \u0000 &lt;","created_at":"2026-02-20T14:10:00Z"}]}})";

// Larger than the sample that is kept of it.
std::string unreadable_body() {
  return R"({"nobody":"knows","x":")" + std::string(20'000, 'x') + "\"}";
}

std::vector<std::string> bodies_of_every_sender() {
  std::vector<std::filesystem::path> files;
  for (const auto& file :
       std::filesystem::recursive_directory_iterator(source_root() / "tests/data")) {
    if (file.path().extension() == ".json") {
      files.push_back(file.path());
    }
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> bodies;
  for (const auto& file : files) {
    std::string body = read_file(file);
    // An envelope of Amazon SNS is not taken unsigned.
    if (body.find("\"TopicArn\"") == std::string::npos) {
      bodies.push_back(std::move(body));
    }
  }
  return bodies;
}

// Every table that can go goes: whatever is asked of the database then fails.
void break_database(const std::string& path) {
  auto database = storage::Database::open(path, storage::Database::Mode::read_write);
  std::vector<std::string> tables;
  auto select = database.prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
  while (select.step()) {
    tables.emplace_back(select.text(0));
  }
  for (const std::string& table : tables) {
    try {
      database.execute(("DROP TABLE \"" + table + '"').c_str());
    } catch (const storage::Error&) {
      // Part of a virtual table, with which it goes or went.
    }
  }
}

struct Store {
  Store(Pipeline& pipeline, const std::string& name, Arguments arguments = {})
      : state(pipeline.path(name)) {
    arguments.insert(arguments.end(), {"--port", "0", "--state", state});
    process = pipeline.launch("status-store", std::move(arguments));
    url = "http://127.0.0.1:" + std::to_string(wait_for_port(*process));
  }

  std::string state;
  std::unique_ptr<Process> process;
  std::string url;
};

struct World {
  World() {
    pipeline.receiver = pipeline.start_receiver();
    write_file(pipeline.path("token"), std::string(kToken) + '\n');
    std::filesystem::permissions(pipeline.path("token"), std::filesystem::perms::owner_read);
  }

  void post(const std::string& body) {
    const HttpAnswer answer = pipeline.client.post(pipeline.receiver_url("/webhook/auto"), body);
    BOOST_REQUIRE(answer.status == 200);
    last = Json(answer.body)["seq"].integer().value();
  }
  void post_everything() {
    for (const std::string& body : bodies_of_every_sender()) {
      post(body);
    }
    post(std::string(kHostileBody));
    post(unreadable_body());
    post(incident_body("plain", "An incident to look at"));
  }
  // All that was posted.
  bool has_caught_up(const Store& store) {
    return ask_until([&] {
      const HttpAnswer health = pipeline.client.get(
          store.url + "/health", {std::string("Authorization: Bearer ") + kToken});
      return health.body.find(':' + std::to_string(last) + '}') != std::string::npos;
    });
  }

  Pipeline pipeline;
  std::int64_t last = 0;
};

BOOST_AUTO_TEST_SUITE(OpenApi)

BOOST_AUTO_TEST_CASE(the_store_does_what_its_description_says_and_nothing_else) {
  World world;
  world.post_everything();
  const Store open(world.pipeline, "open");
  const Store locked(world.pipeline, "locked", {"--token-file", world.pipeline.path("token")});
  const Store broken(world.pipeline, "broken");
  for (const Store* store : {&open, &locked, &broken}) {
    BOOST_REQUIRE(world.has_caught_up(*store));
  }
  break_database(broken.state + "/store.db");
  Process check({.program = "/usr/bin/python3",
                 .arguments = {"-B", source_root() / "tests/support/check_openapi.py",
                               source_root() / "store/api/openapi.json", open.url, locked.url,
                               kToken, broken.url}});
  // Some thousand questions, of three programs that a sanitizer may have slowed down.
  const int exit_code = check.wait(Deadline(std::chrono::minutes(5)));
  BOOST_TEST(exit_code == 0, check.text(Stream::out) + check.text(Stream::err));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::tests
