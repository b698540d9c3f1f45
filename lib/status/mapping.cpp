#include "lib/status/mapping.h"

#include "lib/json/writer.h"

namespace monitor::status {

std::string to_json(const Mapping& mapping) {
  json::Writer out;
  out.begin_object();
  for (const auto& [name, member] : kMappingPointers) {
    if ((mapping.*member).empty()) {
      continue;
    }
    out.key(name).begin_array();
    for (const std::string& pointer : mapping.*member) {
      out.value(pointer);
    }
    out.end_array();
  }
  for (const auto& [name, member] : kMappingWords) {
    if ((mapping.*member).empty()) {
      continue;
    }
    out.key(name).begin_object();
    for (const auto& [theirs, ours] : mapping.*member) {
      out.member(theirs, ours);
    }
    out.end_object();
  }
  return out.end_object().take();
}

Mapping mapping_from_json(std::string_view json) {
  const auto document = json::Document::parse(json);
  return document ? mapping_from_json(document->root()) : Mapping();
}

Mapping mapping_from_json(json::View root) {
  Mapping mapping;
  for (const auto& [name, member] : kMappingPointers) {
    for (std::size_t i = 0; i < root[name].size(); ++i) {
      (mapping.*member).emplace_back(root[name].at(i).text());
    }
  }
  for (const auto& [name, member] : kMappingWords) {
    const json::View words = root[name];
    for (std::size_t i = 0; i < words.size(); ++i) {
      (mapping.*member).emplace_back(words.key_at(i), words.member_at(i).text());
    }
  }
  return mapping;
}

}  // namespace monitor::status
