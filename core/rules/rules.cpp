#include "core/rules/action.h"

namespace kehubu {

void prepare_draft(Action&, Draft&) {}
void check_draft(Action&, const Draft&) {}

}  // namespace kehubu
