// SimulatedOffice: several devices, the couriers between them, and a random history from a seed. After every step the
// device that did something must show exactly what the oracle says that somebody who knows this much sees.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/oracle.h"
#include "tests/support/oracle_names.h"
#include "tests/support/test_device.h"

namespace kehubu::test {

// How often each thing happened. What must be part of the histories is in `required`: a run in which one of them never
// happened proves nothing about it, and fails.
struct OfficeStatistics {
  std::map<std::string, std::int64_t, std::less<>> counts;
  void count(std::string_view what, std::int64_t times = 1) { counts[std::string{what}] += times; }
  [[nodiscard]] std::vector<std::string> never_happened() const;
};

class SimulatedOffice {
 public:
  SimulatedOffice(std::uint64_t seed, OfficeStatistics& statistics, bool verbose);
  ~SimulatedOffice();
  // What went wrong, or "".
  [[nodiscard]] std::string run();

 private:
  struct Bundle {
    std::string text;
    Knowledge since, have;   // by writers
    Knowledge named_since, named_have;  // as the header calls them, by root: the greatest of all histories of a name
  };
  using SharedBundle = std::shared_ptr<const Bundle>;
  struct Courier {
    std::size_t receiver;
    SharedBundle bundle;
  };
  // What a person remembers of an action that can be undone: what it changed, from what, to what.
  struct Step {
    std::set<OracleKey> records;     // that it changed
    std::set<std::string> conflicts;  // that it opened or closed
    OracleView before, after;         // of those
    Knowledge known;           // right after it, or after it was done again
    Knowledge known_at_first;  // when `before` and `after` were seen
    bool decision = false;
    std::map<std::pair<OracleKey, std::string>, std::set<OracleVersion>> written;  // in each cell
  };
  struct Stack {
    std::vector<Step> steps;
    std::size_t standing = 0;  // the first so many; the rest are undone
  };
  // What the oracle believes of a device.
  struct Belief {
    Knowledge known;  // by writers
    std::vector<SharedBundle> waiting;
    Stack stack;
    Id device;           // the name under which it writes
    OracleVersion last;  // of that name, by writer
  };
  struct Backup {
    std::string path;
    Belief belief;
  };

  void open_office();
  void step();
  // Acts: what happens on a device between `believe` and `learn`, and what the oracle makes of it.
  void act(std::size_t index, const std::function<bool(TestDevice&)>& what, bool decision);
  void learn_what_was_written(std::size_t index, bool stepping_back);
  void check(std::size_t index);
  void remember_step(Belief& belief, const Knowledge& known_before, const OracleView& before, const OracleView& after, bool decision);
  [[nodiscard]] bool is_built_upon(const Step& step, const Knowledge& known);
  [[nodiscard]] std::string mixture_of(const Step& step, const OracleView& to, const OracleView& before, const OracleView* after);
  [[nodiscard]] static bool needs_what_is_deleted(const Step& step, const OracleView& now);
  void step_back(std::size_t index, bool redo);
  void record_a_fact(std::size_t index);
  void decide_in_two_places(std::size_t index);
  void back_up(std::size_t index);
  void restore_tablet(std::size_t index);
  void restore_beside_a_clone(std::size_t index);
  void meet(std::size_t index);
  void act_apart(std::size_t index);
  [[nodiscard]] bool is_done(std::size_t index, const Id& visit);
  void visit_late(std::size_t index);
  void clone_tablet(std::size_t index);
  void start_over(std::size_t index);
  [[nodiscard]] std::string save(TestDevice& device);
  [[nodiscard]] SharedBundle pack(std::size_t sender, std::string text);
  [[nodiscard]] SharedBundle pack_all(std::size_t sender) { return pack(sender, devices_[sender]->export_all()); }
  [[nodiscard]] OracleView view_of(std::size_t index);
  void note_own_name(std::size_t index);
  [[nodiscard]] bool lacks_own(std::size_t index);
  [[nodiscard]] OracleVersion place_of(const OracleVersion& last, OracleChange& change);
  void work_on(std::size_t index);
  void edit_something(std::size_t index);
  void create_something(std::size_t index);
  void touch_a_rule(std::size_t index);
  void remove_or_restore(std::size_t index);
  void work_on_document(std::size_t index);
  void settle_conflict(std::size_t index);
  void set_clock(TestDevice& device);
  void send(std::size_t sender);
  void receive(std::size_t receiver);
  void try_write(std::size_t index, std::vector<Edit> edits, bool validated);
  void import(std::size_t receiver, std::vector<SharedBundle> bundles);
  void exchange_until_quiet();
  void settle_everything();
  [[nodiscard]] std::string compare(std::string_view when);
  [[nodiscard]] std::string conflicts_text(TestDevice& device);

  [[nodiscard]] std::size_t below(std::size_t limit) { return dice_.below(limit); }
  [[nodiscard]] std::size_t another(std::size_t index) { return (index + 1 + below(devices_.size() - 1)) % devices_.size(); }
  [[nodiscard]] const Entity& random_entity();
  [[nodiscard]] Id random_row(TestDevice& device, const Entity& entity, bool deleted = false);
  [[nodiscard]] Value random_value(TestDevice& device, const Field& field);
  [[nodiscard]] const Field& random_field(const Entity& entity);
  void say(std::string_view what);

  SeededEnvironment dice_;
  OfficeStatistics& statistics_;
  bool verbose_;
  std::uint64_t seed_;
  std::vector<std::unique_ptr<TestDevice>> devices_;
  std::vector<Belief> beliefs_;                 // parallel
  std::vector<std::optional<Backup>> backups_;  // parallel
  Oracle oracle_;
  OracleWriters writers_;
  std::optional<OracleKey> in_question_;  // what several work on just now without knowing of each other
  const Field* field_in_question_ = nullptr;
  std::size_t saved_ = 0;
  std::vector<Courier> under_way_;
  std::string problem_;
};

}  // namespace kehubu::test
