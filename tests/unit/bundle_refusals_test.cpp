// Hostile bundles: each with a right digest, so that the flaw itself must be found; each refused with its sentence.
#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "core/sync/bundle.h"
#include "tests/support/sample_bundle.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

// The line numbers below are those of this file.
constexpr std::string_view valid =
    "{\"format\":\"kehubu-bundle\",\"version\":2,\n"
    "\"catalog\":1,\n"
    "\"created\":1795673400000,\n"
    "\"device\":{\"id\":\"AZq0m3x0dXWxk3v1dQwLdg\",\"name\":\"王敏的平板\",\"letter\":\"A\"},\n"
    "\"person\":{\"id\":\"AZq0m3x0cAAAk3v1dQwLdg\",\"name\":\"王敏\",\"role\":\"rep\"},\n"
    "\"scope\":\"all\",\n"
    "\"devices\":[\"AZq0m3x0dXWxk3v1dQwLdg\",\"AZq1B7Q0dXWxk3v1dQwLdg\"],\n"
    "\"since\":[120,40],\n"
    "\"have\":[122,40],\n"
    "\"chain_since\":[\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\",null],\n"
    "\"chain_have\":[\"BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\",\"CAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"],\n"
    "\"people\":[\"AZq0m3x0cAAAk3v1dQwLdg\"],\n"
    "\"clock\":[1795670000000,1795670052341],\n"
    "\"count\":2,\n"
    "\"certificate\":null,\n"
    "\"changes\":[\n"
    "[0,0,0,0,\"customer\",\"AZq0ynx0dXWxk3v1dQwLdg\",{\"name\":\"博海餐饮\",\"owner\":{\"r\":\"AZq0m3x0cAAAk3v1dQwLdg\"}}],\n"
    "[52341,0,1,0,\"customer\",\"AZq0m3x0fXWxk3v1dQwLdg\",{\"phone\":[\"13800001111\",0,57,1,12]}]\n"
    "],\n"
    "\"digest\":\"0000000000000000000000000000000000000000000000000000000000000000\",\n"
    "\"signature\":null}\n";

std::string refusal_of(const std::string& text) {
  BundleReader reader{text};
  if (const auto header = reader.read_header(); !header) {
    return header.error().message.en;
  }
  Change change;
  while (true) {
    const auto more = reader.next(change);
    if (!more) {
      return more.error().message.en;
    }
    if (!*more) {
      break;
    }
  }
  const auto digest = reader.finish();
  return digest ? std::string{} : digest.error().message.en;
}

std::string with(std::string_view old_text, std::string_view new_text) {
  std::string text{valid};
  const std::size_t place = text.find(old_text);
  REQUIRE(place != std::string::npos);
  return with_right_digest(text.replace(place, old_text.size(), new_text));
}

struct Flaw {
  std::string_view old_text, new_text, message;
};

void check_refused(std::initializer_list<Flaw> flaws) {
  for (const Flaw& flaw : flaws) {
    CAPTURE(flaw.old_text);
    CAPTURE(flaw.new_text);
    const std::string refusal = refusal_of(with(flaw.old_text, flaw.new_text));
    CAPTURE(refusal);
    CHECK(refusal.find(flaw.message) != std::string::npos);
    CHECK_FALSE(refusal.empty());
    CHECK(refusal.find("Nothing was imported") != std::string::npos);
  }
}

}  // namespace

TEST_CASE("the file that the flaws are made of is valid itself") { CHECK(refusal_of(with_right_digest(std::string{valid})) == ""); }

TEST_CASE("flaws of the header") {
  check_refused({
      {"\"kehubu-bundle\"", "\"another\"", "This is not a bundle of Kehubu: it is another program's data (JSON)."},
      {"{\"format\":\"kehubu-bundle\",\"version\":2,", "{\"version\":2,\"format\":\"kehubu-bundle\",", "not a bundle of Kehubu"},
      {"\"version\":2,\n\"catalog\":1,", "\"catalog\":1,\n\"version\":2,", "must follow"},
      {"\"version\":2", "\"version\":0", "out of range"},
      {"\"version\":2", "\"version\":2.0", "an integer was expected"},
      {"\"version\":2", "\"version\":\"1\"", "an integer was expected"},
      {"\"catalog\":1,\n", "", "\"catalog\" is missing"},
      {"\"catalog\":1", "\"catalog\":1,\"catalog\":1", "\"catalog\" appears twice"},
      {"\"created\":1795673400000", "\"created\":-1", "Line 3 of the file: this integer is out of range"},
      {"\"created\":1795673400000", "\"created\":9007199254740992", "out of range"},
      {"\"created\":1795673400000", "\"created\":99999999999999999999999", "out of range"},
      {"{\"id\":\"AZq0m3x0dXWxk3v1dQwLdg\",", "{", "an id is missing"},
      {"\"letter\":\"A\"", "\"letter\":\"A\",\"letter\":\"B\"", "\"letter\" appears twice"},
      {"\"AZq0m3x0dXWxk3v1dQwLdg\",\"name\"", "\"AZq0m3x0dXWxk3v1dQwLdh\",\"name\"", "an id is not valid"},
      {"\"AZq0m3x0dXWxk3v1dQwLdg\",\"name\"", "\"AZq0m3x0dXWxk3v1dQwLdg=\",\"name\"", "an id is not valid"},
      {"\"scope\":\"all\"", "\"scope\":\"mine\"", "the scope \"mine\" is not known here"},
      {"[\"AZq0m3x0dXWxk3v1dQwLdg\",\"AZq1B7Q0dXWxk3v1dQwLdg\"]", "[\"AZq1B7Q0dXWxk3v1dQwLdg\",\"AZq0m3x0dXWxk3v1dQwLdg\"]", "not in order"},
      {"[\"AZq0m3x0dXWxk3v1dQwLdg\",\"AZq1B7Q0dXWxk3v1dQwLdg\"]", "[\"AZq0m3x0dXWxk3v1dQwLdg\",\"AZq0m3x0dXWxk3v1dQwLdg\"]", "not in order"},
      {"[\"AZq0m3x0dXWxk3v1dQwLdg\",\"AZq1B7Q0dXWxk3v1dQwLdg\"]", "[\"AZq0m3x0dXWxk3v1dQwLdg\"]", "differ in number"},
      {"\"since\":[120,40]", "\"since\":[120]", "differ in number"},
      {"\"since\":[120,40]", "\"since\":[123,40]", "range of sequence numbers"},
      {"\"since\":[120,40]", "\"since\":[-1,40]", "out of range"},
      {"\"since\":[120,40]", "\"since\":[120,40,]", "an integer was expected"},
      {"\"have\":[122,40]", "\"have\":[122,1099511627776]", "out of range"},
      {"\"have\":[122,40]", "\"have\":[122,1099511627775]", "too many changes"},
      {"\"have\":[122,40]", "\"have\":[122,41]", "the count does not match"},
      {"AAAAAA\",null]", "AAAAAA\",\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"]", "chain values do not match"},
      {"\"BAAA", "\"BAA", "a chain value is not valid"},
      {"AAAA\",\"CAAA", "AAAB\",\"CAAA", "a chain value is not valid"},
      {"\"clock\":[1795670000000,", "\"clock\":[1795670052342,", "out of range"},
      {"\"count\":2", "\"count\":3", "the count does not match the ranges (3 instead of 2)"},
      {"\"certificate\":null", "\"certificate\":nul", "a value was expected"},
      {"\"certificate\":null,", "\"certificate\":null", "“,” was expected"},
  });
}

TEST_CASE("flaws of the changes") {
  check_refused({
      {"[52341,0,1,0,", "[-1,0,1,0,", "Line 18 of the file: this integer is out of range"},
      {"[52341,0,1,0,", "[52342,0,1,0,", "out of range"},
      {"[52341,0,1,0,", "[52341,-1,1,0,", "out of range"},
      {"[52341,0,1,0,", "[52341,2,1,0,", "does not belong to the action"},
      {"[52341,0,1,0,", "[52341,0,256,0,", "out of range"},
      {"[52341,0,1,0,", "[52341,0,1,1,", "out of range"},
      {"[52341,0,1,0,", "[52341,0,1,", "an integer was expected"},
      {"[52341,0,1,0,", "[52341,0,1,0,0,", "expected"},
      {"[52341,0,1,0,", "[052341,0,1,0,", "an integer was expected"},
      {"[52341,0,1,0,", "[52341,-0,1,0,", "an integer was expected"},
      {"[52341,0,1,0,", "[5e4,0,1,0,", "an integer was expected"},
      {"[52341,0,1,0,", "[+52341,0,1,0,", "an integer was expected"},
      {"[52341,0,1,0,", "[0x10,0,1,0,", "expected"},
      {"[52341,0,1,0,", "[NaN,0,1,0,", "an integer was expected"},
      {"[52341,0,1,0,", "[\x9D,0,1,0,", "0x9D"},
      {"[52341,0,1,0,", "[52341,0,1,0,,", "expected"},
      {"1,0,\"customer\"", "1,0,\"\"", "is not valid"},
      {"1,0,\"customer\"", "1,0,\"a; drop table\"", "is not valid"},
      {"1,0,\"customer\"", "1,0,null", "expected"},
      {"\"AZq0m3x0fXWxk3v1dQwLdg\"", "\"AZq0m3x0fXWxk3v1dQwL\"", "an id is not valid"},
      {"\"AZq0m3x0fXWxk3v1dQwLdg\"", "5", "expected"},
      {"{\"phone\":[\"13800001111\",0,57,1,12]}", "{}", "expected"},
      {"{\"phone\":[\"13800001111\",0,57,1,12]}", "null", "expected"},
      {"{\"phone\":[\"13800001111\",0,57,1,12]}", "{\"phone\":[\"13800001111\",0,57,1,12]},7", "expected"},
      {"{\"phone\":[\"13800001111\",0,57,1,12]}", "{\"phone\":true}", "an integer was expected"},
      {"{\"phone\":[\"13800001111\",0,57,1,12]}", "{\"phone\":1.5}", "an integer was expected"},
      {"{\"phone\":[\"13800001111\",0,57,1,12]}", "{\"phone\":9007199254740992}", "out of range"},
      {"{\"phone\":[\"13800001111\",0,57,1,12]}", "{\"phone\":1,\"phone\":2}", "repeated or out of order"},
      {"{\"phone\":[\"13800001111\",0,57,1,12]}", "{\"phone\":1,\"name\":2}", "repeated or out of order"},
      {"{\"phone\":[\"13800001111\",0,57,1,12]}", "{\"ph one\":1}", "is not valid"},
      {"{\"phone\":[\"13800001111\",0,57,1,12]}", "{\"~~\":1}", "is not valid"},
      {"\"13800001111\",0,57,1,12]", "\"13800001111\"]", "replaced versions are missing"},
      {"\"13800001111\",0,57,1,12]", "]", "expected"},
      {"\"13800001111\",0,57,1,12]", "\"13800001111\",0,57,1]", "expected"},
      {"\"13800001111\",0,57,1,12]", "\"13800001111\",0,122]", "out of range"},
      {"\"13800001111\",0,57,1,12]", "\"13800001111\",1,41]", "out of range"},
      {"\"13800001111\",0,57,1,12]", "\"13800001111\",2,1]", "out of range"},
      {"\"13800001111\",0,57,1,12]", "\"13800001111\",1,12,0,57]", "not in order"},
      {"\"13800001111\",0,57,1,12]", "\"13800001111\",0,57,0,57]", "not in order"},
      {"\"13800001111\",0,57,1,12]", "\"13800001111\",0,0]", "out of range"},
      {"{\"r\":\"AZq0m3x0cAAAk3v1dQwLdg\"}", "{\"x\":\"AZq0m3x0cAAAk3v1dQwLdg\"}", "unknown type"},
      {"{\"r\":\"AZq0m3x0cAAAk3v1dQwLdg\"}", "{\"r\":\"AZq0m3x0cAAAk3v1dQwLdg\",\"r\":1}", "expected"},
      {"{\"r\":\"AZq0m3x0cAAAk3v1dQwLdg\"}", "{\"r\":null}", "expected"},
      {",\n[52341,0,1,0,\"customer\",\"AZq0m3x0fXWxk3v1dQwLdg\",{\"phone\":[\"13800001111\",0,57,1,12]}]", "",
       "changes are missing: 2 are announced, 1 are there"},
      {"1,12]}]\n]", "1,12]}],\n[0,0,1,0,\"customer\",\"AZq0m3x0fXWxk3v1dQwLdg\",{\"phone\":1}]\n]", "more changes than the 2 announced"},
      {"1,12]}]\n]", "1,12]}],\n]", "more changes"},
  });
}

TEST_CASE("flaws of texts") {
  check_refused({
      {"博海餐饮", "\xFF", "not valid UTF-8"},
      {"博海餐饮", "\xC0\xAF", "not valid UTF-8"},
      {"博海餐饮", "\xED\xA0\x80", "not valid UTF-8"},
      {"博海餐饮", "\xF4\x90\x80\x80", "not valid UTF-8"},
      {"博海餐饮", "\xE5\x8D", "not valid UTF-8"},
      {"博海餐饮", "\\ud800", "lone surrogate"},
      {"博海餐饮", "\\udc00\\ud800", "lone surrogate"},
      {"博海餐饮", "\\ud800\\u0041", "lone surrogate"},
      {"博海餐饮", "\\u12G4", "invalid escape"},
      {"博海餐饮", "\\x41", "invalid escape"},
      {"博海餐饮", "\\", "was expected"},
      {"博海餐饮", "a\nb", "control character"},
      {"博海餐饮", std::string_view{"a\0b", 3}, "control character"},
  });
}

TEST_CASE("flaws of the trailer") {
  check_refused({
      {"\"signature\":null}", "\"signature\":null", "cut off"},
      {"\"signature\":null}\n", "\"signature\":null}\n{}", "more after the end"},
      {"\"signature\":null}\n", "\"signature\":null}\nx", "more after the end"},
      {",\n\"signature\":null", "", "expected"},
      {"\"signature\"", "\"another\"", "\"signature\" was expected"},
      {"\"signature\":null", "\"signature\":[}", "expected"},
  });
  std::string wrong = with_right_digest(std::string{valid});
  wrong.replace(wrong.find("1111"), 4, "2222");
  CHECK(refusal_of(wrong).find("the digest does not match") != std::string::npos);
}

// Modelled on the categories of Nicolas Seriot's JSON test suite: what must never be taken for JSON.
TEST_CASE("whatever is not JSON is not a bundle") {
  const std::string_view documents[] = {
      "", " ", "\n", "\xEF\xBB\xBF{}", "[", "{", "[]", "{}", "null", "true", "\"\"", "1", "{]", "[}", "{\"a\"", "{\"a\":", "{\"a\":1",
      "{\"a\":1,}", "{a:1}", "{'a':1}", "{\"a\" 1}", "{,}", "{\"a\"::1}", "// x\n{}", "/**/{}", "{\"format\"}", "\xFF\xFE{\0}\0",
      "{\"format\":\"kehubu-bundle\"", "{\"format\":\"kehubu-bundle\"}", "{\"format\":\"kehubu-bundle\",}", "\x1f\x8b\x08",
      "PK\x03\x04", "<html>", "SQLite format 3", "{\"format\":\"kehubu-bundle\",\"version\":2,\"x\":Infinity}"};
  for (const std::string_view document : documents) {
    CAPTURE(document);
    CHECK_FALSE(refusal_of(std::string{document}).empty());
  }
}

TEST_CASE("invalid JSON in a value that is passed over is refused all the same") {
  const std::string_view values[] = {
      "1.", ".5", "-", "01", "1e", "1e+", "-a", "+1", "0x1", "1a", "NaN", "-Infinity", "tru", "TRUE", "nulll", "[1,]", "[,1]", "[1 2]",
      "[1", "]", "{\"a\":}", "{\"a\":1,}", "{\"a\":1,\"a\":2}", "{1:2}", "{\"a\":1 \"b\":2}", "\"\\a\"", "\"\t\"", "\"", "'a'", "[[[[[[[[[1]]]]]]]]]",
      "\"\\u00\"", "\"\\uD834\"", "\"\xC3\"", "undefined", "", "1,,", "\\u0031", "\xEF\xBB\xBF" "1"};
  for (const std::string_view value : values) {
    CAPTURE(value);
    CHECK_FALSE(refusal_of(with("\"certificate\":null", "\"certificate\":" + std::string{value})).empty());
  }
  for (const std::string_view value : {"1.5e-3", "-0", "0", "5", "-7", "12", "2.25", "3E5", "4e+10", "[]", "{}", "[[1,\"\\uD834\\uDD1E\"],{\"a\":{\"b\":false}}]", "\"\\u0000\\/\""}) {
    CAPTURE(value);
    CHECK(refusal_of(with("\"certificate\":null", "\"certificate\":" + std::string{value})) == "");
  }
}
