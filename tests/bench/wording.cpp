#include "tests/bench/wording.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace monitor::bench {
namespace {

constexpr const char* kFirst[] = {"Amber",   "Birch",  "Cobalt", "Delta",   "Ember",   "Falcon",
                                  "Granite", "Harbor", "Indigo", "Juniper", "Kestrel", "Lantern",
                                  "Maple",   "Nimbus", "Onyx",   "Pebble",  "Quartz",  "Raven",
                                  "Sable",   "Tundra", "Umber",  "Velvet",  "Willow",  "Xenon",
                                  "Yarrow",  "Zephyr", "Copper", "Drift",   "Fjord",   "Glacier"};
constexpr const char* kSecond[] = {
    "Pay",   "Mail",    "Queue",  "Cloud",   "Metrics", "Vault", "Search",  "Forms",  "Chat",
    "Build", "Deploy",  "Desk",   "Billing", "Maps",    "Video", "Storage", "Auth",   "Logs",
    "DNS",   "Hosting", "Ledger", "Notify",  "Sync",    "Voice", "Docs",    "Tickets"};
constexpr const char* kParts[] = {"API",
                                  "Dashboard",
                                  "Webhooks",
                                  "Login",
                                  "Search",
                                  "Billing",
                                  "Notifications",
                                  "File uploads",
                                  "CDN",
                                  "Database clusters",
                                  "Git operations",
                                  "Email delivery",
                                  "Mobile app",
                                  "Reporting",
                                  "Data pipeline",
                                  "Message queue",
                                  "Single sign-on",
                                  "Object storage",
                                  "DNS resolution",
                                  "Support portal",
                                  "Build workers",
                                  "Log ingestion",
                                  "Metrics queries",
                                  "Card payments",
                                  "Voice calls",
                                  "SMS delivery",
                                  "Exports",
                                  "Package registry",
                                  "Realtime events",
                                  "Documentation"};
constexpr const char* kRegions[] = {"US East",   "US West", "Europe",        "Frankfurt",
                                    "Singapore", "Tokyo",   "South America", "Australia",
                                    "India",     "Canada",  "London",        "Global"};
constexpr const char* kSymptoms[] = {"elevated error rates",
                                     "increased latency",
                                     "timeouts",
                                     "delayed processing",
                                     "failed requests",
                                     "intermittent 502 errors",
                                     "missing data",
                                     "slow page loads",
                                     "connection resets",
                                     "authentication failures",
                                     "degraded throughput",
                                     "stale results"};
constexpr const char* kCauses[] = {
    "a recent deployment",       "an expired certificate",    "a failing storage node",
    "a network provider",        "a misconfigured firewall",  "an overloaded primary database",
    "a memory leak in a proxy",  "a full disk on a broker",   "an unusually large import",
    "a regression in the cache", "a power event in one zone", "a rate limit of an upstream vendor"};
constexpr const char* kRemedies[] = {"rolled back the change",
                                     "failed over to a replica",
                                     "added capacity",
                                     "restarted the affected hosts",
                                     "rerouted traffic",
                                     "replaced the certificate",
                                     "drained the backlog",
                                     "disabled the faulty feature",
                                     "raised the connection limit"};
constexpr const char* kWorks[] = {"Database upgrade",     "Network maintenance", "Kernel updates",
                                  "Storage migration",    "Failover exercise",   "Version upgrade",
                                  "Certificate rotation", "Capacity expansion"};
constexpr const char* kAsides[] = {
    "No data has been lost.",
    "Customers in other regions are not affected.",
    "Requests that failed can safely be retried.",
    "Our engineers are working with the vendor on a permanent fix.",
    "We apologize for the inconvenience and thank you for your patience.",
    "A workaround is to retry with exponential backoff.",
    "Queued jobs will be processed in the order they arrived.",
    "The next update follows within 30 minutes or as soon as we know more."};

std::string investigating(Random& random, const std::string& component) {
  return fmt::format(
      "We are investigating reports of {} affecting {} since {:02}:{:02} UTC. About {}% of "
      "requests are affected.",
      random.pick(kSymptoms), component, random.between(0, 23), random.between(0, 59),
      random.between(1, 60));
}

std::string identified(Random& random, const std::string& component) {
  return fmt::format(
      "The cause of the {} on {} has been identified as {}. A fix is being implemented.",
      random.pick(kSymptoms), component, random.pick(kCauses));
}

std::string monitoring(Random& random, const std::string& component) {
  return fmt::format(
      "We have {} and see {} recovering. Error rates are down to {}% and we keep monitoring.",
      random.pick(kRemedies), component, random.between(0, 9));
}

std::string over(Random& random, const std::string& component) {
  return fmt::format(
      "This incident has been resolved. {} was impaired by {} for {} minutes; we have {}.",
      component, random.pick(kCauses), random.between(5, 400), random.pick(kRemedies));
}

std::string planned(Random& random, const std::string& component) {
  return fmt::format(
      "We will carry out work on {}. Expect up to {} minutes of {} during the window.", component,
      random.between(2, 90), random.pick(kSymptoms));
}

std::string under_way(Random& random, const std::string& component) {
  return fmt::format("The work on {} is in progress, {}% of the hosts are done. You may notice {}.",
                     component, random.between(0, 100), random.pick(kSymptoms));
}

std::string fact(Random& random, status::State state, const std::string& component) {
  switch (state) {
    case status::State::investigating:
      return investigating(random, component);
    case status::State::identified:
      return identified(random, component);
    case status::State::monitoring:
      return monitoring(random, component);
    case status::State::scheduled:
      return planned(random, component);
    case status::State::in_progress:
    case status::State::verifying:
      return under_way(random, component);
    case status::State::completed:
      return fmt::format("The scheduled maintenance of {} has been completed.", component);
    default:
      return over(random, component);
  }
}

}  // namespace

std::string provider_name(std::size_t index) {
  constexpr std::size_t kFirsts = std::size(kFirst);
  constexpr std::size_t kPairs = kFirsts * std::size(kSecond);
  const std::size_t round = index / kFirsts;
  const std::string name =
      fmt::format("{} {}", kFirst[index % kFirsts], kSecond[(index + round) % std::size(kSecond)]);
  return index < kPairs ? name : fmt::format("{} {}", name, index / kPairs + 1);
}

std::vector<std::string> component_names(Random& random, std::size_t count) {
  std::vector<std::string> names;
  while (names.size() < count) {
    const std::string part = random.pick(kParts);
    const std::string region = random.pick(kRegions);
    std::string name = random.chance(50) ? part : fmt::format("{} ({})", part, region);
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      names.push_back(std::move(name));
    }
  }
  return names;
}

std::string incident_title(Random& random, const std::string& component) {
  std::string symptom = random.pick(kSymptoms);
  symptom[0] = static_cast<char>(symptom[0] - 'a' + 'A');
  return random.chance(50) ? fmt::format("{} on {}", symptom, component)
                           : fmt::format("{}: {}", component, random.pick(kSymptoms));
}

std::string maintenance_title(Random& random, const std::string& component) {
  return fmt::format("{} of {} in {}", random.pick(kWorks), component, random.pick(kRegions));
}

std::string sentence(Random& random, status::State state, const std::string& component) {
  std::string text = fact(random, state, component);
  for (int asides = static_cast<int>(random.between(0, 2)); asides > 0; --asides) {
    text += ' ';
    text += random.pick(kAsides);
  }
  return text;
}

}  // namespace monitor::bench
