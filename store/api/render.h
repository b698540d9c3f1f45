// The store's answers as JSON. Pure functions.
#pragma once

#include <optional>
#include <string>

#include "store/condition.h"
#include "store/reader/figures.h"
#include "store/reader/records.h"
#include "store/reader/unrecognised_list.h"

namespace monitor::store {

// `name`: of the list, "incidents" or "maintenances".
std::string to_json(const IncidentPage& page, std::string_view name = "incidents");
std::string to_json(const IncidentDetail& detail);
// Components in a list of providers; all are in one provider's own answer.
inline constexpr std::size_t kComponentsInList = 20;
std::string to_json(const ProviderView& view, std::size_t most_components);
std::string to_json(const UnrecognisedPage& page);

// Nothing for `figures`: the database can't be read, for the reason in `condition.trouble`.
std::string health_json(const std::optional<Figures>& figures, const Condition& condition,
                        system::Time now);

}  // namespace monitor::store
