#include "tests/bench/scenario_bodies.h"

#include <fmt/format.h>

#include <algorithm>

#include "lib/json/writer.h"

namespace monitor::bench {
namespace {

using json::Writer;
using status::Impact;
using status::Kind;
using status::State;

// All that a body is made of.
struct Scene {
  const Telling& telling;
  const Life& life;
  const Provider& provider;
  Story story;

  const Step& step() const { return story.steps[telling.step]; }
  bool is_over() const { return status::is_over(step().state); }
  const Part& part() const { return *story.parts[telling.part]; }
  bool is_planned() const { return life.kind == Kind::maintenance; }
};

State impaired(const Scene& scene) {
  return scene.is_planned()                       ? State::under_maintenance
         : scene.story.impact == Impact::critical ? State::major_outage
         : scene.story.impact == Impact::major    ? State::partial_outage
                                                  : State::degraded_performance;
}

State part_state(const Scene& scene) {
  return scene.is_over() ? State::operational : impaired(scene);
}

std::string text_of(system::Time time) { return system::to_rfc3339(time); }

void write_nulls(Writer& out, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    out.key(name).null();
  }
}

// INPROGRESS: Instatus's way to write a word.
std::string in_capitals(std::string_view word) {
  std::string text;
  for (const char c : word) {
    if (c != '_') {
      text += static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    }
  }
  return text;
}

class BodyWriter {
 public:
  explicit BodyWriter(const Scene& scene)
      : scene_(scene), instatus_(scene.provider.format == "instatus") {}

  std::string write() {
    out_.begin_object();
    write_page();
    scene_.telling.part == Telling::kNoPart ? write_incident() : write_component();
    return out_.end_object().take();
  }

 private:
  std::string word_of(State state) const {
    return instatus_ ? in_capitals(word(state)) : std::string(word(state));
  }
  std::string host() const {
    return fmt::format("https://status.{}.example", scene_.provider.slug);
  }

  void write_page() {
    out_.key("meta").begin_object();
    out_.member("unsubscribe", host() + "/?unsubscribe=q1w2e3r4t5y6");
    out_.member("documentation", "https://docs.status-pages.example/webhooks");
    out_.member("generated_at", text_of(scene_.telling.received_at)).end_object();
    out_.key("page").begin_object().member("id", scene_.provider.page_id);
    out_.member("name", scene_.provider.name);
    out_.member("status_indicator", instatus_ ? "HASISSUES" : "minor");
    out_.member("status_description", "Partially Degraded Service").end_object();
  }

  std::string incident_key() const {
    return instatus_ && scene_.is_planned() ? "maintenance" : "incident";
  }

  void write_incident() {
    const Story& story = scene_.story;
    out_.key(incident_key()).begin_object().member("name", story.title);
    out_.member("status", word_of(scene_.step().state));
    out_.member("created_at", text_of(story.steps.front().at));
    out_.member("updated_at", text_of(scene_.step().at)).key("monitoring_at").null();
    out_.key("resolved_at");
    scene_.is_over() ? out_.value(text_of(scene_.step().at)) : out_.null();
    out_.member("impact",
                instatus_ ? in_capitals(word(impaired(scene_))) : std::string(word(story.impact)));
    out_.member(instatus_ ? "url" : "shortlink", fmt::format("{}/incidents/{}", host(), story.id));
    out_.member("postmortem_ignored", false).member("backfilled", false);
    write_nulls(out_, {"postmortem_body", "postmortem_published_at", "impact_override"});
    write_window();
    out_.member("id", story.id).member("page_id", scene_.provider.page_id);
    write_history();
    write_components();
    out_.end_object();
  }

  void write_window() {
    if (!scene_.is_planned()) {
      write_nulls(out_, {"scheduled_for", "scheduled_until", "scheduled_reminded_at"});
      return;
    }
    out_.member("scheduled_for", text_of(scene_.story.window_begin));
    out_.member("scheduled_until", text_of(scene_.story.window_end));
    out_.member("scheduled_remind_prior", true).member("scheduled_auto_completed", false);
  }

  // Newest first, as far as it has come.
  void write_history() {
    out_.key(incident_key() + "_updates").begin_array();
    for (std::size_t step = scene_.telling.step + 1u; step-- > 0;) {
      write_step(scene_.story.steps[step]);
    }
    out_.end_array();
  }

  void write_step(const Step& step) {
    out_.begin_object().member("status", word_of(step.state)).member("body", step.text);
    for (const std::string_view name : {"created_at", "updated_at", "display_at"}) {
      out_.member(name, text_of(step.at));
    }
    out_.member("wants_twitter_update", false).member("deliver_notifications", true);
    write_nulls(out_, {"twitter_updated_at", "custom_tweet"});
    out_.member("id", step.id).member(incident_key() + "_id", scene_.story.id).end_object();
  }

  void write_components() {
    out_.key("components").begin_array();
    for (const Part* part : scene_.story.parts) {
      write_part(*part);
    }
    out_.end_array();
  }

  void write_part(const Part& part) {
    out_.begin_object().member("status", word_of(part_state(scene_)));
    out_.member("name", part.name).member("created_at", "2022-12-25T18:44:27.901Z");
    out_.member("updated_at", text_of(scene_.step().at)).member("position", 2);
    out_.key("description").null().member("showcase", true).member("id", part.id);
    out_.member("page_id", scene_.provider.page_id).key("group_id").null().end_object();
  }

  void write_component() {
    const State before = scene_.is_over() ? impaired(scene_) : State::operational;
    out_.key("component");
    write_part(scene_.part());
    out_.key("component_update").begin_object();
    out_.member("old_status", word_of(before)).member("new_status", word_of(part_state(scene_)));
    out_.member("created_at", text_of(scene_.step().at)).member("component_type", "Component");
    out_.member("id", fmt::format("{}{}", scene_.step().id, scene_.telling.part));
    out_.member("component_id", scene_.part().id).end_object();
  }

  const Scene& scene_;
  bool instatus_;
  Writer out_;
};

// A sender of somebody's own; provider_entry() says how to read it.
std::string own_body(const Scene& scene) {
  const bool part = scene.telling.part != Telling::kNoPart;
  Writer out;
  out.begin_object().key("alert").begin_object();
  out.member("id", part ? scene.part().id : scene.story.id);
  out.member("update", fmt::format("{}-{}", scene.step().id, scene.telling.part));
  out.member("title", part ? scene.part().name : scene.story.title);
  out.member("state", word(part ? part_state(scene) : scene.step().state));
  out.member("level", word(scene.story.impact)).member("text", scene.step().text);
  out.member("at", text_of(scene.step().at)).end_object();
  if (scene.is_planned() && !part) {
    out.key("window").begin_object().member("from", text_of(scene.story.window_begin));
    out.member("until", text_of(scene.story.window_end)).end_object();
  }
  out.key("parts").begin_array();
  for (const Part* one : scene.story.parts) {
    out.begin_object().member("key", one->id).member("label", one->name);
    out.member("light", word(part_state(scene))).end_object();
  }
  return out.end_array().end_object().take();
}

}  // namespace

std::string body_of(const Telling& telling, const Life& life, const Provider& provider) {
  const Scene scene{telling, life, provider, story_of(life, provider)};
  return provider.format == "generic" ? own_body(scene) : BodyWriter(scene).write();
}

std::string provider_entry(const Provider& provider) {
  return fmt::format(R"([[provider]]
slug = "{}"
name = "{}"
format = "generic"
[provider.mapping]
id = "/alert/id"
update_id = "/alert/update"
name = "/alert/title"
status = "/alert/state"
impact = "/alert/level"
message = "/alert/text"
time = "/alert/at"
scheduled_for = "/window/from"
scheduled_until = "/window/until"
components = "/parts"
component_id = "/key"
component_name = "/label"
component_status = "/light"

)",
                     provider.slug, provider.name);
}

}  // namespace monitor::bench
