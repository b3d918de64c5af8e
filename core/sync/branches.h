// Branches in bundles: where the histories of a bundle's devices run along those that are known here, where they part, and
// what is new of them. For bundles of which a header alone does not tell (Relation::branched).
//
// A device that was used on two machines has two histories with one beginning. docs/bundle.md says how each goes on as a
// branch; Log::split() does it. The sender may have heard of fewer branches than this device, or of more: both name the
// same histories, so they are compared by their chains and not by their names.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "core/sync/bundle.h"
#include "core/sync/bundle_chain.h"
#include "core/sync/examination.h"
#include "core/sync/tables.h"

namespace kehubu {

class BranchTrace {
 public:
  BranchTrace(Log& log, SyncTables& tables, const BundleHeader& header) : log_(log), tables_(tables), header_(header) {}

  // Compares; changes nothing but what is remembered of chains. The changes are met one by one as the file is read, each with the chain
  // after it, and none is kept; all of it again after each cut. An Error of kind invalid_input: the file's histories are not what they
  // claim to be.
  Status begin();
  Status meet(Version version, const Digest& chain);
  Status finish();

  [[nodiscard]] const std::vector<Gap>& gaps() const { return gaps_; }
  [[nodiscard]] std::int64_t new_changes() const { return new_changes_; }
  [[nodiscard]] bool is_new(Version version) const;  // of the bundle: device by index
  // Where histories that are known here must be cut, because others part from them there.
  [[nodiscard]] const std::vector<Log::Cut>& cuts() const { return cuts_; }
  [[nodiscard]] const std::vector<std::size_t>& parting_devices() const { return parting_; }  // indices of the header
  [[nodiscard]] bool parts(const Id& root) const;  // one of the histories of this name
  // What the bundle knows of the reader's own history and the reader does not: it was restored from a backup. Of a name that several
  // machines used, everything that nothing in the bundle proves to be another one's. To be asked before anything is cut.
  struct OwnLoss {
    std::int64_t told = 0;        // the bundle knows it up to here; 0: no further than the reader
    std::int64_t comes_back = 0;  // changes of it that the bundle holds
  };
  [[nodiscard]] OwnLoss own_loss(const Id& own_device) const;
  // Something that it builds on is missing here, and it has something new, or proves a loss.
  [[nodiscard]] bool must_wait(const OwnLoss& loss) const { return !gaps_.empty() && (new_changes_ > 0 || loss.told > 0); }

  // When there is nothing to cut any more: the local name of the bundle's versions. Interns what is new.
  Status name_devices();
  [[nodiscard]] Version local(Version version) const;
  // What someone who knows `sequence` of the bundle's device knows, under the names of this device.
  void add_knowledge(Knowledge& knowledge, std::size_t index, std::int64_t sequence) const;

 private:
  static constexpr std::size_t nowhere = SIZE_MAX;
  struct Course {  // of one device of the bundle
    DeviceNumber device = 0;      // the local history that it runs along; 0: none yet, it stands at the beginning
    std::int64_t known = 0;       // the last number that is here
    std::size_t begins_at = nowhere;  // the index of an older history within the same bundle, at whose end it begins
    bool placed = false;
    bool has_new = false, is_new_branch = false;
    std::optional<Log::Cut> cut;
    Digest chain_at_known{}, first_new_chain{};
    std::vector<std::pair<std::int64_t, DeviceNumber>> path;  // (base, device), the youngest first
  };
  Status place(std::size_t index, Course& course);
  [[nodiscard]] std::size_t history_before(std::size_t index) const;
  [[nodiscard]] std::vector<std::size_t> oldest_first() const;
  Status refuse_names_used_twice() const;
  Status complete_path(const Id& root, Course& course);
  [[nodiscard]] Result<Digest> chain_of(DeviceNumber device, std::int64_t sequence);
  [[nodiscard]] Result<DeviceNumber> child(const Id& root, std::int64_t base, const Digest& base_chain, const Digest& first_chain);
  [[nodiscard]] bool has_children(const Id& root, std::int64_t base, const Digest& base_chain) const;

  Log& log_;
  SyncTables& tables_;
  const BundleHeader& header_;
  std::vector<Course> courses_;
  std::vector<Gap> gaps_;
  std::vector<Log::Cut> cuts_;
  std::vector<std::size_t> parting_;
  std::int64_t new_changes_ = 0;
  struct Walked {
    std::int64_t first = 0;
    std::vector<Digest> chains;
  };
  std::map<DeviceNumber, Walked> walked_;
  std::map<std::pair<Id, std::int64_t>, std::vector<std::size_t>> ends_;  // root, last number → indices of the histories that end there
};

}  // namespace kehubu
