// All declarations of entities, one header for each business area. They are constant expressions, so that who names a field of
// one wrongly (field_of.h) does not compile.
#pragma once

#include "core/catalog/contract.h"
#include "core/catalog/customer.h"
#include "core/catalog/interaction.h"
#include "core/catalog/opportunity.h"
#include "core/catalog/organisation.h"
#include "core/catalog/product.h"
