// refused: not a constant expression
// A rule that names a field which its entity has not, or writes one that is derived, does not compile.
#include "core/catalog/areas.h"
#include "core/rules/rule.h"

using namespace kehubu;

void fill(Action& action, DraftOf<catalog::contract> draft) {
  action.set(draft, "status", std::string("draft"));
#if REFUSED == 1
  action.set(draft, "stauts", std::string("draft"));
#elif REFUSED == 2
  action.set(draft, "total", std::int64_t{1});
#endif
}

void check_it(const World& world, Findings& found, DraftView<catalog::contract> draft) {
  found.require(draft, "signed_on");
  (void)world.value<catalog::contract>(draft->row, "total");  // read, a derived field is as it will be
#if REFUSED == 3
  (void)draft.text("name");  // a customer's
#elif REFUSED == 4
  (void)world.value<catalog::customer>(draft.reference("customer"), "contract_no");
#elif REFUSED == 5
  (void)draft.integer("total");  // what it was: the World says what it will be
#endif
}

constexpr Rule rules[] = {
    complete<catalog::contract, fill>("contract.example", on_create, "status"),
#if REFUSED == 6
    check<catalog::contract, check_it>("contract.misread", on_write, "signed", "customer"),
#endif
    check<catalog::contract, check_it>("contract.read", on_write, "signed_on", "customer"),
};
static_assert(rules[0].entity == &catalog::contract);
