// DraftJournal: what was typed in the last moments of a page, for which the disk may have had no time.
//
// A commit needs several turns of the browser's loop until it is on disk, and a page that is reloaded or closed gets none. A small
// setting of this device is there afterwards whenever it was written before the page was gone. So the drafts are noted in one when the
// page is hidden while something is not durable yet; the next page takes them back if its image is older than what was noted, and
// the note goes as soon as everything is durable. A note that is no newer than the image says nothing that is not in it: what was
// saved or thrown away meanwhile does not come back.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace kehubu {

class App;
struct KeptDraft;  // core/store/drafts.h

class DraftJournal {
 public:
  explicit DraftJournal(App& app);
  ~DraftJournal();
  DraftJournal(const DraftJournal&) = delete;
  DraftJournal& operator=(const DraftJournal&) = delete;

  // The page is being hidden; what is typed on it has just been kept.
  void note();
  // A draft became a record, by a write that is on its way to the disk: with the record the draft would be lost.
  void saved(KeptDraft draft);
  // A store was opened on an image of this commit; opening may have written to it since.
  void take_back(std::int64_t loaded_commit_number);
  // Once a frame: what is durable needs no note.
  void forget_durable();
  // Everything on this device is being erased: nothing is noted any more.
  void end();

 private:
  void write(const std::string& text);
  void tell_failure(const Status& done);

  App& app_;
  std::vector<KeptDraft> saved_;  // not durable yet
  bool noted_ = false;
  bool ended_ = false;
};

}  // namespace kehubu
