#include <doctest/doctest.h>

#include <string_view>

#include "app/shell/language/language.h"
#include "app/shell/route.h"

using namespace kehubu;

namespace {

int placeholders(std::string_view text) {
  int count = 0;
  for (std::size_t position = text.find("{}"); position != std::string_view::npos; position = text.find("{}", position + 2)) {
    ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("every sentence takes the same arguments in both languages") {
  for (int word = 0; word < static_cast<int>(Word::count_); ++word) {
    const std::string_view zh = word_in(static_cast<Word>(word), true), en = word_in(static_cast<Word>(word), false);
    const std::string pair = std::string(zh) + " / " + std::string(en);
    CHECK_MESSAGE(placeholders(zh) == placeholders(en), pair);
  }
}

TEST_CASE("people are spoken to in one way: 您, wherever a sentence is for them") {
  for (int word = 0; word < static_cast<int>(Word::count_); ++word) {
    CHECK_MESSAGE(word_in(static_cast<Word>(word), true).find("你") == std::string_view::npos, std::string(word_in(static_cast<Word>(word), true)));
  }
}

TEST_CASE("English counts one record, and two records") {
  const Language english(false), chinese(true);
  CHECK(english(Word::count_of, {"1"}) == "1 record");
  CHECK(english(Word::count_of, {"0"}) == "0 records");
  CHECK(english(Word::sync_result, {"12", "1"}) == "12 changes in 1 record");
  CHECK(chinese(Word::count_of, {"1"}) == "共 1 条");
  CHECK(english(Word::create_entity, {english.inside(entity_named("customer"))}) == "New customer");
  CHECK(chinese.inside(entity_named("customer")) == "客户");
}

TEST_CASE("an address leads back to the route that it was made from") {
  const Id id = *Id::parse("AZq7Rk2ncVGJ3mF0p8xYtA"), about = *Id::parse("AZq7Rk2ncVGJ3mF0p8xYtg");
  const Entity& customer = entity_named("customer");
  const Route routes[] = {{.place = Place::today},
                          list_of("contract"),
                          record_of(customer, id),
                          form_for(customer),
                          form_for(entity_named("contact"), {}, about),
                          {.place = Place::visit, .entity = &entity_named("interaction")},
                          {.place = Place::visit, .entity = &entity_named("interaction"), .detail = "plan"},
                          {.place = Place::visit, .entity = &entity_named("interaction"), .id = id, .about = about, .detail = "correct"},
                          {.place = Place::conflict, .detail = "customer/x/phone"},
                          {.place = Place::dictionary, .detail = "industry"}};
  for (const Route& route : routes) {
    const auto parsed = parse_route(route_text(route));
    REQUIRE_MESSAGE(parsed, route_text(route));
    CHECK_MESSAGE(*parsed == route, route_text(route));
  }
}

TEST_CASE("what is no address of this program leads nowhere") {
  for (const std::string_view text : {"", "nowhere", "record", "record/customer", "record/customer/zzz/-", "list/nothing", "form/"}) {
    CHECK_MESSAGE(!parse_route(text), std::string(text));
  }
}
