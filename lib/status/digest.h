// A short stand-in for several texts: what an update is recognised by, and the id of an incident
// whose sender gave none. Pure; the same on every machine and in every release, because it is
// stored.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace monitor::status {

// 32 hexadecimal digits. Fields are told apart: ("ab", "c") and ("a", "bc") differ.
std::string digest(std::initializer_list<std::string_view> fields);

}  // namespace monitor::status
