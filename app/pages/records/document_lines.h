// The lines of a document to be read: product, quantity, price, amount, and what they come to.
#pragma once

#include <vector>

#include "app/shell/app.h"

namespace kehubu {

// `lines` of `entity`, in their order; as they are stored or as they were on another day.
void draw_document_lines(App& app, const Entity& entity, const std::vector<Record>& lines);

}  // namespace kehubu
