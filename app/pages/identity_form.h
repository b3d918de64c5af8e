// IdentityForm: who uses this device, and what the device is called: a person who is known already, or a new one with the
// company's name. Used by the welcome page and by the settings.
#pragma once

#include <string>
#include <vector>

#include "app/shell/app.h"
#include "app/shell/draft_keeper.h"

namespace kehubu {

class IdentityForm {
 public:
  explicit IdentityForm(DraftHost& host);

  void draw();
  // Writes the person (when new) and the identity. False: problems are shown.
  [[nodiscard]] bool save();
  // The person turns away from it.
  void discard() { drafts_.discard(); }

 private:
  void start();
  [[nodiscard]] std::string pack() const;
  void unpack(std::string_view packed);
  [[nodiscard]] bool write();
  void draw_known_people();
  void draw_new_person();
  void draw_device();
  void draw_letter();
  void choose_letter();
  [[nodiscard]] bool check();
  [[nodiscard]] std::vector<Edit> edits_of_new_person(const Id& person) const;
  [[nodiscard]] std::string person_name() const;

  App& app_;
  std::vector<Record> people_;
  bool new_person_ = false;
  bool checked_ = false;
  std::string person_;   // id as text, of a known one
  std::string name_, code_, role_ = "rep", company_;
  std::string letter_ = "A", device_name_;
  std::vector<UsedLetter> used_letters_;  // on other devices of the person
  bool device_named_by_hand_ = false;
  std::string started_as_;
  DraftKeeper drafts_;
};

}  // namespace kehubu
