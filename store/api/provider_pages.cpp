#include "store/api/provider_pages.h"

#include "store/api/render.h"

namespace monitor::store {

ProviderPage ProviderPages::page(Reader& reader, const ProviderQuery& query, system::Time now) {
  forget_changed(reader);
  ProviderPage page{.json = R"({"providers":[)", .next = {}};
  int shown = 0;
  std::string last;
  for (auto at = entries_.upper_bound(query.after); at != entries_.end(); ++at) {
    const Entry& one = entry(reader, at->first, at->second, now);
    if (!query.status.empty() && one.status != query.status) {
      continue;
    }
    if (shown == query.limit) {
      page.next = to_cursor(std::string_view(last));
      break;
    }
    page.json += (shown++ == 0 ? "" : ",") + one.json;
    last = at->first;
  }
  page.json += page.next.empty() ? R"(],"next":null})" : R"(],"next":")" + page.next + R"("})";
  return page;
}

void ProviderPages::forget_changed(Reader& reader) {
  for (const std::string& slug : reader.changed_providers(revision_)) {
    entries_[slug].json.clear();
  }
}

const ProviderPages::Entry& ProviderPages::entry(Reader& reader, const std::string& slug,
                                                 Entry& entry, system::Time now) {
  const std::int64_t day = std::chrono::floor<std::chrono::days>(now).time_since_epoch().count();
  if (entry.json.empty() || entry.day != day) {
    const auto view = reader.provider(slug, now);
    entry = view ? Entry{to_json(*view, kComponentsInList), view->status, day} : Entry{};
  }
  return entry;
}

}  // namespace monitor::store
