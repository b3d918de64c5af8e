// Sync: bundles out, bundles in, what was exchanged, and the fingerprint that proves that two devices hold the same.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/pages/fingerprint_card.h"
#include "app/pages/renewal_question.h"
#include "app/shell/screen.h"

namespace kehubu {

class ExchangeScreen final : public Screen {
 public:
  explicit ExchangeScreen(App& app);

  std::string title() override { return std::string(say(Word::exchange)); }
  ~ExchangeScreen() override;

  void draw(const Rectangle& place) override;
  void resumed() override;

 private:
  using Files = std::vector<std::pair<std::string, std::string>>;  // name, JSON

  void refresh();
  void draw_missing_own();
  void draw_send();
  [[nodiscard]] std::string name_of(const Peer& peer) const;
  [[nodiscard]] std::string detail_of(const Peer& peer) const;
  void draw_receive();
  void draw_unchecked();
  void draw_previews();
  void draw_preview(const Preview& preview, const std::string& name);
  void draw_report();
  void draw_report_numbers();
  void draw_concerns();
  void draw_history();
  void send();
  void hand_over(ExportedBundle bundle, bool on_disk);
  void pick();
  // Besides what is looked at already, and `before`.
  void take(std::vector<PickedFile> files, Files before = {});
  void look(Files more);
  void merge();

  std::int64_t revision_ = -1;
  std::vector<Peer> peers_;
  std::vector<Sync::BundleRecord> history_;
  std::vector<Sync::Concern> concerns_;
  std::optional<Id> receiver_;  // chosen by the person; empty: everything
  [[nodiscard]] Id receiver() const;
  // What there is to do now; its button is the primary one.
  enum class Next : std::uint8_t { merge, conflicts, send, receive };
  [[nodiscard]] Next next_step() const;
  [[nodiscard]] ButtonKind kind_of(Next step) const { return next_step() == step ? ButtonKind::primary : ButtonKind::secondary; }
  std::optional<Sync::MissingOwn> missing_own_;
  RenewalQuestion renewal_;
  std::shared_ptr<Files> files_;    // with previews_, one each
  std::vector<Preview> previews_;
  std::shared_ptr<Files> checked_;  // those of which the previews are being made
  std::shared_ptr<Job> checking_;
  std::shared_ptr<Files> unchecked_;  // of which the check was given up
  std::optional<MergeReport> report_;
  FingerprintCard fingerprint_;
};

}  // namespace kehubu
