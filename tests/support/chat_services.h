// Slack, Discord and Telegram as a sink sees them, in a test: each takes a message only if it keeps
// the documented rules (what must be there, how long it may be, who asks), answers as the service
// does, and shows what people would see. Any thread.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "lib/http/server.h"
#include "lib/json/document.h"

namespace monitor::tests {

class ChatService {
 public:
  struct Message {
    std::string id;
    std::string body;  // of the request that wrote or edited it last
    int edits = 0;
    std::vector<std::string> replies = {};  // their text
  };

  virtual ~ChatService() = default;

  // For Destination.
  http::Response serve(const http::Request& request);

  std::vector<Message> messages() const;
  // The rules that requests broke: none, if all is well.
  std::string broken() const;
  // Somebody deletes all messages.
  void delete_messages();
  // Called once, after the next message was taken and before that is answered.
  void before_next_answer(std::function<void()> call);
  // This text in a body is refused for good.
  void refuse(std::string text);

  // How this service says "too many, come back in `seconds`", and "never".
  virtual http::Response too_many(int seconds) const = 0;
  virtual http::Response refusal() const = 0;

 protected:
  virtual http::Response answer(const http::Request& request, json::View body) = 0;

  void rule(bool kept, const std::string& name);
  Message* find(const std::string& id);
  std::string add(const http::Request& request);

  std::vector<Message> messages_;
  std::string broken_;

 private:
  mutable std::mutex mutex_;
  std::function<void()> call_;
  std::string refused_;
  int ids_ = 0;
};

inline constexpr const char* kSlackToken = "xoxb-123-456-secret";
inline constexpr const char* kSlackHook = "/services/T0/B0/hook-secret";
inline constexpr const char* kDiscordHook = "/api/webhooks/4711/hook-secret";
inline constexpr const char* kTelegramToken = "123456:ABC-secret_1";

// The Web API, and an incoming webhook at kSlackHook.
class SlackService : public ChatService {
 public:
  http::Response too_many(int seconds) const override;
  http::Response refusal() const override;

 private:
  http::Response answer(const http::Request& request, json::View body) override;
  void judge_card(json::View body);
  http::Response update(const http::Request& request, json::View body);
  http::Response reply(json::View body);
};

class DiscordService : public ChatService {
 public:
  http::Response too_many(int seconds) const override;
  http::Response refusal() const override;

 private:
  http::Response answer(const http::Request& request, json::View body) override;
  void judge_embed(json::View embed);
};

class TelegramService : public ChatService {
 public:
  http::Response too_many(int seconds) const override;
  http::Response refusal() const override;

 private:
  http::Response answer(const http::Request& request, json::View body) override;
  http::Response edit(const http::Request& request, json::View body);
  void judge_html(const std::string& html);
};

}  // namespace monitor::tests
