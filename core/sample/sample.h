// Sample data: a small company that a newcomer can look around in before the first customer of their own.
//
// 南粤食品 (Nanyue Foods) sells nuts, preserves and jelly to some forty customers around Guangzhou; 王敏, rep R07, looks
// after most of them. Everything is made up, dates are relative to now, and the same instant gives the same company.
// It has lived for a year: some four hundred deeds (write_past()), each at the hour at which, by the employee by whom and on the
// device on which it was done. A list was taken in, deals went from stage to stage, plans became visits, contracts were
// handed in, approved, amended and closed, prices rose, customers were handed over; so history and time travel have
// something to show. None of it is this device's to undo: to be rid of the company one erases the data (settings).
#pragma once

#include <optional>

#include "core/base/result.h"
#include "core/store/store.h"

namespace kehubu {

// Refuses when the sample company is there already. `chinese` decides the language of names and texts for good: they are
// ordinary records afterwards.
[[nodiscard]] Status write_sample_data(Store& store, Environment& environment, bool chinese);

// 王敏, whose tablet the sample is seen from: for Store::set_identity(). Empty when there is no sample.
[[nodiscard]] std::optional<Id> sample_person(Store& store);

}  // namespace kehubu
