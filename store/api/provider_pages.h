// GET /providers: what each provider looks like, as JSON that is made when it is asked for and kept
// until the provider changes or its day is over. 400 of them are a MiB, and dashboards ask often.
// Used by the Api, on the HTTP server's thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "lib/system/clock.h"
#include "store/reader/query.h"
#include "store/reader/reader.h"

namespace monitor::store {

struct ProviderPage {
  std::string json;  // the whole answer
  std::string next;  // empty on the last page
};

class ProviderPages {
 public:
  ProviderPage page(Reader& reader, const ProviderQuery& query, system::Time now);

 private:
  struct Entry {
    std::string json;  // empty: to be made
    std::string status;
    std::int64_t day = 0;
  };

  void forget_changed(Reader& reader);
  const Entry& entry(Reader& reader, const std::string& slug, Entry& entry, system::Time now);

  std::int64_t revision_ = -1;
  std::map<std::string, Entry> entries_;  // by slug
};

}  // namespace monitor::store
