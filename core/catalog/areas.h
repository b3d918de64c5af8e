// All declarations of entities, one table (.inc) for each business area. They are constant expressions, so that who names a field of
// one wrongly (field_of.h) does not compile.
#pragma once

#include "core/catalog/contract.inc"
#include "core/catalog/customer.inc"
#include "core/catalog/interaction.inc"
#include "core/catalog/opportunity.inc"
#include "core/catalog/organisation.inc"
#include "core/catalog/product.inc"
