// OracleNames: who is called what where one name is used by two machines (docs/bundle.md, "Branches").
//
// The oracle calls changes by their *writer*: an uninterrupted run of changes of one machine under one name. A machine that
// writes a number which another machine under the same name has written already begins a new writer, a *fork*, so that a
// writer's numbers never mean two things. What a device calls it depends on what it knows: as long as it knows of one way
// only on which the name went on, all of that is the name; where it knows of two, both are branches.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <vector>

#include "core/sync/sync.h"
#include "tests/support/oracle.h"

namespace kehubu::test {

class OracleWriters {
 public:
  using ChainStart = std::array<std::uint8_t, 8>;  // first half of a branch's id is the device's, second that of the chain

  // A new writer that goes on after `base` of another one.
  Id fork(const Id& parent, std::int64_t base);
  void learn_chain(const OracleVersion& version, const ChainStart& start) { chains_[version] = start; }
  [[nodiscard]] std::vector<Id> forks_after(const OracleVersion& point) const;
  [[nodiscard]] bool any() const { return !forks_.empty(); }
  [[nodiscard]] Id root_of(Id writer) const;
  [[nodiscard]] std::int64_t base_of(const Id& writer) const;
  // Everything that whoever has this version has of its writer and of those that it goes on from.
  [[nodiscard]] Knowledge up_to(OracleVersion point) const;

 private:
  friend class OracleNames;
  struct Fork {
    Id parent;
    std::int64_t base = 0;
  };
  std::map<Id, Fork> forks_;
  std::map<OracleVersion, ChainStart> chains_;
};

// The names that somebody who knows this uses.
class OracleNames {
 public:
  OracleNames(const OracleWriters& writers, const Knowledge& known);
  [[nodiscard]] bool knows(const OracleVersion& version) const { return local_names_.contains(version); }  // unless plain
  [[nodiscard]] OracleVersion local(const OracleVersion& version) const;
  [[nodiscard]] std::optional<OracleVersion> by_writer(const OracleVersion& local) const;
  [[nodiscard]] const Knowledge& knowledge() const { return local_; }
  [[nodiscard]] bool are_plain() const { return !writers_.any(); }
  [[nodiscard]] bool is_cut(const Id& device) const;  // its name ends where two go on, and neither is it
  [[nodiscard]] const std::map<Id, Id>& roots() const { return roots_; }  // of branches

 private:
  [[nodiscard]] bool parts_after(const OracleVersion& point) const;
  [[nodiscard]] Id name_of(const OracleVersion& version) const;

  const OracleWriters& writers_;
  Knowledge known_, local_;
  std::map<OracleVersion, OracleVersion> local_names_, writers_of_;
  std::map<Id, Id> roots_;
};

}  // namespace kehubu::test
