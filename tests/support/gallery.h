// Gallery: an Application that shows every widget (see gallery.cpp).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/application.h"
#include "app/widgets/ui.h"

namespace kehubu {

class Gallery final : public Application {
 public:
  Gallery(Platform& platform, SemanticMirror& mirror);
  [[nodiscard]] bool opening() const override { return false; }
  void frame() override;
  [[nodiscard]] bool has_work() const override { return false; }
  void work() override {}
  [[nodiscard]] bool wants_frame() const override { return ui_.wants_frame(); }
  [[nodiscard]] bool unsettled() const override { return ui_.unsettled(); }
  void handle(const SemanticEvent& event) override { ui_.handle(event); }
  void on_hidden() override {}

 private:
  void buttons();
  void fields();
  void list();
  void table();
  void pieces();

  Platform& platform_;
  Ui ui_;
  std::string route_;
  bool dark_ = false, confirm_ = false, menu_ = false, dialog_ = false, checked_ = true, switched_ = true, sort_descending_ = false;
  std::int64_t pressed_ = -1, checked_row_ = 2;
  int tab_ = 0, chips_ = 1, way_ = 0, side_ = 0, sort_column_ = 0;
  std::string name_ = "广州博海餐饮有限公司", phone_ = "138 0000 1234", amount_ = "1234.50", date_ = "2026-11-27", level_ = "a", city_, customer_, customer_shown_;
  std::string notes_ = "客户答应试用 10 箱。\n下周二回访。", contact_, job_, search_;
  std::vector<std::string> materials_ = {"s"};
};

}  // namespace kehubu
