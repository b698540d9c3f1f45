#include "store/store.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "lib/system/error.h"
#include "lib/system/log.h"
#include "lib/system/service.h"
#include "store/archive/schema.h"
#include "store/generations.h"

namespace monitor::store {
namespace {

using namespace std::chrono_literals;

// Idle connections and slow requests are looked at, and the operator told, this often.
constexpr auto kBeat = 1s;

// What proxies take for a dead connection lasts 30 s and more; who is gone is noticed by it.
constexpr auto kSignOfLife = 15s;

// Answers under way at TERM get so long; each takes milliseconds.
constexpr auto kClosing = 2s;
constexpr auto kClosingStep = 20ms;

http::TokenCheck tokens_of(const Settings& settings) {
  return settings.token_file.empty() ? http::TokenCheck()
                                     : http::TokenCheck::from_file(settings.token_file);
}

// Requests have no body worth the name.
http::ServerSettings listen_on(const Settings& settings) {
  return {.host = settings.host,
          .port = settings.port,
          .inherited = settings.socket,
          .certificate = http::ServerCertificate::read(settings.tls),
          .max_body = 64 << 10};
}

std::string status_of(const Condition& condition) {
  if (!condition.trouble.empty()) {
    return condition.trouble;
  }
  if (!condition.closed.empty()) {
    return condition.closed;
  }
  return condition.feed == Feed::following && condition.lag
             ? fmt::format("following the feed, {} events behind", *condition.lag)
             : "waiting for the feed";
}

}  // namespace

Store::Store(const Settings& settings, const system::Signals& signals)
    : signals_(signals),
      settings_(settings),
      database_path_(fmt::format("{}/{}", settings.state, kDatabaseName)),
      claim_(system::claim_directory(settings.state)),
      watch_(settings.state),
      api_(database_path_, tokens_of(settings), condition_,
           http::CrossOrigin(settings.cors_origins)),
      server_(listen_on(settings)),
      wake_{{{signals.fd(), POLLIN, 0}, {watch_.fd(), POLLIN, 0}}} {
  open([&] { adopt_rebuilt(settings.state); });
  api_.watch(server_);
  server_.start(api_);
}

// `prepare` brings the file there, while nothing of the one before is open and requests wait.
void Store::open(const std::function<void()>& prepare) {
  try {
    api_.open([&] {
      following_.reset();
      prepare();
      following_.emplace(database_path_, settings_.sources, condition_.measures());
    });
    unusable_.clear();
  } catch (const Unusable& error) {
    give_up_database(error.what());
  }
  publish_condition();
}

// Not a byte of it is shown any more: what a damaged file answers may be wrong.
void Store::give_up_database(const std::string& reason) {
  end_streams();
  api_.close();
  following_.reset();
  unusable_ = reason;
  system::log_error(reason);
}

// Their places in the order of events mean nothing in another database.
void Store::end_streams() {
  api_.events().end_all();
  server_.wake_streams();
}

int Store::run() {
  while (terminations_ == 0) {
    step();
    look_after();
  }
  system::notify_stopping();
  close();
  return system::kExitOk;
}

void Store::step() {
  const auto until_beat = std::chrono::ceil<std::chrono::milliseconds>(beat_at_ - Clock::now());
  auto patience = std::clamp<std::chrono::milliseconds>(until_beat, 0ms, kBeat);
  if (following_) {
    patience = following_->untidy() ? 0ms : patience;
    following_->gather(patience, wake_);
  } else {
    ::poll(wake_.data(), wake_.size(), static_cast<int>(patience.count()));
  }
  read_signals();
  take_rebuilt();
  if (!following_) {
    return;
  }
  condition_.set_waiting_since(following_->waiting_since());  // a disk may take its time
  if (api_.events().tell(following_->keep(terminations_ > 0))) {
    server_.wake_streams();
  }
  if (following_->damaged()) {
    give_up_database(following_->trouble());
  } else {
    following_->tidy(settings_.keep_for);
  }
}

void Store::read_signals() {
  while (const auto signal = signals_.take()) {
    terminations_ += *signal == system::Signal::terminate ? 1 : 0;
    if (*signal == system::Signal::reload) {
      reload();
    }
  }
}

// A broken file changes nothing: what was read before is shown on.
void Store::reload() {
  try {
    if (auto certificate = http::ServerCertificate::read(settings_.tls)) {
      server_.show(std::move(certificate));
      system::log_info("reloaded the TLS certificate");
    }
  } catch (const system::ConfigError& error) {
    system::log_error(fmt::format("{}; what was read before stays in force", error.what()));
  }
}

void Store::take_rebuilt() {
  const auto names = watch_.take();
  if (std::find(names.begin(), names.end(), kRebuiltName) == names.end()) {
    return;
  }
  open([this] {
    end_streams();
    adopt_rebuilt(settings_.state);
  });
  if (following_) {
    system::log_info("a rebuilt database is in use from now on");
  }
}

void Store::look_after() {
  system::notify_alive();
  publish_condition();
  if (Clock::now() < beat_at_) {
    return;
  }
  beat_at_ = Clock::now() + kBeat;
  server_.sweep();
  if (Clock::now() >= sign_at_) {
    sign_at_ = Clock::now() + kSignOfLife;
    api_.events().beat();
    server_.wake_streams();
  }
  const std::string status = status_of(condition_.get());
  if (std::exchange(told_status_, status) != status) {
    system::notify_status(status);
  }
}

void Store::publish_condition() {
  condition_.set(following_ ? following_->condition()
                            : Condition{.feed = Feed::waiting,
                                        .lag = std::nullopt,
                                        .trouble = unusable_,
                                        .closed = "",
                                        .waiting_since = std::nullopt});
}

void Store::close() {
  server_.close_door();
  const auto deadline = Clock::now() + kClosing;
  while (!server_.dismiss_idlers() && terminations_ < 2 && Clock::now() < deadline) {
    ::poll(wake_.data(), 1, static_cast<int>(kClosingStep / 1ms));
    server_.sweep();
    read_signals();
  }
  api_.close();  // before the writer: the last one to close empties the write-ahead log
}

}  // namespace monitor::store
