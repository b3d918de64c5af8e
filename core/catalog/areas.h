// The entities, by name, each declared in the file of its business area.
#pragma once

#include "core/catalog/catalog.h"

namespace kehubu::catalog {

extern const Entity org_unit, employee, dict_item;  // organisation.cpp
extern const Entity product;  // product.cpp
extern const Entity customer, contact;  // customer.cpp
extern const Entity opportunity;  // opportunity.cpp
extern const Entity interaction;  // interaction.cpp
extern const Entity contract, contract_line;  // contract.cpp

}  // namespace kehubu::catalog
