// A receiver and a store that follows it, and what tests of the store ask of them.
#pragma once

#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "tests/support/json.h"
#include "tests/support/pipeline.h"

namespace monitor::tests {

struct StoreWorld {
  StoreWorld() {
    pipeline.receiver = pipeline.start_receiver();
    pipeline.store = pipeline.start_store();
  }

  Json get(const std::string& path) {
    return Json(pipeline.client.get(pipeline.store_url(path)).body);
  }
  void post(std::string_view body) { BOOST_TEST(pipeline.post(body).status == 200); }
  bool has_updates(std::int64_t count) { return tells("total_updates", count); }
  bool has_unread(std::int64_t count) { return tells("unrecognised", count); }
  std::string database() const {
    return pipeline.path("state/status-monitor/status-store/store.db");
  }

  Pipeline pipeline;

 private:
  bool tells(std::string_view figure, std::int64_t count) {
    return ask_until([&] { return get("/health")[figure].integer() == count; });
  }
};

}  // namespace monitor::tests
